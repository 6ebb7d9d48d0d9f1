# owners.awk - who writes a tweet's state and attempts: one file each.
#
# owners.awk FILE…  (*.c) names each statement of SQL elsewhere that does.

BEGIN {
	states = "(^|[ ,])(status|code|reason|retry_at|late|twitter_id|draft) ="
}

FNR == 1 { inside = 0 }

FILENAME ~ /^tests\// { next }

/INSERT INTO attempt|UPDATE attempt/ && FILENAME != "lib/app/attempt.c" {
	print FILENAME ":" FNR ": " $0
}

/UPDATE tweet / && FILENAME != "lib/app/tweet_life.c" { inside = 1 }

inside && /"/ {
	set = $0
	sub(/WHERE .*/, "", set)
	if (set ~ states)
		print FILENAME ":" FNR ": " $0
}

/WHERE |;$/ { inside = 0 }
