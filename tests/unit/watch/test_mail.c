/* test_mail.c - what names may do to a mail: nothing. */
#include "unit/test.h"

#include "watch/condition.h"
#include "watch/mail.h"

enum { LIMIT = 1 << 24 };

static void a_line_is_one_line_of_valid_text(void **state)
{
	static const struct {
		const char *text;
		size_t max;
		const char *line;
	} cases[] = {
		{ "", 10, "" },
		{ "plain", 10, "plain" },
		{ "plain", 3, "pla" },
		{ "a\r\nb\tc\x1B", 10, "a  b c " },
		{ "\xC2\x85\xE2\x80\xA8\xE2\x80\xA9x", 10, "   x" },
		{ "\xC3\xA9\xC3\xA9", 3, "\xC3\xA9" },
		{ "a\xFF\xC3", 10, "a??" },
		{ "\xED\xA0\x80", 10, "???" },
		{ "\xC0\xAF", 10, "??" },
		{ "\xF0\x9F\x98\x80!", 5, "\xF0\x9F\x98\x80!" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);

		assert_string_equal(
		    mail_line(&a, cases[i].text, cases[i].max), cases[i].line);
	}
}

static void dates_are_those_of_rfc_5322(void **state)
{
	static const struct {
		int64_t at;
		const char *date;
	} cases[] = {
		{ 0, "\nDate: Thu, 01 Jan 1970 00:00:00 +0000\n" },
		{ 951782399, "\nDate: Mon, 28 Feb 2000 23:59:59 +0000\n" },
		{ 951782400, "\nDate: Tue, 29 Feb 2000 00:00:00 +0000\n" },
		{ 1795348800, "\nDate: Sun, 22 Nov 2026 12:00:00 +0000\n" },
		{ 4102444799, "\nDate: Thu, 31 Dec 2099 23:59:59 +0000\n" },
	};
	static const char *const to[] = { "a@b", NULL };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		const char *message =
		    mail_message(&a, to, "s", "b\n", cases[i].at);

		assert_non_null(strstr(message, cases[i].date));
	}
}

static void a_subject_adds_no_header_whatever_it_holds(void **state)
{
	static const char *const subjects[] = { "x\r\nBcc: c@d",
		"x\nBcc: c@d\n\nbody", "\r\n\r\n", "=?utf-8?Q?=0D=0ABcc:?=",
		"\xC3\xA9 and so on, and so on, and so on, and so on, and on" };
	static const char *const to[] = { "a@b", "c@d", NULL };

	(void)state;
	for (size_t i = 0; i < COUNT(subjects); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		const char *message =
		    mail_message(&a, to, subjects[i], "body\n", 0);
		const char *end = strstr(message, "\n\n");

		assert_memory_equal(message, "To: a@b,\n c@d\nSubject: ", 23);
		assert_non_null(end);
		assert_string_equal(end, "\n\nbody\n");
		assert_null(strstr(message, "\nBcc:"));
		assert_null(strchr(message, '\r'));
	}
}

static void a_disk_is_low_by_bytes_and_by_share(void **state)
{
	const uint64_t mib = 1024 * 1024;
	const uint64_t gib = 1024 * mib;

	(void)state;
	assert_true(condition_disk_low(0, gib));
	assert_true(condition_disk_low(63 * mib, 100 * mib));
	assert_false(condition_disk_low(64 * mib, gib));
	assert_true(condition_disk_low(200 * mib, 100 * gib));
	assert_false(condition_disk_low(gib, 1000 * gib));
	assert_false(condition_disk_low(3 * gib, 100 * gib));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_one_line_of_valid_text),
		cmocka_unit_test(dates_are_those_of_rfc_5322),
		cmocka_unit_test(a_subject_adds_no_header_whatever_it_holds),
		cmocka_unit_test(a_disk_is_low_by_bytes_and_by_share),
	};

	return RUN_TESTS(tests);
}
