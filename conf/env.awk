# env.awk - prints one setting of a .env file: awk -v name=PORT -f env.awk .env
#
# For conf/serve, which needs three of them before a program runs; the same
# rules as lib/base/env.c: comments, export, quotes, CRLF, the last one wins.

{
	sub(/\r$/, "")
	if (NR == 1)
		sub(/^\357\273\277/, "")
	sub(/^[ \t]*(export[ \t]+)?/, "")
	if (!match($0, "^" name "[ \t]*=[ \t]*"))
		next
	text = substr($0, RLENGTH + 1)
	quote = substr(text, 1, 1)
	if (quote == "\"" || quote == "'")
		value = quoted(substr(text, 2), quote)
	else
		value = bare(text)
}

END { print value }

function bare(s) {
	if (s ~ /^#/)
		return ""
	sub(/[ \t]#.*/, "", s)
	sub(/[ \t]+$/, "", s)
	return s
}

# "..." knows \" \\ \n \$; '...' knows nothing.
function quoted(s, end,   out, i, c, next_c) {
	out = ""
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		next_c = substr(s, i + 1, 1)
		if (c == end)
			break
		if (end == "\"" && c == "\\" && index("\"\\$n", next_c)) {
			c = next_c == "n" ? "\n" : next_c
			i++
		}
		out = out c
	}
	return out
}
