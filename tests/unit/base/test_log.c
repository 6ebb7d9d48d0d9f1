/* test_log.c - a line an event, a file a day, and never a failed request. */
#include "unit/test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "unit/scratch.h"

enum { LIMIT = 1 << 24, NOON = 1795348800 /* 2026-11-22 12:00:00 */ };

static cJSON *line_of(const char *text)
{
	cJSON *line = json_object();

	json_add_text(line, "text", text);
	return line;
}

static bool there(const struct scratch *s, struct arena *a, const char *name)
{
	return access(scratch_path(s, a, name), F_OK) == 0;
}

static void a_line_has_time_and_request_before_its_own(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	json_arena(&a);
	clock_set(NOON);
	log_open(scratch_path(&s, &a, "new/logs"), 14, "request-1");
	assert_string_equal(log_request_id(), "request-1");
	log_write(LOG_API, line_of("a\n\"b\""));
	log_write(LOG_API, line_of("second"));
	log_write(LOG_X, line_of("x"));
	assert_string_equal(
	    scratch_read(
		&a, scratch_path(&s, &a, "new/logs/api-2026-11-22.log")),
	    "{\"time\":\"2026-11-22T12:00:00Z\",\"request_id\":\"request-1\","
	    "\"text\":\"a\\n\\\"b\\\"\"}\n"
	    "{\"time\":\"2026-11-22T12:00:00Z\",\"request_id\":\"request-1\","
	    "\"text\":\"second\"}\n");
	assert_true(there(&s, &a, "new/logs/x-2026-11-22.log"));
	assert_false(there(&s, &a, "new/logs/error-2026-11-22.log"));
}

static void an_error_line_says_where_it_comes_from(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	const char *why = NULL;

	(void)state;
	json_arena(&a);
	clock_set(NOON + 86400);
	log_open(s.path, 14, "r");
	LOG_CAUSE("no %s", "luck");

	const char *text =
	    scratch_read(&a, scratch_path(&s, &a, "error-2026-11-23.log"));
	const cJSON *line = json_parse(text, strlen(text), &why);

	assert_string_equal(json_text(line, "cause"), "no luck");
	assert_non_null(strstr(json_text(line, "file"), "test_log.c"));
	assert_non_null(json_get(line, "line"));
	assert_string_equal(json_text(line, "request_id"), "r");
}

static void a_process_that_outlives_the_day_turns_to_the_next_file(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	json_arena(&a);
	log_open(s.path, 14, "r");
	clock_set(NOON + 2 * 86400);
	log_write(LOG_API, line_of("one"));
	clock_set(NOON + 3 * 86400);
	log_write(LOG_API, line_of("two"));
	assert_true(there(&s, &a, "api-2026-11-24.log"));
	assert_true(there(&s, &a, "api-2026-11-25.log"));
}

static void old_files_go_and_others_stay(void **state)
{
	static const struct {
		const char *name;
		bool stays;
	} cases[] = {
		{ "api-2026-12-08.log", true },
		{ "x-2026-12-05.log", true },
		{ "api-2026-12-04.log", false },
		{ "error-2025-01-01.log", false },
		{ "x-1999-12-31.log", false },
		{ "access-2026-12-05.log", true },
		{ "access-2026-12-04.log", false },
		{ "access.log", true },
		{ "api-2026-13-01.log", true },
		{ "api-2025-1-01.log", true },
		{ "api-2025-01-01.log.gz", true },
		{ "xapi-2025-01-01.log", true },
		{ "notes-2025-01-01.log", true },
		{ "api-.log", true },
		{ "api-2027-01-01.log", true },
	};
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	json_arena(&a);
	for (size_t i = 0; i < COUNT(cases); i++)
		scratch_write(scratch_path(&s, &a, cases[i].name), "");
	log_open(s.path, 3, "r");
	clock_set(NOON + 16 * 86400); /* 2026-12-08 */
	assert_int_equal(log_prune(), 4);
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(there(&s, &a, cases[i].name), cases[i].stays);
}

static void who_makes_a_new_file_takes_old_ones_away(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	json_arena(&a);
	log_open(s.path, 3, "r");
	clock_set(NOON + 17 * 86400);
	scratch_write(scratch_path(&s, &a, "x-2026-01-01.log"), "");
	log_write(LOG_X, line_of("new"));
	assert_false(there(&s, &a, "x-2026-01-01.log"));
	scratch_write(scratch_path(&s, &a, "x-2026-01-01.log"), "");
	log_write(LOG_X, line_of("same file"));
	assert_true(there(&s, &a, "x-2026-01-01.log"));
}

static void a_log_that_cannot_be_written_is_silent(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	json_arena(&a);
	clock_set(NOON + 18 * 86400);
	scratch_write(scratch_path(&s, &a, "file"), "");
	log_open(scratch_path(&s, &a, "file/logs"), 3, "r");
	log_write(LOG_API, line_of("lost"));
	LOG_CAUSE("lost");
	assert_int_equal(log_prune(), 0);
	log_open(NULL, 3, "r");
	clock_set(NOON + 19 * 86400);
	log_write(LOG_API, line_of("lost"));
	assert_int_equal(log_prune(), 0);
}

static void files_and_folders_have_the_rights_the_umask_leaves(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	struct stat st;
	mode_t before = umask(077);

	(void)state;
	json_arena(&a);
	clock_set(NOON + 20 * 86400);
	log_open(scratch_path(&s, &a, "logs"), 3, "r");
	log_write(LOG_API, line_of("x"));
	umask(before);
	assert_int_equal(stat(scratch_path(&s, &a, "logs"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(
	    stat(scratch_path(&s, &a, "logs/api-2026-12-12.log"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

/* Writes a hundred lines as one of many processes. */
static void write_lines(int number)
{
	char text[2000];

	memset(text, 'a' + number, sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < 100; i++)
		log_write(LOG_API, line_of(text));
}

/* Counts the lines of a log, each of which must be whole. */
static int whole_lines(struct arena *a, const char *path)
{
	struct str rest = str_of(scratch_read(a, path));
	const char *why = NULL;
	int count = 0;

	while (rest.p && rest.n) {
		struct str line = str_cut(&rest, '\n');
		const cJSON *json = json_parse(line.p, line.n, &why);
		const char *text = json_text(json, "text");

		assert_non_null(text);
		assert_int_equal(strlen(text), 1999);
		assert_int_equal(strspn(text, (char[2]){ text[0] }), 1999);
		count++;
	}
	return count;
}

static void lines_of_many_processes_never_mix(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	json_arena(&a);
	clock_set(NOON + 21 * 86400);
	log_open(s.path, 3, "r");
	for (int i = 0; i < 8; i++) {
		if (fork() == 0) {
			write_lines(i);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	assert_int_equal(
	    whole_lines(&a, scratch_path(&s, &a, "api-2026-12-13.log")), 800);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_has_time_and_request_before_its_own),
		cmocka_unit_test(an_error_line_says_where_it_comes_from),
		cmocka_unit_test(
		    a_process_that_outlives_the_day_turns_to_the_next_file),
		cmocka_unit_test(old_files_go_and_others_stay),
		cmocka_unit_test(who_makes_a_new_file_takes_old_ones_away),
		cmocka_unit_test(a_log_that_cannot_be_written_is_silent),
		cmocka_unit_test(
		    files_and_folders_have_the_rights_the_umask_leaves),
		cmocka_unit_test(lines_of_many_processes_never_mix),
	};

	return RUN_TESTS(tests);
}
