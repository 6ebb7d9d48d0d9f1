# floors.awk - who may include whom: a file's own floor and the floors below.
#
# floors.awk FILE…  (*.c, *.h) complains and fails when a file reaches up, when
# rooms of one floor know each other, or when an outside library is met outside
# its folder.

BEGIN {
	floor["base"] = 0
	floor["crypto"] = floor["store"] = floor["net"] = floor["length"] = 1
	floor["x"] = 2
	floor["app"] = 3
	floor["publish"] = 4
	floor["watch"] = floor["web"] = 5
	floor["host"] = 6
	floor["cgi-bin"] = 7

	# header's first component -> the only places that may include it
	home["openssl"] = "^lib/crypto/"
	home["sqlite3.h"] = "^lib/store/"
	home["curl"] = "^lib/net/"
	home["utf8proc.h"] = "^lib/base/utf8\\.c$"
	home["cjson"] = "^lib/base/"
}

FNR == 1 {
	room = FILENAME
	sub(/^lib\//, "", room)
	sub(/\/.*/, "", room)
	free = FILENAME ~ /^tests\//
	if (!free && !(room in floor))
		complain("is on no floor")
}

!free && /^[ \t]*#[ \t]*include[ \t]*[<"]/ {
	header = $0
	sub(/^[^<"]*[<"]/, "", header)
	sub(/[>"].*/, "", header)
	first = header
	sub(/\/.*/, "", first)
	if ($0 ~ /</) {
		if ((first in home) && FILENAME !~ home[first])
			complain("may not include <" header ">")
	} else if (header !~ /\//) {
		if (room != "cgi-bin")
			complain("names no room in \"" header "\"")
	} else if (!(first in floor)) {
		complain("knows no room \"" first "\"")
	} else if (first != room && floor[first] >= floor[room]) {
		complain("may not include \"" header "\"")
	}
}

function complain(words) {
	print FILENAME ":" FNR ": " words >"/dev/stderr"
	bad = 1
}

END { exit bad }
