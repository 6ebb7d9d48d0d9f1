# bundle.awk - joins the dashboard's modules into a few files.
#
#     awk -v out=FOLDER -f conf/bundle.awk www/js/main.js
#     awk -f conf/bundle.awk www/css/base.css … >all.css
#
# A browser asks for each module by itself, with headers as long as a small
# module, and a build must need nothing but what every Debian has. What main.js
# imports becomes main.js; what is imported later, by import('…'), becomes files
# of its own, one for each set of views that share it. A module becomes a
# function that gives what it exports, so names stay apart. Only the forms that
# we write are known; others end it with a fault. Comments and indents go.

function stop(words) {
	printf "bundle.awk: %s\n", words >"/dev/stderr"
	failed = 1
	exit 1
}

function base(path) {
	sub(/.*\//, "", path)
	return path
}

# The path that a module at `from` means by `name`.
function resolve(from, name) {
	sub(/[^\/]*$/, "", from)
	sub(/^\.\//, "", name)
	while (sub(/^\.\.\//, "", name))
		sub(/[^\/]+\/$/, "", from)
	return from name
}

# Whether the line is inside, or is, a comment that stands by itself.
function comment(line, file) {
	if (!in_comment) {
		if (line ~ /^[ \t]*\/\//)
			return 1
		if (line !~ /^[ \t]*\/\*/)
			return 0
		in_comment = 1
	}
	if (line ~ /\*\//) {
		if (line !~ /\*\/[ \t]*$/)
			stop(file ": code after a comment: " line)
		in_comment = 0
	}
	return 1
}

# Keeps an "import { a, b as c } from './x.js';"; gives the module's path.
function import(file, line, name) {
	if (line !~ /^import \{[^{}*]*\} from '\.[^']*';$/)
		stop(file ": an import of another form: " line)
	name = line
	sub(/.* from '/, "", name)
	sub(/';$/, "", name)
	sub(/^import \{ */, "", line)
	sub(/,? *\} from .*/, "", line)
	gsub(/ as /, ": ", line)
	imports[file]++
	imported[file, imports[file]] = resolve(file, name)
	names[file, imports[file]] = line
	return imported[file, imports[file]]
}

# An export's line without that word; its name is kept.
function export(file, line, name) {
	if (line ~ /^export \{ [A-Za-z_]+ \} from '/) {
		name = line
		sub(/^export \{ /, "", name)
		sub(/ .*/, "", name)
		sub(/^export/, "import", line)
		line = import(file, line)
		names[file, imports[file]] = ""
		exports[file] = exports[file] "," name ":\001" line "\001." name
		return ""
	}
	sub(/^export /, "", line)
	if (line !~ /^((async )?function\*?|class|const) [A-Za-z_]+/)
		stop(file ": an export of another form: " line)
	name = line
	sub(/^((async )?function\*?|class|const) /, "", name)
	sub(/[^A-Za-z0-9_].*/, "", name)
	exports[file] = exports[file] "," name
	return line
}

# A line with each import('…') marked by the path that is meant.
function later(file, line, done, name) {
	done = ""
	while (match(line, /import\('[^']*'\)/)) {
		name = resolve(file, substr(line, RSTART + 8, RLENGTH - 10))
		entry(name)
		done = done substr(line, 1, RSTART - 1) "\001" name "\001"
		line = substr(line, RSTART + RLENGTH)
	}
	return done line
}

function load(file, line, whole, in_text, status) {
	in_comment = in_text = 0
	whole = ""
	while ((status = (getline line <file)) > 0) {
		if (!in_text && comment(line, file))
			continue
		if (line ~ /\$m[0-9]/)
			stop(file ": a name of ours: " line)
		if (whole != "" || line ~ /^import /) {
			sub(/^ +/, "", line)
			whole = whole (whole == "" ? "" : " ") line
			if (line ~ /;$/) {
				import(file, whole)
				whole = ""
			}
			continue
		}
		if (!in_text)
			sub(/^[ \t]+/, "", line)
		if (line ~ /^export /)
			line = export(file, line)
		line = later(file, line)
		# An open text in backquotes keeps its lines as they are.
		if (gsub(/`/, "`", line) % 2)
			in_text = !in_text
		if (line != "")
			body[file] = body[file] line "\n"
	}
	if (status < 0)
		stop(file " cannot be read")
	close(file)
}

# Reads a module after those that it imports.
function walk(file, i) {
	if (file in seen)
		return
	seen[file] = 1
	load(file)
	for (i = 1; i <= imports[file]; i++)
		walk(imported[file, i])
	order[++modules] = file
	number[file] = modules
}

function entry(file) {
	if (!(file in entered)) {
		entered[file] = ++entries
		entry_file[entries] = file
	}
}

# Notes for all that a module imports that entry number `e` needs it.
function mark(file, e, i) {
	if (index(needed[file], "," e ","))
		return
	needed[file] = needed[file] "," e ","
	for (i = 1; i <= imports[file]; i++)
		mark(imported[file, i], e)
}

# Notes which modules come with the page: those that it needs itself, and those
# so small for so many views that one more request would cost more. What such a
# one imports has been asked about before it, by the order.
function choose_first(i, j, file, need, views) {
	for (i = 1; i <= modules; i++) {
		file = order[i]
		need = needed[file]
		views = gsub(/,[0-9]+,/, "&", need)
		first[file] = index(need, ",1,") > 0 ||
		    (views > 1 && length(body[file]) < 1500 * (views - 1))
		for (j = 1; j <= imports[file]; j++)
			if (!first[imported[file, j]])
				first[file] = 0
	}
}

# The file that a module goes into, by the entries that need it.
function chunk_of(file, need, name) {
	need = needed[file]
	if (first[file])
		need = ",1,"
	if (!(need in chunk)) {
		name = base(file)
		while (name in taken)
			name = "_" name
		taken[name] = 1
		chunk[need] = name
		chunk_name[++chunks] = name
	}
	return chunk[need]
}

# What a chunk takes from a module: from another file, it is imported.
function take(into, file, from) {
	from = chunk_of(file)
	if (from == into || ((into, file) in takes))
		return
	takes[into, file] = 1
	shared[file] = 1
	list[into, from] = list[into, from] ",$m" number[file]
}

# The exports of a module, with what it only hands on.
function given_by(file, line) {
	line = exports[file]
	while (match(line, /\001[^\001]*\001/))
		line = substr(line, 1, RSTART - 1) "$m" \
		    number[substr(line, RSTART + 1, RLENGTH - 2)] \
		    substr(line, RSTART + RLENGTH)
	return substr(line, 2)
}

function module(file, into, i, line, text, parts) {
	text = "const $m" number[file] "=(()=>{\n"
	for (i = 1; i <= imports[file]; i++) {
		take(into, imported[file, i])
		if (names[file, i] != "")
			text = text "const{" names[file, i] "}=$m" \
			    number[imported[file, i]] ";\n"
	}
	line = body[file]
	while (match(line, /\001[^\001]*\001/)) {
		parts = substr(line, RSTART + 1, RLENGTH - 2)
		shared[parts] = 1
		line = substr(line, 1, RSTART - 1) "import('./" \
		    chunk_of(parts) "').then((_)=>_.$m" number[parts] ")" \
		    substr(line, RSTART + RLENGTH)
	}
	return text line "return{" given_by(file) "};\n})();\n"
}

function write_chunk(into, c, file) {
	file = out "/" into
	printf "" >file
	for (c = 1; c <= chunks; c++)
		if ((into, chunk_name[c]) in list)
			printf "import{%s}from'./%s';\n", \
			    substr(list[into, chunk_name[c]], 2), \
			    chunk_name[c] >file
	printf "%s", content[into] >file
	if (into in given)
		printf "export{%s};\n", substr(given[into], 2) >file
	close(file)
}

function write_chunks(i, into) {
	for (i = 1; i <= modules; i++) {
		into = chunk_of(order[i])
		content[into] = content[into] module(order[i], into)
	}
	for (i = 1; i <= modules; i++)
		if (order[i] in shared) {
			into = chunk_of(order[i])
			given[into] = given[into] ",$m" i
		}
	for (i = 1; i <= chunks; i++)
		write_chunk(chunk_name[i])
}

function style(file, line) {
	in_comment = 0
	while ((getline line <file) > 0) {
		if (comment(line, file))
			continue
		sub(/^[ \t]+/, "", line)
		if (line != "")
			print line
	}
}

BEGIN {
	if (ARGV[1] ~ /\.css$/) {
		for (a = 1; a < ARGC; a++)
			style(ARGV[a])
		exit
	}
	entry(ARGV[1])
	for (e = 1; e <= entries; e++)
		walk(entry_file[e])
	for (e = 1; e <= entries; e++)
		mark(entry_file[e], e)
	choose_first()
	chunk_of(entry_file[1])
	for (e = 2; e <= entries; e++)
		chunk_of(entry_file[e])
	write_chunks()
	exit failed
}
