/* test_env.c - settings as text: what a .env may look like, and what wins. */
#include "unit/test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/env.h"
#include "unit/scratch.h"

enum { LIMIT = 1 << 24 };

static const struct {
	const char *text;
	const char *wanted; /* of the setting T_A; NULL: not set */
} lines[] = {
	{ "", NULL },
	{ "T_A=x", "x" },
	{ "T_A=x\n", "x" },
	{ "T_A=x\r\n", "x" },
	{ "\xEF\xBB\xBFT_A=x", "x" },
	{ "  T_A \t=  x y \t", "x y" },
	{ "export T_A=x", "x" },
	{ "export\t T_A=x", "x" },
	{ "\texport   T_A = x", "x" },
	{ "# T_A=x", NULL },
	{ "  # T_A=x", NULL },
	{ "#\n\n \nT_A=x", "x" },
	{ "T_A=", NULL },
	{ "T_A= \t", NULL },
	{ "T_A=\"\"", NULL },
	{ "T_A=''", NULL },
	{ "T_A=x # note", "x" },
	{ "T_A=x\t#note", "x" },
	{ "T_A=x#y", "x#y" },
	{ "T_A=#x", NULL },
	{ "T_A= # note", NULL },
	{ "T_A=a=b=c", "a=b=c" },
	{ "T_A=a\\nb$HOME`ls`", "a\\nb$HOME`ls`" },
	{ "T_A=a\"b'c", "a\"b'c" },
	{ "T_A=\" x # y \"", " x # y " },
	{ "T_A=' x # y ' # note", " x # y " },
	{ "T_A=\"x\"  #note", "x" },
	{ "T_A=\"a\\nb\\\"c\\\\d\\$e\\tf\"", "a\nb\"c\\d$e\\tf" },
	{ "T_A='a\\nb\"c\\'", "a\\nb\"c\\" },
	{ "T_A=\"it's\"", "it's" },
	{ "T_A=\xC3\xA4 \xF0\x9F\x98\x80", "\xC3\xA4 \xF0\x9F\x98\x80" },
	{ "T_A=C:\\x\\n", "C:\\x\\n" },
	{ "T_A=one\nT_A=two", "two" },
	{ "T_A=one\nT_A=", NULL },
	{ "t_a=x", NULL },
	{ "T_AB=x\nT_=y", NULL },
	{ "_9=x\nT_A=1\n", "1" },
};

static void a_line_is_read_however_it_is_written(void **state)
{
	(void)state;
	unsetenv("T_A");
	for (size_t i = 0; i < COUNT(lines); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		struct env env = { .arena = &a };

		if (env_parse(&env, lines[i].text, strlen(lines[i].text)))
			fail_msg("not understood: %s", lines[i].text);

		const char *value = env_get(&env, "T_A");

		if (!value != !lines[i].wanted)
			fail_msg("%s", lines[i].text);
		if (value)
			assert_string_equal(value, lines[i].wanted);
	}
}

static void a_line_that_is_none_is_named(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		int line;
	} cases[] = {
		{ "nonsense", 8, 1 },
		{ "A=1\nnonsense\nB=2", 16, 2 },
		{ "A=1\r\n\r\n=x", 9, 3 },
		{ "1A=x", 4, 1 },
		{ "A-B=x", 5, 1 },
		{ "A B=x", 5, 1 },
		{ "A.B=x", 5, 1 },
		{ "export A", 8, 1 },
		{ "A=\"x", 4, 1 },
		{ "A='x", 4, 1 },
		{ "A=\"x\\\"", 6, 1 },
		{ "A=\"x\" y", 7, 1 },
		{ "A='x'y", 6, 1 },
		{ "A=\"x\ny\"", 7, 1 },
		{ "A=x\0y", 5, 1 },
		{ "A=x\n\0", 5, 2 },
		{ "\xFF\xFE"
		  "A=x",
		    5, 1 },
		{ "\xC3\x84=x", 4, 1 },
		{ "\"A\"=x", 5, 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		struct env env = { .arena = &a };

		if (env_parse(&env, cases[i].text, cases[i].n) != cases[i].line)
			fail_msg("%s", cases[i].text);
	}
}

static void the_environment_wins_where_it_says_something(void **state)
{
	static const char text[] = "T_A=file\nT_B=file\nT_C=\n";
	SCOPED(arena) a = arena_make(LIMIT);
	struct env env = { .arena = &a };

	(void)state;
	assert_int_equal(env_parse(&env, text, sizeof(text) - 1), 0);
	setenv("T_A", "process", 1);
	setenv("T_B", "", 1);
	unsetenv("T_C");
	assert_string_equal(env_get(&env, "T_A"), "process");
	assert_string_equal(env_get(&env, "T_B"), "file");
	assert_null(env_get(&env, "T_C"));
	assert_null(env_get(&env, "T_D"));
	assert_string_equal(env_process("T_A"), "process");
	assert_null(env_process("T_B"));
	unsetenv("T_A");
	unsetenv("T_B");
}

static void the_named_file_is_read_and_its_folder_known(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	struct fault f = { 0 };
	struct env env;
	const char *path = scratch_path(&s, &a, "settings");

	(void)state;
	scratch_write(path, "T_A=x\n");
	setenv("TWITTER_MANAGER_ENV", path, 1);
	assert_int_equal(env_open(&env, &a, &f), OK);
	assert_string_equal(env.file, path);
	assert_string_equal(env.folder, s.path);
	assert_string_equal(env_get(&env, "T_A"), "x");
	unsetenv("TWITTER_MANAGER_ENV");
}

static void a_named_file_that_is_missing_is_no_fault(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	struct fault f = { 0 };
	struct env env;

	(void)state;
	setenv("TWITTER_MANAGER_ENV", scratch_path(&s, &a, ".env"), 1);
	assert_int_equal(env_open(&env, &a, &f), OK);
	assert_null(env.file);
	assert_string_equal(env.folder, s.path);
	unsetenv("TWITTER_MANAGER_ENV");
}

/* Opens PATH as the settings' file and wants a fault that names it. */
static void refused(struct arena *a, const char *path)
{
	struct fault f = { 0 };
	struct env env;

	setenv("TWITTER_MANAGER_ENV", path, 1);
	assert_int_equal(env_open(&env, a, &f), ERR_CONFIG_INVALID);
	assert_non_null(strstr(f.words, path));
	unsetenv("TWITTER_MANAGER_ENV");
}

static void a_file_that_cannot_be_read_or_understood_is_one(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	struct buf large = buf_make(&a, 100000);
	const char *path = scratch_path(&s, &a, "bad");
	const char *pipe = scratch_path(&s, &a, "pipe");

	(void)state;
	refused(&a, s.path); /* a folder */
	assert_int_equal(mkfifo(pipe, 0600), 0);
	refused(&a, pipe); /* nobody writes, and nobody is waited for */
	scratch_write(path, "T_A\n");
	refused(&a, path);
	while (large.n < 65537)
		buf_text(&large, "# a comment\n");
	scratch_write(path, buf_cstr(&large));
	refused(&a, path);
	refused(&a, scratch_path(&s, &a, "bad/below")); /* not a folder */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_read_however_it_is_written),
		cmocka_unit_test(a_line_that_is_none_is_named),
		cmocka_unit_test(the_environment_wins_where_it_says_something),
		cmocka_unit_test(the_named_file_is_read_and_its_folder_known),
		cmocka_unit_test(a_named_file_that_is_missing_is_no_fault),
		cmocka_unit_test(
		    a_file_that_cannot_be_read_or_understood_is_one),
	};

	return RUN_TESTS(tests);
}
