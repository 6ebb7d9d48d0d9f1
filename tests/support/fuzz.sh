#!/bin/sh
# fuzz.sh - runs fuzz targets of BUILD (build/fuzz) for FUZZ_SECONDS each: the
# named one, or all. What it learns is kept in BUILD/corpus, seeds come from
# tests/fuzz/seeds/NAME, and an input that breaks something stays in BUILD.
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build/fuzz}
number=0
failed=0

# shellcheck disable=SC2231 # the name may be a pattern: *
for program in "$BUILD"/tests/fuzz-${1:-*}; do
	name=${program##*/fuzz-}
	[ -x "$program" ] || {
		echo "there is no tests/fuzz/$name.c" >&2
		exit 1
	}
	mkdir -p "$BUILD/corpus/$name"
	seeds=tests/fuzz/seeds/$name
	[ -d "$seeds" ] || seeds=
	number=$((number + 1))
	# shellcheck disable=SC2086 # none, or one word
	if "$program" -max_total_time="${FUZZ_SECONDS:-20}" -timeout=10 \
	    -print_final_stats=1 -verbosity=0 -artifact_prefix="$BUILD/" \
	    "$BUILD/corpus/$name" $seeds; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		failed=1
	fi
done
exit $failed
