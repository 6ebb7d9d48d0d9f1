#!/bin/sh
# configure.sh - tries what this compiler and machine know, as lines for make.
#
# configure.sh CC COMPILER-FLAGS LINKER-FLAGS [static] prints variables: the
# flags that work, and how each library is linked; for static programs
# conf/make-libraries says the latter. SQLite, libcrypto and libutf8proc are
# taken from their archives where there are any: a CGI program that starts with
# fewer shared libraries starts several times faster.
set -eu
cc=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
echo 'int main(void) { return 0; }' >"$dir/try.c"

links() {
	$cc "$@" "$dir/try.c" -o "$dir/try" >/dev/null 2>&1
}

known() {
	for flag in $2; do
		# shellcheck disable=SC2086 # some flags come with another
		if links -Werror $1 "$flag"; then printf ' %s' "$flag"; fi
	done
}

if ! links; then
	echo "$cc cannot build a program; 'make deps' installs gcc" >&2
	exit 1
fi
if [ "${4:-}" = static ]; then
	cat <<-END
		# Made by tests/support/configure.sh.
		config_cflags = $(known '-c' "$2") \$(static_cflags)
		config_ldflags :=$(known '-fPIE' "$3")
	END
	exit
fi
for module in sqlite3 libcrypto libutf8proc libcjson libcurl; do
	if ! pkg-config --exists "$module"; then
		echo "pkg-config knows no $module; 'make deps' installs it" >&2
		exit 1
	fi
done

# archive MODULE: its -l options, from the archive if the linker finds one.
archive() {
	libs=$(pkg-config --libs "$1")
	# shellcheck disable=SC2086 # words
	if links -Wl,-Bstatic $libs -Wl,-Bdynamic; then
		echo "-Wl,-Bstatic $libs -Wl,-Bdynamic"
	else
		echo "$1 has no archive here and is linked shared" >&2
		echo "$libs"
	fi
}

# version NAME MODULE: as conf/make-libraries names it.
version() {
	echo "$1=$(pkg-config --modversion "$2")"
}

cat <<END
# Made by tests/support/configure.sh.
LIBRARIES := $(version cjson libcjson) $(version curl libcurl) \
    $(version openssl libcrypto) $(version sqlite3 sqlite3) \
    $(version utf8proc libutf8proc)
config_cflags = $(known '-c' "$2") $(pkg-config --cflags \
    sqlite3 libcrypto libcjson libcurl)
config_ldflags :=$(known '-fPIE' "$3")
static_libs := $(archive sqlite3) $(archive libutf8proc)
static_crypto := $(archive libcrypto)
x_libs := $(pkg-config --libs libcrypto) -lcurl
shared_libs := $(pkg-config --libs libcjson) -lm -ldl -lpthread
END
