/*
 * tag.c - validators of replies.
 *
 * A tag is what the reply depends on and not what it says: the database's
 * state, the question, the program. So it is known before a row is read, and
 * one read before them is never newer than the rows. What a reply says of
 * time, such as that a tweet is due, changes with no row: the tag ends with
 * the second until which the reply holds (app_turns_at).
 */
#include "web/tag.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/version.h"
#include "crypto/digest.h"
#include "web/once.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"

enum { NAME_CHARS = 32 };

/* Another build may say the same in other words. */
static void add_program(struct buf *out, struct arena *a)
{
	const char *own = env_program(a);
	struct stat st;

	buf_text(out, VERSION);
	if (own && stat(own, &st) == 0)
		buf_printf(out, " %jd %jd %jd", (intmax_t)st.st_ino,
		    (intmax_t)st.st_size, (intmax_t)st.st_mtim.tv_sec);
}

/* All that the reply depends on but the time; NULL where it cannot be told. */
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

/* Takes one entity-tag off the list; its inside, or a NULL pointer. */
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

/* Whether the tag is of that NAME and has not run out. Servers that compress
 * put a word of theirs behind it ("-gzip"). */
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

/* The tag of those in the header that still holds, as it came. */
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

/* Gives the reply its tag; a reply that has turned already gets none. */
static void add_tag(struct call *c, const char *name)
{
	int64_t until = c->app->turns_at;

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
		return once_run(c);
	name = name_of(c);

	struct str same =
	    name ? find_tag(header, name) : (struct str){ NULL, 0 };

	if (same.p) {
		response_header(c, "ETag",
		    arena_printf(c->arena, "W/\"%.*s\"", (int)same.n, same.p));
		answer_same(c);
		return OK;
	}
	TRY(once_run(c));
	if (name && c->response.status == 200)
		add_tag(c, name);
	if (header && str_eq(str_trim(str_of(header)), "*"))
		answer_same(c);
	return OK;
}
