/* test_apikey.c - who may call: the settings' key and those of the table. */
#include "unit/test.h"

#include "app/apikey.h"
#include "app/scope.h"
#include "crypto/digest.h"
#include "unit/scratch.h"

enum { LIMIT = 1 << 24 };

static void add_key(struct app *app, const char *key)
{
	SCOPED(db_query) q = { 0 };

	assert_int_equal(db_prepare(&q, &app->db,
			     "INSERT INTO api_key(key_hash) VALUES($1)"),
	    OK);
	db_bind_text(&q, 1, digest_sha256_hex(app->arena, key));
	assert_int_equal(db_run(&q, NULL), OK);
}

static void the_key_of_the_settings_works_at_once(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	scratch_app(&s, &a, &app);
	assert_int_equal(apikey_check(&app, app.config.api_key), OK);
	assert_int_equal(app.key_id, 1);
	assert_int_equal(apikey_check(&app, app.config.api_key), OK);
	assert_int_equal(
	    scratch_number(&app.db, "SELECT count(*) FROM api_key"), 1);
	assert_int_equal(scratch_number(&app.db,
			     "SELECT count(*) FROM api_key WHERE key_hash"
			     " GLOB '*[^0-9a-f]*' OR length(key_hash) <> 64"),
	    0);
}

static void other_keys_are_refused(void **state)
{
	static const char *const keys[] = { NULL, "", "wrong",
		"the-key-of-the-setting", "the-key-of-the-settings ",
		"The-key-of-the-settings", "%", "' OR 1=1 --" };
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	scratch_app(&s, &a, &app);
	for (size_t i = 0; i < COUNT(keys); i++) {
		assert_int_equal(
		    apikey_check(&app, keys[i]), ERR_INVALID_API_KEY);
		assert_string_equal(app.fault.words, "Invalid API key");
		assert_int_equal(app.key_id, 0);
	}
}

static void a_hash_is_no_key(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	scratch_app(&s, &a, &app);
	assert_int_equal(
	    apikey_check(&app, digest_sha256_hex(&a, app.config.api_key)),
	    ERR_INVALID_API_KEY);
}

static void a_key_revoked_a_second_ago_is_refused(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	scratch_app(&s, &a, &app);
	add_key(&app, "another");
	assert_int_equal(apikey_check(&app, "another"), OK);
	scratch_sql(&app.db, "UPDATE api_key SET is_active = 0");
	assert_int_equal(apikey_check(&app, "another"), ERR_INVALID_API_KEY);
	assert_int_equal(
	    apikey_check(&app, app.config.api_key), ERR_INVALID_API_KEY);
	scratch_sql(&app.db, "UPDATE api_key SET is_active = NULL");
	assert_int_equal(apikey_check(&app, "another"), ERR_INVALID_API_KEY);
}

static void a_key_may_do_what_its_row_says(void **state)
{
	static const struct {
		const char *row; /* scopes, expires_at, revoked_at */
		enum err err;
		unsigned scopes;
	} cases[] = {
		{ "NULL, NULL, NULL", OK, SCOPE_ALL },
		{ "'read write', NULL, NULL", OK, SCOPE_READ | SCOPE_WRITE },
		{ "'tick', '2999-01-01 00:00:00', NULL", OK, SCOPE_TICK },
		{ "'', NULL, NULL", OK, 0 },
		{ "'reads ALL admin ', NULL, NULL", OK, SCOPE_ADMIN },
		{ "'read', '2020-01-01 00:00:00', NULL", ERR_INVALID_API_KEY,
		    0 },
		{ "'read', NULL, '2020-01-01 00:00:00'", ERR_INVALID_API_KEY,
		    0 },
	};
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	scratch_app(&s, &a, &app);
	add_key(&app, "another");
	for (size_t i = 0; i < COUNT(cases); i++) {
		scratch_sql(&app.db,
		    arena_printf(&a,
			"UPDATE api_key SET (scopes, expires_at, revoked_at)"
			" = (%s)",
			cases[i].row));
		assert_int_equal(apikey_check(&app, "another"), cases[i].err);
		assert_int_equal(app.key_scopes, cases[i].scopes);
	}
}

static void a_revoked_key_of_the_settings_stays_revoked(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	scratch_app(&s, &a, &app);

	const char *own = app.config.api_key;

	assert_int_equal(apikey_check(&app, own), OK);
	scratch_sql(&app.db,
	    "UPDATE api_key SET is_active = 0, revoked_at = '2026-01-01'");
	assert_int_equal(apikey_check(&app, own), ERR_INVALID_API_KEY);
	app.config.api_key = "second";
	assert_int_equal(apikey_check(&app, "second"), OK);
	app.config.api_key = own; /* and back */
	assert_int_equal(apikey_check(&app, own), ERR_INVALID_API_KEY);
}

static void a_new_key_in_the_settings_ends_the_one_before(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	scratch_app(&s, &a, &app);
	add_key(&app, "another");

	const char *first = app.config.api_key;

	assert_int_equal(apikey_check(&app, first), OK);
	app.config.api_key = "second";
	assert_int_equal(apikey_check(&app, first), ERR_INVALID_API_KEY);
	assert_int_equal(apikey_check(&app, "second"), OK);
	assert_int_equal(apikey_check(&app, "another"), OK);
	app.config.api_key = first; /* and back */
	assert_int_equal(apikey_check(&app, first), OK);
	assert_int_equal(apikey_check(&app, "second"), ERR_INVALID_API_KEY);
	app.config.api_key = "another"; /* one that is there already */
	assert_int_equal(apikey_check(&app, "another"), OK);
	assert_int_equal(apikey_check(&app, first), ERR_INVALID_API_KEY);
}

static void a_key_is_visible_ascii_without_commas(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
		{ "a", true },
		{ "!#$%&'*+-.^_`|~0Aa;=/\\\"", true },
		{ "", false },
		{ "a b", false },
		{ " a", false },
		{ "a\t", false },
		{ "one,two", false },
		{ "one, two", false },
		{ "a\x01", false },
		{ "a\x7F", false },
		{ "\xC3\xBC", false },
	};
	char text[513];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
		    apikey_plausible(str_of(cases[i].text)), cases[i].good);
	memset(text, 'x', sizeof(text));
	assert_true(apikey_plausible((struct str){ text, 512 }));
	assert_false(apikey_plausible((struct str){ text, 513 }));
	assert_false(apikey_plausible((struct str){ "a\0b", 3 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_key_of_the_settings_works_at_once),
		cmocka_unit_test(other_keys_are_refused),
		cmocka_unit_test(a_hash_is_no_key),
		cmocka_unit_test(a_key_revoked_a_second_ago_is_refused),
		cmocka_unit_test(a_key_may_do_what_its_row_says),
		cmocka_unit_test(a_revoked_key_of_the_settings_stays_revoked),
		cmocka_unit_test(a_new_key_in_the_settings_ends_the_one_before),
		cmocka_unit_test(a_key_is_visible_ascii_without_commas),
	};

	return RUN_TESTS(tests);
}
