/*
 * tag.c - ETag, If-None-Match and 304.
 *
 * A tag names what the reply depends on: the state of the database, the
 * request, the program. So it is known before any row is read, and is never
 * newer than the rows. Some replies change by time alone, when a tweet becomes
 * due, for example: the tag ends with the second until which the reply is valid
 * (app_valid_until).
 */
#include "web/tag.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/version.h"
#include "crypto/digest.h"
#include "web/idempotency_key.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"

enum { NAME_CHARS = 32 };

/* Another build may word the same reply differently. */
static void add_program(struct buf *out, struct arena *a)
{
	const char *own = env_program(a);
	struct stat st;

	buf_text(out, VERSION);
	if (own && stat(own, &st) == 0)
		buf_printf(out, " %jd %jd %jd", (intmax_t)st.st_ino,
		    (intmax_t)st.st_size, (intmax_t)st.st_mtim.tv_sec);
}

/* A name for all that the reply depends on, except time; NULL if the state of
 * the database is not known. */
static const char *name_of(struct call *c)
{
	struct buf all = buf_make(c->arena, (size_t)1024 * 1024);
	char state[DB_STATE];

	if (!db_state(&c->app->db, state))
		return NULL;
	buf_printf(&all, "%s\n%s %" PRId64 "\n", state, c->route->path, c->id);
	request_add_query(&all, c);
	buf_printf(&all, "\n%" PRId64 " %" PRId64 "\n", c->app->key_id,
	    c->app->config.tick_interval_minutes);
	add_program(&all, c->arena);

	char *name = digest_sha256_hex(c->arena, buf_cstr(&all));

	name[NAME_CHARS] = '\0';
	return name;
}

/* Takes one entity-tag off the list and gives its inside; p is NULL at the
 * end. */
static struct str take_tag(struct str *list)
{
	struct str none = { NULL, 0 };

	while (list->n && strchr(" \t,", list->p[0])) {
		list->p++;
		list->n--;
	}
	if (list->n >= 2 && list->p[0] == 'W' && list->p[1] == '/') {
		list->p += 2;
		list->n -= 2;
	}
	if (!list->n || list->p[0] != '"')
		return none;
	list->p++;
	list->n--;
	return str_cut(list, '"');
}

/* Whether the tag has that NAME and has not expired. Servers that compress
 * replies append a suffix such as "-gzip". */
static bool holds(struct str tag, const char *name)
{
	int64_t until = 0;

	if (tag.n < NAME_CHARS || memcmp(tag.p, name, NAME_CHARS) != 0)
		return false;
	tag.p += NAME_CHARS;
	tag.n -= NAME_CHARS;

	struct str rest = str_cut(&tag, '-');

	if (!rest.n)
		return true;
	return rest.p[0] == '.' &&
	       str_int64((struct str){ rest.p + 1, rest.n - 1 }, 1, INT64_MAX,
		   &until) &&
	       clock_now() < until;
}

/* The tag in the header that is still valid, unchanged. */
static struct str find_tag(const char *header, const char *name)
{
	struct str list = str_of(header);
	struct str tag = take_tag(&list);

	while (tag.p && !holds(tag, name))
		tag = take_tag(&list);
	return tag;
}

static void answer_same(struct call *c)
{
	c->response.status = 304;
	c->response.body = NULL;
	c->response.n = 0;
}

/* Gives the reply its tag, unless it is out of date already. */
static void add_tag(struct call *c, const char *name)
{
	int64_t until = c->app->valid_until;

	if (until && until <= clock_now())
		return;
	response_header(c, "ETag",
	    until ? arena_printf(c->arena, "W/\"%s.%" PRId64 "\"", name, until)
		  : arena_printf(c->arena, "W/\"%s\"", name));
}

enum err tag_run(struct call *c)
{
	const char *header = env_process("HTTP_IF_NONE_MATCH");
	const char *name = NULL;

	if (!(c->route->flags & ROUTE_TAGGED))
		return idempotency_key_run(c);
	name = name_of(c);

	struct str same =
	    name ? find_tag(header, name) : (struct str){ NULL, 0 };

	if (same.p) {
		response_header(c, "ETag",
		    arena_printf(c->arena, "W/\"%.*s\"", (int)same.n, same.p));
		answer_same(c);
		return OK;
	}
	TRY(idempotency_key_run(c));
	if (name && c->response.status == 200)
		add_tag(c, name);
	if (header && str_eq(str_trim(str_of(header)), "*"))
		answer_same(c);
	return OK;
}
