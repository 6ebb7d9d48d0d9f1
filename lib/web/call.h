/* call.h - one request with its parameters and its reply. */
#ifndef WEB_CALL_H
#define WEB_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/app.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

enum method {
	METHOD_GET,
	METHOD_HEAD,
	METHOD_POST,
	METHOD_PUT,
	METHOD_PATCH,
	METHOD_DELETE,
	METHOD_OPTIONS,
	METHOD_OTHER, /* a known method that no route has */
	METHOD_UNKNOWN
};

/* One parameter from the caller, checked and typed. */
struct arg {
	bool given;
	bool null; /* JSON's null; then `given` is false */
	int64_t number;
	const char *text;
	bool truth;
	const char **list; /* WORDS: ends with NULL */
	int64_t *ids;      /* IDS: ends with 0 */
};

struct request {
	enum method method;
	const char *method_name;
	const char *script_name; /* SCRIPT_NAME, "" when absent */
	const char *path_info;   /* PATH_INFO, "" when absent */
	const char *path;        /* both, with doubled slashes merged */
	const char *call;        /* the call's path in the API, for the log */
	const char *uri;         /* REQUEST_URI, "" when absent */
	const char *query;       /* unchanged, "" when absent */
	const char *content_type;
	bool chunked;
	bool length_given;
	bool length_bad; /* it is not a plain decimal number */
	int64_t length;
	int64_t unread; /* bytes of the body not yet read from stdin */
	bool wants_json;
	bool wants_html;
};

enum { RESPONSE_HEADERS = 12 };

struct response {
	int status;
	const char *content_type;
	struct {
		const char *name;
		const char *value;
	} headers[RESPONSE_HEADERS];
	size_t count;
	const char *body; /* NULL: none */
	size_t n;
};

struct route;

struct call {
	struct app *app;
	struct arena *arena;
	struct request request;
	const struct route *route;
	const cJSON *body; /* as sent; NULL: none */
	int64_t id;        /* the {id} of the path */
	struct arg *args;  /* in the order of the route's parameters */
	cJSON *faults;     /* errors in parameters; NULL: none */
	cJSON *extra;      /* members to add to an error; NULL: none */
	struct response response;
	int64_t account_id; /* for the log; 0: none */
	bool again;         /* an earlier copy of this request did not finish */
	int64_t started_ms;
};

#endif
