/*
 * account_list.c - lists accounts by filter, all of them or a page at a time.
 *
 * There are only as many accounts as people have linked, so a page may read and
 * sort all of them, unlike tweets.
 */
#include "app/account_list.h"

#include "app/account.h"

const char *const account_sorts[] = { "-id", "id", "username", "-username",
	"status", "-status", NULL };

#define NAME "lower(username)"

/* $1 is a status, $2 a part of a name. */
#define FITS                                                   \
	" WHERE ($1 IS NULL OR $1 = " ACCOUNT_KNOWN_STATUS ")" \
	" AND ($2 IS NULL OR instr(" NAME ", lower($2)) > 0)"

/* $3 and $4 are the cursor's value and id, $5 is the limit. */
#define LIST(value)                                  \
	"SELECT id, username, " ACCOUNT_KNOWN_STATUS \
	", created_at, mock, " value " FROM twitter_account" FITS
#define UP(value)                                               \
	LIST(value)                                             \
	" AND ($4 IS NULL OR " value " > $3 OR (" value " = $3" \
	" AND id > $4)) ORDER BY " value ", id LIMIT $5"
#define DOWN(value)                                             \
	LIST(value)                                             \
	" AND ($4 IS NULL OR " value " < $3 OR (" value " = $3" \
	" AND id < $4)) ORDER BY " value " DESC, id DESC LIMIT $5"

static const char *const lists[ACCOUNT_SORTS] = {
	[ACCOUNT_NEWEST] = LIST("''") " AND ($4 IS NULL OR id < $4)"
				      " ORDER BY id DESC LIMIT $5",
	[ACCOUNT_OLDEST] = LIST("''") " AND ($4 IS NULL OR id > $4)"
				      " ORDER BY id LIMIT $5",
	[ACCOUNT_NAME] = UP(NAME),
	[ACCOUNT_NAME_LAST] = DOWN(NAME),
	[ACCOUNT_STATUS] = UP(ACCOUNT_KNOWN_STATUS),
	[ACCOUNT_STATUS_LAST] = DOWN(ACCOUNT_KNOWN_STATUS),
};

bool account_sort_valued(enum account_sort sort)
{
	return sort >= ACCOUNT_NAME;
}

static void bind_filter(struct db_query *q, const struct account_filter *f)
{
	const char *text = f->text;

	if (text && text[0] == '@' && text[1])
		text++;
	db_bind_text(q, 1, f->status);
	db_bind_text(q, 2, text);
}

static enum err count(
    struct app *app, const struct account_filter *f, int64_t *n)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(
	    &q, &app->db, "SELECT count(*) FROM twitter_account" FITS));
	bind_filter(&q, f);
	TRY(db_step(&q, &row));
	*n = db_int(&q, 0);
	return OK;
}

/* Reads a page, and one row more to see whether there is a next page. */
static enum err read_page(struct app *app, const struct account_filter *f,
    cJSON *accounts, const char **next)
{
	SCOPED(db_query) q = { 0 };
	struct cursor last = { 0 };
	bool valued = account_sort_valued(f->sort);
	bool row = false;

	TRY(db_prepare_text(&q, &app->db, lists[f->sort]));
	bind_filter(&q, f);
	if (f->cursor.id)
		db_bind_int(&q, 4, f->cursor.id);
	if (valued)
		db_bind_text(&q, 3, f->cursor.value);
	db_bind_int(&q, 5, f->limit ? f->limit + 1 : INT64_MAX);
	TRY(db_step(&q, &row));
	for (int64_t n = 1; row && (!f->limit || n <= f->limit); n++) {
		if (n == f->limit) {
			last.id = db_int(&q, 0);
			last.value = valued ? db_text(&q, 5) : NULL;
		}
		json_push(accounts, account_brief(&q));
		TRY(db_step(&q, &row));
	}
	if (row)
		*next = cursor_text(app->arena, account_sorts[f->sort], &last);
	return OK;
}

enum err account_list(
    struct app *app, const struct account_filter *filter, cJSON **out)
{
	cJSON *accounts = json_array();
	const char *next = NULL;
	int64_t total = 0;

	TRY(read_page(app, filter, accounts, &next));
	if (filter->limit || filter->cursor.id)
		TRY(count(app, filter, &total));
	else
		total = cJSON_GetArraySize(accounts);
	*out = json_object();
	json_add(*out, "accounts", accounts);
	json_add_int(*out, "total", total);
	json_add_text(*out, "next_cursor", next);
	return OK;
}
