/* test_confine.c - keys confined to accounts: what a row says, and who sees
 * what. */
#include "unit/test.h"

#include "app/confine.h"
#include "app/tally.h"
#include "app/tweet_list.h"
#include "unit/scratch.h"

enum { LIMIT = 1 << 24 };

static void a_row_is_read_as_ids_in_order_each_once(void **state)
{
	static const struct {
		const char *text;
		const char *json;
	} cases[] = {
		{ "[1]", "[1]" },
		{ "[3,1,2]", "[1,2,3]" },
		{ "[ 2 , 1, 2 ]", "[1,2]" },
		{ "7,5", "[5,7]" },
		{ "[9223372036854775807,1]", "[1,9223372036854775807]" },
		{ "[9223372036854775808,1]", "[1]" },
		{ "", "[]" },
		{ "[]", "[]" },
		{ "[", "[]" },
		{ "]", "[]" },
		{ "[]]", "[]" },
		{ "null", "[]" },
		{ "[0]", "[]" },
		{ "[-1]", "[]" },
		{ "[1.5]", "[]" },
		{ "[[1]]", "[]" },
		{ "{\"1\":2}", "[]" },
		{ ",,,", "[]" },
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	assert_null(confine_read(&a, NULL));
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct confine *c = confine_read(&a, cases[i].text);

		assert_non_null(c);
		assert_string_equal(c->json, cases[i].json);
	}
}

static void a_key_sees_its_own_accounts(void **state)
{
	static const int64_t own[] = { 9, 4, 6, 0 };
	SCOPED(arena) a = arena_make(LIMIT);
	struct app app = { .arena = &a };

	(void)state;
	for (int64_t id = 0; id < 12; id++)
		assert_true(confine_sees(&app, id));
	app.key_accounts = confine_make(&a, own);
	for (int64_t id = 0; id < 12; id++)
		assert_int_equal(
		    confine_sees(&app, id), id == 4 || id == 6 || id == 9);
	app.key_accounts = confine_read(&a, "");
	for (int64_t id = 0; id < 12; id++)
		assert_false(confine_sees(&app, id));
}

static void a_call_is_about_what_was_asked_and_is_seen(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct app app = { .arena = &a };
	struct confine of = confine_of(&app, 0);

	(void)state;
	assert_int_equal(of.count, 1);
	assert_int_equal(of.ids[0], 0);
	of = confine_of(&app, 7);
	assert_int_equal(of.count, 1);
	assert_int_equal(of.ids[0], 7);
	app.key_accounts = confine_read(&a, "[5,7]");
	of = confine_of(&app, 0);
	assert_int_equal(of.count, 2);
	assert_string_equal(of.json, "[5,7]");
	of = confine_of(&app, 7);
	assert_int_equal(of.count, 1);
	assert_int_equal(of.ids[0], 7);
	assert_int_equal(confine_of(&app, 6).count, 0);
	app.key_accounts = confine_read(&a, "[]");
	assert_int_equal(confine_of(&app, 0).count, 0);
	assert_int_equal(confine_of(&app, 7).count, 0);
}

/* Accounts 1 to 6 with 400 tweets each, in turns, posted but for every fourth;
 * and one more with the newest tweets of all. */
static void fill(struct db *db)
{
	scratch_sql(db,
	    "INSERT INTO twitter_account(id, username, access_token)"
	    " WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 7)"
	    " SELECT i, 'a' || i, 'x' FROM n");
	scratch_sql(db,
	    "INSERT INTO tweet(twitter_account_id, content, status)"
	    " WITH n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 2400)"
	    " SELECT i % 6 + 1, 'text', iif(i / 6 % 4, 'posted', 'failed')"
	    " FROM n");
	scratch_sql(db,
	    "INSERT INTO tweet(twitter_account_id, content, status)"
	    " WITH n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 9000)"
	    " SELECT 7, 'text', 'posted' FROM n");
}

static void check_page(struct app *app, const struct tweet_filter *filter)
{
	static const char *const sql[] = {
		"SELECT id FROM tweet WHERE twitter_account_id IN"
		" (SELECT value FROM json_each($1))"
		" AND ($2 IS NULL OR status = $2)"
		" ORDER BY id DESC LIMIT $3 OFFSET $4",
		"SELECT id FROM tweet WHERE twitter_account_id IN"
		" (SELECT value FROM json_each($1))"
		" AND ($2 IS NULL OR status = $2)"
		" ORDER BY id LIMIT $3 OFFSET $4",
	};
	SCOPED(db_query) q = { 0 };
	const cJSON *tweet;
	cJSON *json = NULL;
	bool row = false;

	assert_int_equal(tweet_list(app, filter, &json), OK);
	assert_int_equal(
	    db_prepare_text(&q, &app->db, sql[filter->sort == TWEET_OLDEST]),
	    OK);
	db_bind_text(&q, 1, confine_json(app));
	db_bind_text(&q, 2, filter->status);
	db_bind_int(&q, 3, filter->limit);
	db_bind_int(&q, 4, (filter->page - 1) * filter->limit);
	cJSON_ArrayForEach (tweet, json_get(json, "tweets")) {
		assert_int_equal(db_step(&q, &row), OK);
		assert_true(row);
		assert_string_equal(
		    json_get(tweet, "id")->valuestring, db_peek(&q, 0));
	}
	assert_int_equal(db_step(&q, &row), OK);
	assert_false(row);
}

static void pages_of_several_accounts_are_whole_and_in_order(void **state)
{
	static const char *const keys[] = { "[2]", "[2,5]", "[1,2,3,4,5,6]",
		"[3,99]", "[98,99]", "[]", "[1,7]" };
	static const char *const statuses[] = { NULL, "posted", "failed",
		"pending" };
	static const int64_t pages[] = { 1, 2, 7, 16, 24, 90 };
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make((size_t)8 * LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	scratch_app(&s, &a, &app);
	fill(&app.db);
	for (size_t i = 0; i < COUNT(keys) * COUNT(statuses); i++) {
		app.key_accounts = confine_read(&a, keys[i % COUNT(keys)]);
		for (size_t j = 0; j < 2 * COUNT(pages); j++) {
			const struct tweet_filter filter = {
				.status = statuses[i / COUNT(keys)],
				.sort = j % 2 ? TWEET_OLDEST : TWEET_NEWEST,
				.from = INT64_MIN,
				.to = INT64_MAX,
				.page = pages[j / 2],
				.limit = TWEET_PAGE,
			};

			check_page(&app, &filter);
		}
	}
}

static void counts_are_those_of_the_accounts(void **state)
{
	static const struct tally_filter any = { 0 };
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };
	struct tally t;

	(void)state;
	scratch_app(&s, &a, &app);
	fill(&app.db);
	assert_int_equal(tally_read_seen(&app, &t), OK);
	assert_int_equal(tally_sum(&t, &any), 11400);
	app.key_accounts = confine_read(&a, "[2,5]");
	assert_int_equal(tally_read_seen(&app, &t), OK);
	assert_int_equal(tally_sum(&t, &any), 800);
	app.key_accounts = confine_read(&a, "[]");
	assert_int_equal(tally_read_seen(&app, &t), OK);
	assert_int_equal(tally_sum(&t, &any), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_is_read_as_ids_in_order_each_once),
		cmocka_unit_test(a_key_sees_its_own_accounts),
		cmocka_unit_test(a_call_is_about_what_was_asked_and_is_seen),
		cmocka_unit_test(
		    pages_of_several_accounts_are_whole_and_in_order),
		cmocka_unit_test(counts_are_those_of_the_accounts),
	};

	return RUN_TESTS(tests);
}
