#!/bin/sh
# shell-request.sh - runs the program of a URL as a web server would, under gdb.
#
#     shell-request.sh URL [METHOD [BODY-FILE]]
#
# Which program that is, conf/lighttpd.conf tells. The key is the environment's
# API_KEY or .env's. GDB_ARGS="-batch -ex run -ex bt" asks nothing.
set -eu
cd "$(dirname "$0")/../.."
BUILD=${BUILD:-build/plain}
url=${1:?usage: make shell-request U=/api/v1/tweets}
method=${2:-GET}
body=${3:-/dev/null}

path=${url%%\?*}
query=${url#"$path"}
# "/path" => … "/cgi-bin/program", in the order in which lighttpd looks
pair=$(sed -n 's|.*( "\(/[^"]*\)" => .*/cgi-bin/\([^"]*\)".*|\1 \2|p' \
    conf/lighttpd.conf | while read -r prefix program; do
	case $path in
	"$prefix" | "$prefix"/*)
		echo "$prefix $program"
		break
		;;
	esac
done)
[ -n "$pair" ] || {
	echo "no program answers $path" >&2
	exit 1
}
script=${pair% *}
key=${API_KEY:-$(awk -v name=API_KEY -f conf/env.awk .env 2>/dev/null || true)}

# shellcheck disable=SC2086 # words
exec env -i PATH="$PATH" HOME="${HOME-/}" TERM="${TERM-dumb}" \
    TWITTER_MANAGER_ENV="${TWITTER_MANAGER_ENV:-$PWD/.env}" \
    GATEWAY_INTERFACE=CGI/1.1 SERVER_PROTOCOL=HTTP/1.1 \
    SERVER_NAME=localhost SERVER_PORT=80 REMOTE_ADDR=127.0.0.1 \
    REQUEST_METHOD="$method" REQUEST_URI="$url" SCRIPT_NAME="$script" \
    PATH_INFO="${path#"$script"}" QUERY_STRING="${query#\?}" \
    CONTENT_LENGTH="$(wc -c <"$body" | tr -d ' ')" \
    CONTENT_TYPE=application/json HTTP_X_API_KEY="$key" \
    gdb -q -ex "set args <$body" ${GDB_ARGS-} "$BUILD/cgi-bin/${pair#* }"
