/* test_config.c - settings as they are understood, and .env.example, which
 * must say the same. */
#include "unit/test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/config.h"
#include "base/buf.h"
#include "base/str.h"
#include "unit/scratch.h"

enum { LIMIT = 1 << 24 };

static int forget_environment(void **state)
{
	(void)state;
	for (size_t i = 0; config_name(i); i++)
		unsetenv(config_name(i));
	unsetenv("TWITTER_MANAGER_ENV");
	return 0;
}

/* Loads the settings with TEXT as the .env of a folder. */
static enum err load(struct scratch *s, struct arena *a, const char *text,
    struct config *config, struct fault *f)
{
	const char *path = scratch_path(s, a, ".env");

	scratch_write(path, text);
	setenv("TWITTER_MANAGER_ENV", path, 1);
	return config_load(config, a, f);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void same_settings(const struct config *a, const struct config *b)
{
	assert_true(same_text(a->api_key, b->api_key));
	assert_true(same_text(a->encryption_key, b->encryption_key));
	assert_true(same_text(a->client_id, b->client_id));
	assert_true(same_text(a->client_secret, b->client_secret));
	assert_string_equal(a->callback_url, b->callback_url);
	assert_string_equal(a->api_url, b->api_url);
	assert_string_equal(a->authorize_url, b->authorize_url);
	assert_string_equal(a->host, b->host);
	assert_int_equal(a->port, b->port);
	assert_string_equal(a->instance_dir, b->instance_dir);
	assert_int_equal(a->mock_mode, b->mock_mode);
	assert_int_equal(a->log_retention_days, b->log_retention_days);
	assert_int_equal(a->publish_concurrency, b->publish_concurrency);
	assert_true(same_text(a->ca_file, b->ca_file));
	assert_true(same_text(a->proxy_url, b->proxy_url));
}

/* The NAME of "NAME=value" or "#NAME=value"; empty for other lines. */
static struct str setting_in(struct str line)
{
	struct str value = line;
	struct str name = str_cut(&value, '=');

	if (name.n && name.p[0] == '#')
		name = (struct str){ name.p + 1, name.n - 1 };
	for (size_t i = 0; i < name.n; i++) {
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", name.p[i]))
			return (struct str){ 0 };
	}
	return value.p ? name : (struct str){ 0 };
}

static void the_example_names_every_setting_in_order(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct str rest = str_of(scratch_read(&a, ".env.example"));
	size_t count = 0;

	(void)state;
	assert_non_null(rest.p);
	while (rest.p) {
		struct str name = setting_in(str_cut(&rest, '\n'));

		if (!name.n)
			continue;
		assert_non_null(config_name(count));
		if (!str_eq(name, config_name(count)))
			fail_msg("%.*s, wanted %s", (int)name.n, name.p,
			    config_name(count));
		count++;
	}
	assert_null(config_name(count));
}

/* .env.example with every setting in it switched on. */
static const char *example_spelt_out(struct arena *a)
{
	struct str rest = str_of(scratch_read(a, ".env.example"));
	struct buf out = buf_make(a, 65536);

	while (rest.p) {
		struct str line = str_cut(&rest, '\n');
		size_t skip = setting_in(line).n && line.p[0] == '#';

		buf_add(&out, line.p + skip, line.n - skip);
		buf_byte(&out, '\n');
	}
	return buf_cstr(&out);
}

static void the_example_shows_the_defaults(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	struct config empty;
	struct config example;
	struct config spelt;
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(load(&s, &a, "", &empty, &f), OK);
	assert_int_equal(
	    load(&s, &a, scratch_read(&a, ".env.example"), &example, &f), OK);
	same_settings(&example, &empty);
	assert_int_equal(load(&s, &a, example_spelt_out(&a), &spelt, &f), OK);
	same_settings(&spelt, &empty);
}

static void defaults_are_those_of_the_design(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	struct config config;
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(load(&s, &a, "", &config, &f), OK);
	assert_null(config.api_key);
	assert_null(config.encryption_key);
	assert_string_equal(
	    config.callback_url, "http://localhost:5555/auth/callback");
	assert_string_equal(config.api_url, "https://api.twitter.com");
	assert_string_equal(
	    config.authorize_url, "https://x.com/i/oauth2/authorize");
	assert_string_equal(config.host, "127.0.0.1");
	assert_int_equal(config.port, 5555);
	assert_string_equal(
	    config.instance_dir, scratch_path(&s, &a, "instance"));
	assert_string_equal(config.database,
	    scratch_path(&s, &a, "instance/twitter_manager.db"));
	assert_true(config.mock_mode);
	assert_int_equal(config_keys(&config, &f), ERR_CONFIG_MISSING);
	assert_non_null(strstr(f.words, "API_KEY"));
}

static void one_setting_follows_another(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	struct config config;
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(
	    load(&s, &a, "PORT=8080\nTWITTER_CLIENT_ID=id\n", &config, &f), OK);
	assert_string_equal(
	    config.callback_url, "http://localhost:8080/auth/callback");
	assert_false(config.mock_mode);
	assert_int_equal(load(&s, &a,
			     "TWITTER_CLIENT_ID=id\nMOCK_MODE=on\n"
			     "TWITTER_API_URL=http://x.test:1/a//\n",
			     &config, &f),
	    OK);
	assert_true(config.mock_mode);
	assert_string_equal(config.api_url, "http://x.test:1/a");
}

static void a_switch_has_six_spellings_in_any_case(void **state)
{
	static const struct {
		const char *text;
		int wanted; /* -1: refused */
	} cases[] = {
		{ "0", 0 },
		{ "1", 1 },
		{ "false", 0 },
		{ "true", 1 },
		{ "off", 0 },
		{ "on", 1 },
		{ "False", 0 },
		{ "TRUE", 1 },
		{ "oFf", 0 },
		{ "ON", 1 },
		{ "\" on \"", 1 },
		{ "yes", -1 },
		{ "no", -1 },
		{ "2", -1 },
		{ "01", -1 },
		{ "t", -1 },
		{ "enabled", -1 },
		{ "truetrue", -1 },
		{ "on off", -1 },
		{ "-1", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(scratch) s = scratch_make();
		SCOPED(arena) a = arena_make(LIMIT);
		struct config config;
		struct fault f = { 0 };
		enum err err = load(&s, &a,
		    arena_printf(&a, "MOCK_MODE=%s", cases[i].text), &config,
		    &f);

		if (cases[i].wanted >= 0) {
			assert_int_equal(err, OK);
			assert_int_equal(config.mock_mode, cases[i].wanted);
			continue;
		}
		assert_int_equal(err, ERR_CONFIG_INVALID);
		assert_non_null(strstr(f.words, "MOCK_MODE"));
	}
}

static void what_cannot_be_understood_is_named(void **state)
{
	static const struct {
		const char *line;
		const char *named;
	} cases[] = {
		{ "PORT=0", "PORT" },
		{ "PORT=65536", "PORT" },
		{ "PORT=-1", "PORT" },
		{ "PORT=http", "PORT" },
		{ "PORT=80.0", "PORT" },
		{ "PORT=+80", "PORT" },
		{ "PORT=0x50", "PORT" },
		{ "PORT=5555;", "PORT" },
		{ "PORT=99999999999999999999", "PORT" },
		{ "LOG_RETENTION_DAYS=0", "LOG_RETENTION_DAYS" },
		{ "LOG_RETENTION_DAYS=2 weeks", "LOG_RETENTION_DAYS" },
		{ "PUBLISH_CONCURRENCY=0", "PUBLISH_CONCURRENCY" },
		{ "PUBLISH_CONCURRENCY=257", "PUBLISH_CONCURRENCY" },
		{ "TWITTER_API_URL=api.twitter.com", "TWITTER_API_URL" },
		{ "TWITTER_API_URL=ftp://x.test", "TWITTER_API_URL" },
		{ "TWITTER_API_URL=https://", "TWITTER_API_URL" },
		{ "TWITTER_API_URL=https:///2", "TWITTER_API_URL" },
		{ "TWITTER_API_URL=https://x y", "TWITTER_API_URL" },
		{ "TWITTER_API_URL=\"https://x\\ny\"", "TWITTER_API_URL" },
		{ "TWITTER_CALLBACK_URL=/auth/callback",
		    "TWITTER_CALLBACK_URL" },
		{ "TWITTER_CALLBACK_URL=http://x.test/#a",
		    "TWITTER_CALLBACK_URL" },
		{ "TWITTER_AUTHORIZE_URL=javascript:alert(1)",
		    "TWITTER_AUTHORIZE_URL" },
		{ "PROXY_URL=proxy.test:3128", "PROXY_URL" },
		{ "API_KEY=\"a\\nb\"", "API_KEY" },
		{ "API_KEY=a\x01", "API_KEY" },
		{ "API_KEY=\xFF", "API_KEY" },
		{ "HOST=\x7F", "HOST" },
		{ "INSTANCE_DIR=C:\\data", "INSTANCE_DIR" },
		{ "INSTANCE_DIR=c:/data", "INSTANCE_DIR" },
		{ "INSTANCE_DIR=D:", "INSTANCE_DIR" },
		{ "INSTANCE_DIR=\\\\server\\share", "INSTANCE_DIR" },
		{ "INSTANCE_DIR='C:\\Program Files\\x'", "INSTANCE_DIR" },
		{ "INSTANCE_DIR=\xFF", "INSTANCE_DIR" },
		{ "CA_FILE=C:\\ca.pem", "CA_FILE" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(scratch) s = scratch_make();
		SCOPED(arena) a = arena_make(LIMIT);
		struct config config;
		struct fault f = { 0 };

		if (load(&s, &a, cases[i].line, &config, &f) !=
		    ERR_CONFIG_INVALID)
			fail_msg("taken: %s", cases[i].line);
		assert_non_null(strstr(f.words, cases[i].named));
	}
}

/* A key that request_key would never let through would lock everybody out. */
static void a_key_that_nobody_could_send_is_refused(void **state)
{
	static const char *const cases[] = { "a b", "a,b", "a\tb",
		"schl\xC3\xBCssel" };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(scratch) s = scratch_make();
		SCOPED(arena) a = arena_make(LIMIT);
		struct config config;
		struct fault f = { 0 };

		if (load(&s, &a, arena_printf(&a, "API_KEY=%s", cases[i]),
			&config, &f) != ERR_CONFIG_INVALID)
			fail_msg("taken: %s", cases[i]);
		assert_non_null(strstr(f.words, "API_KEY"));
		assert_null(strstr(f.words, cases[i]));
	}
}

static void a_path_counts_from_the_folder_of_the_file(void **state)
{
	static const struct {
		const char *text;
		const char *wanted; /* below the folder, or absolute */
	} cases[] = {
		{ "data", "data" },
		{ "./a/../b", "./a/../b" },
		{ "/srv/x", "/srv/x" },
		{ "with blank", "with blank" },
		{ "\" a \"", " a " },
		{ "a\\b", "a\\b" },
		{ "\\a", "\\a" },
		{ "\xC3\xA4/\xF0\x9F\x98\x80", "\xC3\xA4/\xF0\x9F\x98\x80" },
		{ "file:x?mode=ro", "file:x?mode=ro" },
		{ "aC:\\x", "aC:\\x" },
		{ "1:/x", "1:/x" },
		{ "%41", "%41" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(scratch) s = scratch_make();
		SCOPED(arena) a = arena_make(LIMIT);
		struct config config;
		struct fault f = { 0 };

		assert_int_equal(
		    load(&s, &a,
			arena_printf(&a, "INSTANCE_DIR=%s", cases[i].text),
			&config, &f),
		    OK);
		assert_string_equal(
		    config.instance_dir, scratch_path(&s, &a, cases[i].wanted));
	}
}

static void the_environment_wins_over_the_file(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	struct config config;
	struct fault f = { 0 };

	(void)state;
	setenv("PORT", "1234", 1);
	setenv("HOST", "", 1);
	assert_int_equal(load(&s, &a, "PORT=bad\nHOST=::1\n", &config, &f), OK);
	assert_int_equal(config.port, 1234);
	assert_string_equal(config.host, "::1");
	setenv("PORT", "bad", 1);
	assert_int_equal(
	    load(&s, &a, "PORT=1\n", &config, &f), ERR_CONFIG_INVALID);
	forget_environment(NULL);
}

static void what_could_be_read_is_there_even_so(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	struct config config;
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(
	    load(&s, &a, "PORT=x\nINSTANCE_DIR=here\nAPI_KEY=k\n", &config, &f),
	    ERR_CONFIG_INVALID);
	assert_string_equal(
	    config.log_folder, scratch_path(&s, &a, "here/logs"));
	assert_string_equal(config.api_key, "k");
}

static void both_keys_are_asked_for(void **state)
{
	static const struct {
		const char *text;
		const char *missing; /* NULL: none */
	} cases[] = {
		{ "", "API_KEY" },
		{ "API_KEY=a", "ENCRYPTION_KEY" },
		{ "ENCRYPTION_KEY=a", "API_KEY" },
		{ "API_KEY=a\nENCRYPTION_KEY=b", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(scratch) s = scratch_make();
		SCOPED(arena) a = arena_make(LIMIT);
		struct config config;
		struct fault f = { 0 };

		assert_int_equal(load(&s, &a, cases[i].text, &config, &f), OK);
		assert_int_equal(config_keys(&config, &f),
		    cases[i].missing ? ERR_CONFIG_MISSING : OK);
		if (cases[i].missing)
			assert_non_null(strstr(f.words, cases[i].missing));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_names_every_setting_in_order),
		cmocka_unit_test(the_example_shows_the_defaults),
		cmocka_unit_test(defaults_are_those_of_the_design),
		cmocka_unit_test(one_setting_follows_another),
		cmocka_unit_test(a_switch_has_six_spellings_in_any_case),
		cmocka_unit_test(what_cannot_be_understood_is_named),
		cmocka_unit_test(a_key_that_nobody_could_send_is_refused),
		cmocka_unit_test(a_path_counts_from_the_folder_of_the_file),
		cmocka_unit_test(the_environment_wins_over_the_file),
		cmocka_unit_test(what_could_be_read_is_there_even_so),
		cmocka_unit_test(both_keys_are_asked_for),
	};

	return cmocka_run_group_tests(tests, forget_environment, NULL);
}
