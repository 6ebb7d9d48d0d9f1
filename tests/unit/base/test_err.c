/* test_err.c - the table of codes, and the words of a failure. */
#include "unit/test.h"

#include "base/err.h"
#include "base/utf8.h"

static void every_code_has_a_word_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < ERR__COUNT; i++) {
		const char *name = err_name((enum err)i);

		assert_non_null(name);
		assert_true(strlen(name) > 1);
		assert_int_equal(
		    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_"),
		    strlen(name));
		assert_int_equal(err_named(name), i);
	}
	assert_int_equal(err_named("no_such_word"), ERR__COUNT);
	assert_int_equal(err_named(""), ERR__COUNT);
	assert_int_equal(err_named(NULL), ERR__COUNT);
}

static void every_failure_has_a_status_of_a_failure(void **state)
{
	(void)state;
	assert_int_equal(err_status(OK), 200);
	assert_int_equal(err_exit(OK), 0);
	for (int i = OK + 1; i < ERR__COUNT; i++) {
		enum err err = (enum err)i;

		assert_in_range(err_status(err), 400, 504);
		assert_in_range(err_exit(err), 64, 78); /* sysexits */
		if (err_hint(err))
			assert_true(strlen(err_hint(err)) > 10);
	}
}

static void waiting_is_advised_only_where_it_helps(void **state)
{
	static const enum err never[] = { ERR_BAD_REQUEST, ERR_INVALID_JSON,
		ERR_INVALID_INPUT, ERR_INVALID_API_KEY, ERR_NOT_FOUND,
		ERR_ALREADY_POSTED, ERR_OUTCOME_UNKNOWN, ERR_CONFIG_MISSING };
	static const enum err yes[] = { ERR_RATE_LIMITED, ERR_X_TIMEOUT,
		ERR_X_UNAVAILABLE, ERR_DATABASE_BUSY, ERR_BEING_POSTED };

	(void)state;
	for (size_t i = 0; i < COUNT(never); i++)
		assert_false(err_retryable(never[i]));
	for (size_t i = 0; i < COUNT(yes); i++)
		assert_true(err_retryable(yes[i]));
}

static void a_failure_keeps_its_words_and_its_place(void **state)
{
	struct fault f = { .reason = "old", .retry_after = 5, .hint = "old" };

	(void)state;
	enum err err = FAULT(&f, ERR_TWEET_NOT_FOUND, "no tweet %d", 7);

	assert_int_equal(err, ERR_TWEET_NOT_FOUND);
	assert_int_equal(f.err, ERR_TWEET_NOT_FOUND);
	assert_string_equal(f.words, "no tweet 7");
	assert_string_equal(f.reason, "");
	assert_null(f.hint);
	assert_int_equal(f.retry_after, 0);
	assert_non_null(strstr(f.file, "test_err.c"));
	assert_true(f.line > 0);
	/* words made of the old ones */
	FAULT(&f, ERR_SYSTEM, "again: %s", f.words);
	assert_string_equal(f.words, "again: no tweet 7");
}

static void words_too_long_are_cut_at_a_whole_character(void **state)
{
	(void)state;
	for (size_t before = 380; before < 410; before++) {
		static const char face[] = "\xF0\x9F\x98\x80";
		struct fault f = { 0 };
		char text[500] = "";

		memset(text, 'a', before);
		memcpy(text + before, face, sizeof(face));
		FAULT(&f, ERR_SYSTEM, "%s%s%s", text, face, face);
		fault_reason(&f, text);
		assert_true(strlen(f.words) < sizeof(f.words));
		assert_true(strlen(f.words) > 375);
		assert_true(utf8_valid(f.words, strlen(f.words)));
		assert_true(strlen(f.reason) < sizeof(f.reason));
		assert_true(utf8_valid(f.reason, strlen(f.reason)));
		if (before + 4 < sizeof(f.reason))
			assert_string_equal(f.reason, text);
		else
			assert_true(strlen(f.reason) >= sizeof(f.reason) - 5);
	}
}

static void control_bytes_in_a_reason_become_blanks(void **state)
{
	struct fault f = { 0 };

	(void)state;
	fault_reason(&f, "a\r\nb\tc\x7F\x1B[0m\xC3\xA9");
	assert_string_equal(f.reason, "a  b c  [0m\xC3\xA9");
	fault_reason(&f, "");
	assert_string_equal(f.reason, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_a_word_of_its_own),
		cmocka_unit_test(every_failure_has_a_status_of_a_failure),
		cmocka_unit_test(waiting_is_advised_only_where_it_helps),
		cmocka_unit_test(a_failure_keeps_its_words_and_its_place),
		cmocka_unit_test(words_too_long_are_cut_at_a_whole_character),
		cmocka_unit_test(control_bytes_in_a_reason_become_blanks),
	};

	return RUN_TESTS(tests);
}
