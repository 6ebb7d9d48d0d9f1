/* timeline.c - whatever an account's timeline shows, a tweet of unknown outcome
 * is taken for a post exactly when that post has its text and is nobody's. */
#include "fuzz/store.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "publish/reconcile.h"
#include "x/x_timeline.h"

enum { UNKNOWN = 2, TEXTS = 3, NOW = 1772366400 /* 2026-03-01 12:00:00 */ };

/* Tweets 1 and 2 have no known end, 3 was posted. */
static const char rows[] =
    "INSERT INTO twitter_account(id, username, access_token)"
    " VALUES (1, 'a', 'x');"
    "INSERT INTO tweet(id, twitter_account_id, content, status, twitter_id)"
    " VALUES (1, 1, '', 'pending', NULL), (2, 1, '', 'pending', NULL),"
    " (3, 1, '', 'posted', '700');"
    "INSERT INTO attempt(id, tweet_id, sent_at, look_at)"
    " VALUES (1, 1, '2026-03-01 11:59:55', '2026-03-01 12:00:00'),"
    " (2, 2, '2026-03-01 11:50:00', '2026-03-01 12:00:00');";

static void store_text(struct app *app, int64_t id, const char *text)
{
	SCOPED(db_query) q = { 0 };

	assert(db_prepare(&q, &app->db,
		   "UPDATE tweet SET content = $2 WHERE id = $1") == OK);
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, text);
	assert(db_run(&q, NULL) == OK);
}

struct end {
	const char *status;
	const char *x_id; /* NULL: none */
};

static void read_end(struct app *app, int64_t id, struct end *end)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	assert(db_prepare(&q, &app->db,
		   "SELECT status, twitter_id FROM tweet WHERE id = $1") == OK);
	db_bind_int(&q, 1, id);
	assert(db_step(&q, &row) == OK && row);
	end->status = db_text(&q, 0);
	end->x_id = db_text(&q, 1);
}

static bool is_taken(const struct end *ends, const char *x_id)
{
	for (int i = 0; i < TEXTS; i++) {
		if (ends[i].x_id && strcmp(ends[i].x_id, x_id) == 0)
			return true;
	}
	return false;
}

/* Tweet I was found among the posts if it is posted now, else no post is left
 * that it could be. */
static void check_tweet(struct arena *a, const struct x_call *call,
    const char *text, const struct end *ends, int i)
{
	bool posted = strcmp(ends[i].status, "posted") == 0;
	bool listed = false;

	for (const struct x_post *p = call->posts; p; p = p->next) {
		if (!x_timeline_is(a, p, text))
			continue;
		if (posted && strcmp(p->id, ends[i].x_id) == 0)
			listed = true;
		assert(posted || is_taken(ends, p->id));
	}
	assert(posted == listed && posted == (ends[i].x_id != NULL));
}

static void check_compare(
    struct app *app, struct x_call *call, char **texts, bool complete)
{
	struct lane lane = { .account.id = 1, .call = call };
	struct end ends[TEXTS];
	int64_t settled = 0;

	assert(reconcile_compare(app, &lane, complete) == OK);
	for (int i = 0; i < TEXTS; i++)
		read_end(app, i + 1, &ends[i]);
	for (int i = 0; i < UNKNOWN; i++) {
		check_tweet(app->arena, call, texts[i], ends, i);
		settled += strcmp(ends[i].status, "pending") != 0;
		for (int j = 0; j < i; j++)
			assert(!ends[i].x_id || !ends[j].x_id ||
			       strcmp(ends[i].x_id, ends[j].x_id) != 0);
	}
	assert(strcmp(ends[UNKNOWN].x_id, "700") == 0);
	assert(lane.tally.settled == settled);
	/* tweet 2 was sent so long ago that this was the last check */
	assert(!complete || strcmp(ends[1].status, "pending") != 0);
}

/* X escapes three characters; a post is recognized, whether or not it did. */
static void check_listed(struct arena *a, const char *text)
{
	struct buf escaped = buf_make(a, FUZZ_MEMORY / 4);
	struct x_call call = { 0 };
	cJSON *json = json_object();
	cJSON *post = json_object();

	for (const char *p = text; *p; p++) {
		if (strchr("&<>", *p))
			buf_text(&escaped, *p == '&'   ? "&amp;"
					   : *p == '<' ? "&lt;"
						       : "&gt;");
		else
			buf_byte(&escaped, *p);
	}
	json_add_text(post, "id", "900");
	json_add_text(post, "text", buf_cstr(&escaped));
	json_push(json_add(json, "data", json_array()), post);
	assert(x_timeline_read(&call, json, a) && call.posts);
	assert(x_timeline_is(a, call.posts, text));
	cJSON_ReplaceItemInObjectCaseSensitive(
	    post, "text", cJSON_CreateString(text));
	assert(x_timeline_read(&call, json, a));
	assert(x_timeline_is(a, call.posts, text));
}

/* Visible ASCII in which nothing can be a link. */
static bool is_plain(const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p < ' ' || *p > '~' || *p == '.' || *p == ':')
			return false;
	}
	return true;
}

/* Text without links is another text when anything but its ends differs. */
static void check_plain(struct arena *a, const char *x, const char *y)
{
	struct str left = str_trim(str_of(x));
	struct str other = str_trim(str_of(y));

	if (!is_plain(x) || !is_plain(y))
		return;
	assert(x_timeline_same(a, x, y) ==
	       (left.n == other.n && memcmp(left.p, other.p, left.n) == 0));
}

static void run(struct app *app, char **texts, const cJSON *json, bool complete)
{
	SCOPED(db_tx) tx = { 0 };
	struct x_call call = { .kind = X_TIMELINE };

	for (int i = 0; i < TEXTS; i++) {
		if (!utf8_valid(texts[i], strlen(texts[i])))
			return;
		check_listed(app->arena, texts[i]);
		check_plain(app->arena, texts[0], texts[i]);
	}
	if (!json || !x_timeline_read(&call, json, app->arena))
		return;
	assert(db_begin(&tx, &app->db) == OK);
	for (int i = 0; i < TEXTS; i++)
		store_text(app, i + 1, texts[i]);
	check_compare(app, &call, texts, complete);
}

/* The first byte says whether this is all of the timeline; then come three
 * lines, the tweets' texts, and X's answer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena kept;
	static struct app app;
	SCOPED(arena) a = arena_make(FUZZ_MEMORY);
	char *texts[TEXTS];
	const char *why = NULL;

	if (!app.db.handle) {
		kept = arena_make(FUZZ_MEMORY);
		json_arena(&kept);
		clock_set(NOW);
		store_open(&app, &kept);
		store_run(&app, rows);
	}
	json_arena(&a);
	app.arena = app.db.arena = &a;
	if (!size)
		return 0;

	char *text = arena_copy(&a, (const char *)data + 1, size - 1);
	const char *end = text + size - 1;

	for (int i = 0; i < TEXTS; i++) {
		texts[i] = text;
		text = memchr(text, '\n', (size_t)(end - text));
		if (!text)
			return 0;
		*text++ = '\0';
	}
	run(&app, texts, json_parse(text, (size_t)(end - text), &why),
	    data[0] % 2);
	return 0;
}
