/* test_similar.c - which texts are alike. */
#include "unit/test.h"

#include <stdio.h>

#include "app/similar.h"
#include "base/clock.h"
#include "unit/scratch.h"

enum { LIMIT = 1 << 22, NOW = 1772366400 /* 2026-03-01 12:00:00 */ };
enum { DAY = 86400, WEEK = 7 * DAY, YEAR = 365 * DAY };
enum { OWN = 1, OTHER = 2 };

static void texts_are_alike_but_for_case_blanks_and_spelling(void **state)
{
	static const struct {
		const char *a;
		const char *b;
		bool alike;
	} cases[] = {
		{ "Hello World", "hello world", true },
		{ "hello world", "  hello \t\r\n world\n", true },
		{ "hello\nworld", "hello world", true },
		{ "helloworld", "hello world", false },
		{ "caf\u00e9", "cafe\u0301", true },
		{ "caf\u00e9", "cafe", false },
		{ "\u212b", "\u00c5", true },
		{ "hello", "hello!", false },
		{ "hello 1", "hello 2", false },
		{ "@[`{", "@[`{", true },
		{ "[", "{", false },
		{ "@", "`", false },
		{ "a", "", false },
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool alike = strcmp(similar_hash(&a, cases[i].a),
				 similar_hash(&a, cases[i].b)) == 0;

		if (alike != cases[i].alike)
			fail_msg("%s / %s", cases[i].a, cases[i].b);
	}
}

static void the_longest_body_has_a_hash(void **state)
{
	enum { MOST = 65536 };
	SCOPED(arena) a = arena_make(LIMIT);
	char *text = arena_alloc(&a, MOST + 1);

	(void)state;
	/* each of these becomes three characters in normal form C */
	for (size_t i = 0; i + 3 <= MOST; i += 3)
		memcpy(text + i, "\u0958", 3);
	assert_int_equal(strlen(similar_hash(&a, text)), 32);
}

/* Puts tweet 1 with the text "same" there, made and (AGO >= 0) posted so many
 * seconds ago. */
static void add_tweet(struct app *app, int account, const char *status,
    int64_t made_ago, int64_t posted_ago)
{
	char sql[512], made[CLOCK_TEXT], posted[CLOCK_TEXT];

	clock_sql(NOW - made_ago, made);
	clock_sql(NOW - posted_ago, posted);
	snprintf(sql, sizeof(sql),
	    "DELETE FROM tweet; INSERT INTO tweet(id, twitter_account_id,"
	    " content, status, created_at, posted_at, text_hash)"
	    " VALUES (1, %d, 'same', '%s', '%s', nullif('%s', '%s'), '%s')",
	    account, status, made, posted, posted_ago < 0 ? posted : "",
	    similar_hash(app->arena, "same"));
	scratch_sql(&app->db, sql);
}

static void open_with_accounts(
    const struct scratch *s, struct arena *a, struct app *app)
{
	clock_set(NOW);
	scratch_app(s, a, app);
	scratch_sql(&app->db,
	    "INSERT INTO twitter_account(id, username, access_token)"
	    " VALUES (1, 'own', 'x'), (2, 'other', 'x')");
}

static void an_equal_text_counts_for_a_day_here_and_a_week_elsewhere(
    void **state)
{
	static const struct {
		int account;
		const char *status;
		int64_t made_ago, posted_ago; /* -1: not posted */
		const char *code;             /* NULL: nothing to warn of */
	} cases[] = {
		{ OWN, "posted", DAY, DAY, "duplicate_text" },
		{ OWN, "posted", DAY + 1, DAY + 1, NULL },
		{ OWN, "posted", DAY, -1, "duplicate_text" },
		{ OWN, "posted", YEAR, DAY, "duplicate_text" },
		{ OWN, "pending", YEAR, -1, "duplicate_text" },
		{ OWN, "failed", 0, -1, NULL },
		{ OTHER, "posted", WEEK, WEEK, "similar_text" },
		{ OTHER, "posted", WEEK + 1, WEEK + 1, NULL },
		{ OTHER, "posted", YEAR, WEEK, "similar_text" },
		{ OTHER, "pending", YEAR, -1, "similar_text" },
		{ OTHER, "failed", 0, -1, NULL },
	};
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	open_with_accounts(&s, &a, &app);
	for (size_t i = 0; i < COUNT(cases); i++) {
		cJSON *warnings = json_array();

		add_tweet(&app, cases[i].account, cases[i].status,
		    cases[i].made_ago, cases[i].posted_ago);
		assert_int_equal(
		    similar_check(&app, OWN, 0, " Same ", warnings), OK);
		if (cJSON_GetArraySize(warnings) != (cases[i].code != NULL))
			fail_msg("case %zu", i);
		if (cases[i].code)
			assert_string_equal(
			    json_text(warnings->child, "code"), cases[i].code);
	}
}

static void a_tweet_is_not_compared_with_itself_or_a_draft(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	open_with_accounts(&s, &a, &app);

	cJSON *warnings = json_array();

	add_tweet(&app, OWN, "pending", 0, -1);
	assert_int_equal(similar_check(&app, OWN, 1, "same", warnings), OK);
	scratch_sql(&app.db, "UPDATE tweet SET draft = 1");
	assert_int_equal(similar_check(&app, OWN, 0, "same", warnings), OK);
	assert_int_equal(cJSON_GetArraySize(warnings), 0);
}

static void the_settings_can_refuse_what_is_only_warned_of(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	open_with_accounts(&s, &a, &app);

	cJSON *warnings = json_array();

	app.config.similar_block = true;
	add_tweet(&app, OWN, "pending", 0, -1);
	assert_int_equal(
	    similar_check(&app, OWN, 0, "same", warnings), ERR_DUPLICATE_TEXT);
	assert_int_equal(
	    similar_check(&app, OTHER, 0, "same", warnings), ERR_SIMILAR_TEXT);
	assert_int_equal(similar_check(&app, OWN, 0, "other", warnings), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    texts_are_alike_but_for_case_blanks_and_spelling),
		cmocka_unit_test(the_longest_body_has_a_hash),
		cmocka_unit_test(
		    an_equal_text_counts_for_a_day_here_and_a_week_elsewhere),
		cmocka_unit_test(
		    a_tweet_is_not_compared_with_itself_or_a_draft),
		cmocka_unit_test(
		    the_settings_can_refuse_what_is_only_warned_of),
	};

	return RUN_TESTS(tests);
}
