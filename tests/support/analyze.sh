#!/bin/sh
# analyze.sh - asks the analysers what they think of our programs, as TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
paths='-D_DEFAULT_SOURCE -Ilib -DARENA_CHUNK=16384'
flags="-std=c17 $paths"
sources=$(ls lib/*/*.c cgi-bin/*.c cgi-bin/*/*.c 2>/dev/null)
jobs=$(nproc 2>/dev/null || echo 2)
number=0
failed=0

# ask NAME COMMAND…: fine when the command succeeds; skipped without it.
ask() {
	name=$1
	shift
	number=$((number + 1))
	if ! command -v "${name%% *}" >/dev/null; then
		echo "ok $number - $name # SKIP it is not installed"
	elif "$@" >"$tmp/out" 2>&1; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		grep -v 'warnings generated\.$' "$tmp/out" | sed 's/^/# /'
		failed=1
	fi
}

# each COMMAND: for each source in place of {}, as many at a time as can be.
each='xargs -P '$jobs' -I {} -a '$tmp/sources
printf '%s\n' "$sources" >"$tmp/sources"

# cppcheck: readdir is good in a process without threads; file_open_append
# opens again only what could not be opened; and it does not read cJSON.h.
# shellcheck disable=SC2086 # words
{
	ask 'gcc -fanalyzer' make --no-print-directory -j"$jobs" CC=gcc \
	    BUILD=build/analyze WERROR=1 objects
	ask 'clang --analyze' $each clang --analyze $flags \
	    -Xclang -analyzer-output=text -Xclang -analyzer-werror {}
	ask 'clang-tidy' $each clang-tidy --quiet {} -- $flags
	ask 'cppcheck' cppcheck -q -j "$jobs" --std=c11 --error-exitcode=1 \
	    --enable=warning,portability,performance --inline-suppr \
	    --suppress=missingIncludeSystem --library=posix \
	    --suppress=readdirCalled --suppress=resourceLeak:lib/base/file.c \
	    --suppress=unknownMacro $paths $sources
}
echo "1..$number"
exit $failed
