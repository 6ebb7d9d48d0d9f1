/* confine.c - keys confined to accounts: for such a caller, all other accounts
 * and their tweets are as if they did not exist. */
#include "app/confine.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

enum { DIGITS_MAX = 20 };

static int ascending(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static const char *array_text(struct arena *a, const int64_t *ids, size_t count)
{
	struct buf text = buf_make(a, (DIGITS_MAX + 1) * count + 3);

	buf_byte(&text, '[');
	for (size_t i = 0; i < count; i++)
		buf_printf(&text, "%s%" PRId64, i ? "," : "", ids[i]);
	buf_byte(&text, ']');
	return buf_cstr(&text);
}

const struct confine *confine_make(struct arena *a, const int64_t *ids)
{
	struct confine *confine = arena_new(a, struct confine);
	size_t n = 0, count = 0;

	while (ids[n])
		n++;

	int64_t *sorted = arena_array(a, n + 1, sizeof(*sorted));

	memcpy(sorted, ids, n * sizeof(*ids));
	qsort(sorted, n, sizeof(*sorted), ascending);
	for (size_t i = 0; i < n; i++) {
		if (!count || sorted[count - 1] != sorted[i])
			sorted[count++] = sorted[i];
	}
	*confine =
	    (struct confine){ sorted, count, array_text(a, sorted, count) };
	return confine;
}

const struct confine *confine_read(struct arena *a, const char *text)
{
	struct str rest = str_trim(str_of(text));
	int64_t *ids;
	size_t n = 0;

	if (!text)
		return NULL;
	if (rest.n >= 2 && rest.p[0] == '[' && rest.p[rest.n - 1] == ']')
		rest = (struct str){ rest.p + 1, rest.n - 2 };
	ids = arena_array(a, rest.n / 2 + 2, sizeof(*ids));
	while (rest.p) {
		struct str id = str_trim(str_cut(&rest, ','));

		n += str_int64(id, 1, INT64_MAX, &ids[n]);
	}
	ids[n] = 0;
	return confine_make(a, ids);
}

bool confine_sees(const struct app *app, int64_t account)
{
	const struct confine *own = app->key_accounts;

	return !own || bsearch(&account, own->ids, own->count,
			   sizeof(*own->ids), ascending) != NULL;
}

const char *confine_json(const struct app *app)
{
	return app->key_accounts ? app->key_accounts->json : NULL;
}

struct confine confine_of(const struct app *app, int64_t account)
{
	static const int64_t none[1] = { 0 };
	int64_t *one;

	if (!account)
		return app->key_accounts ? *app->key_accounts
					 : (struct confine){ none, 1, NULL };
	if (!confine_sees(app, account))
		return (struct confine){ none, 0, NULL };
	one = arena_array(app->arena, 1, sizeof(*one));
	*one = account;
	return (struct confine){ one, 1, NULL };
}

enum err confine_tweet(struct app *app, int64_t tweet)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	if (!app->key_accounts)
		return OK;
	TRY(db_prepare(&q, &app->db,
	    "SELECT twitter_account_id FROM tweet WHERE id = $1"));
	db_bind_int(&q, 1, tweet);
	TRY(db_step(&q, &row));
	if (row && confine_sees(app, db_int(&q, 0)))
		return OK;
	return fail_with(app, ERR_TWEET_NOT_FOUND);
}
