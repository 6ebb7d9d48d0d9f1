/* test_limits_file.c - how often callers may call, and what becomes of that
 * when the file is not as it was left. */
#include "unit/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "unit/scratch.h"
#include "web/limits_file.h"

enum { LIMIT = 1 << 26, NOW = 1772366400, PAGE = 4096, FILE_SIZE = 64 * PAGE };

struct place {
	struct scratch folder;
	struct arena arena;
	const char *file;
};

static void place_end(struct place *p)
{
	arena_end(&p->arena);
	scratch_end(&p->folder);
	clock_set(-1);
}

static void place_open(struct place *p)
{
	*p = (struct place){ .folder = scratch_make(),
		.arena = arena_make(LIMIT) };
	p->file = scratch_path(&p->folder, &p->arena, "limits");
	clock_set(NOW);
}

static bool open_it(
    struct place *p, struct limits *l, enum limits_kind kind, int64_t id)
{
	return limits_open(l, &p->arena, p->folder.path, kind, &id, sizeof(id));
}

static struct limits_state take(
    struct place *p, enum limits_kind kind, int64_t id, int64_t per_minute)
{
	SCOPED(limits) l = { 0 };

	assert_true(open_it(p, &l, kind, id));
	return limits_take(&l, per_minute);
}

static bool is_allowed(struct place *p, int64_t per_minute)
{
	return take(p, LIMITS_KEY, 1, per_minute).allowed;
}

/* How many of COUNT calls at once are allowed. */
static int allowed_of(struct place *p, int count, int64_t per_minute)
{
	int allowed = 0;

	for (int i = 0; i < count; i++)
		allowed += is_allowed(p, per_minute);
	return allowed;
}

static void a_tenth_is_allowed_at_once_and_the_rest_in_time(void **state)
{
	static const struct {
		int64_t per_minute;
		int burst;
		int64_t wait, full_in; /* of the first that is refused */
		int later;             /* allowed after so many seconds */
	} cases[] = {
		{ 60, 6, 1, 6, 1 },
		{ 6000, 600, 1, 6, 1 },
		{ 19, 1, 4, 4, 4 },
		{ 1, 1, 60, 60, 60 },
		{ 1000000, 100000, 1, 6, 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(place) p = { 0 };
		int64_t rate = cases[i].per_minute;

		place_open(&p);
		assert_int_equal(
		    allowed_of(&p, cases[i].burst, rate), cases[i].burst);

		struct limits_state over = take(&p, LIMITS_KEY, 1, rate);

		assert_false(over.allowed);
		assert_int_equal(over.left, 0);
		assert_int_equal(over.wait, cases[i].wait);
		assert_int_equal(over.full_in, cases[i].full_in);
		clock_set(NOW + cases[i].later);
		assert_true(is_allowed(&p, rate));
	}
}

static void what_is_left_is_said(void **state)
{
	SCOPED(place) p = { 0 };
	struct limits_state one;

	(void)state;
	place_open(&p);
	one = take(&p, LIMITS_KEY, 1, 60);
	assert_int_equal(one.left, 5);
	assert_int_equal(one.full_in, 1);
	assert_int_equal(one.wait, 0);
	one = take(&p, LIMITS_KEY, 1, 60);
	assert_int_equal(one.left, 4);
	assert_int_equal(one.full_in, 2);
	clock_set(NOW + 2);
	assert_int_equal(take(&p, LIMITS_KEY, 1, 60).left, 5);
}

static void over_a_long_time_no_more_than_the_rate_is_allowed(void **state)
{
	SCOPED(place) p = { 0 };
	int allowed = 0;

	(void)state;
	place_open(&p);
	for (int second = 0; second <= 600; second++) {
		clock_set(NOW + second);
		allowed += allowed_of(&p, 5, 120);
	}
	assert_int_equal(allowed, 12 + 600 * 2);
}

static void each_caller_has_its_own_count(void **state)
{
	SCOPED(place) p = { 0 };

	(void)state;
	place_open(&p);
	for (int64_t id = 1; id <= 20; id++)
		assert_true(take(&p, LIMITS_KEY, id, 1).allowed);
	for (int64_t id = 1; id <= 20; id++)
		assert_false(take(&p, LIMITS_KEY, id, 1).allowed);
	assert_true(take(&p, LIMITS_ADDRESS, 1, 1).allowed);
}

static void many_addresses_push_no_key_out(void **state)
{
	SCOPED(place) p = { 0 };

	(void)state;
	place_open(&p);
	assert_true(is_allowed(&p, 1));
	for (int64_t id = 1; id <= 40000; id++)
		take(&p, LIMITS_ADDRESS, id, 1);
	assert_false(is_allowed(&p, 1));
}

static int64_t guess(struct place *p, int64_t address)
{
	SCOPED(limits) l = { 0 };

	assert_true(open_it(p, &l, LIMITS_ADDRESS, address));
	return limits_guess(&l, 30);
}

static void the_31st_guess_waits_for_the_end_of_the_minute(void **state)
{
	SCOPED(place) p = { 0 };

	(void)state;
	place_open(&p);
	for (int i = 0; i < 30; i++) {
		clock_set(NOW + i);
		assert_int_equal(guess(&p, 1), 0);
	}
	assert_int_equal(guess(&p, 1), 31);
	clock_set(NOW + 59); /* it is not extended */
	assert_int_equal(guess(&p, 1), 1);
	assert_int_equal(guess(&p, 2), 0);
	clock_set(NOW + 60);
	assert_int_equal(guess(&p, 1), 0);
}

static void a_guess_is_no_call_and_a_call_no_guess(void **state)
{
	SCOPED(place) p = { 0 };

	(void)state;
	place_open(&p);
	for (int i = 0; i < 31; i++)
		guess(&p, 1);
	assert_true(take(&p, LIMITS_ADDRESS, 1, 1).allowed);
	assert_true(guess(&p, 1) > 0);
	assert_false(take(&p, LIMITS_ADDRESS, 1, 1).allowed);
}

static void a_clock_that_was_wrong_locks_nobody_out(void **state)
{
	static const int64_t wrong[] = { NOW + 3600, NOW + 86400 * 365,
		NOW + 60, NOW - 3600, 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		SCOPED(place) p = { 0 };

		place_open(&p);
		clock_set(wrong[i]);
		allowed_of(&p, 20, 60);
		for (int n = 0; n < 40; n++)
			guess(&p, 1);
		clock_set(NOW + 7); /* longer than a wait can be */
		assert_int_equal(allowed_of(&p, 6, 60), 6);
		assert_int_equal(guess(&p, 1), 0);
	}
}

static void another_rate_begins_anew(void **state)
{
	SCOPED(place) p = { 0 };

	(void)state;
	place_open(&p);
	assert_int_equal(allowed_of(&p, 5, 1), 1);
	assert_int_equal(allowed_of(&p, 601, 6000), 600);
}

/* Makes the file SIZE bytes of VALUE. */
static void write_file(struct place *p, int size, int value)
{
	FILE *out = fopen(p->file, "wb");

	assert_non_null(out);
	for (int i = 0; i < size; i++)
		fputc(value, out);
	fclose(out);
}

static void a_file_that_is_not_ours_is_begun_anew(void **state)
{
	static const int sizes[] = { 0, 1, 100, PAGE, PAGE + 1, FILE_SIZE - 1,
		FILE_SIZE, FILE_SIZE + 1, 2 * FILE_SIZE };
	static const int values[] = { 0, 0x5A, 0x7F, 0x80, 0xFF };

	(void)state;
	for (size_t i = 0; i < COUNT(sizes) * COUNT(values); i++) {
		SCOPED(place) p = { 0 };
		struct stat st;

		place_open(&p);
		write_file(
		    &p, sizes[i / COUNT(values)], values[i % COUNT(values)]);
		assert_int_equal(allowed_of(&p, 8, 60), 6);
		for (int n = 0; n < 30; n++)
			assert_int_equal(guess(&p, 1), 0);
		assert_int_equal(guess(&p, 1), 60);
		assert_int_equal(stat(p.file, &st), 0);
		assert_true(st.st_size >= FILE_SIZE);
		assert_true(st.st_blocks * 512 >= st.st_size); /* no hole */
	}
}

static void a_file_that_is_cut_while_it_is_mapped_stops_nobody(void **state)
{
	static const off_t sizes[] = { 0, 1, PAGE };

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		SCOPED(place) p = { 0 };
		SCOPED(limits) l = { 0 };

		place_open(&p);
		assert_true(open_it(&p, &l, LIMITS_ADDRESS, 1));
		assert_int_equal(truncate(p.file, sizes[i]), 0);
		assert_true(limits_take(&l, 60).allowed);
		assert_int_equal(limits_guess(&l, 30), 0);
		limits_end(&l);
		assert_int_equal(allowed_of(&p, 8, 60), 6);
	}
}

static void without_a_file_nobody_is_limited(void **state)
{
	SCOPED(place) p = { 0 };
	SCOPED(limits) l = { 0 };
	int64_t id = 1;

	(void)state;
	place_open(&p);
	assert_false(limits_open(&l, &p.arena,
	    scratch_path(&p.folder, &p.arena, "nowhere"), LIMITS_KEY, &id,
	    sizeof(id)));
	assert_int_equal(mkdir(p.file, 0700), 0);
	assert_false(open_it(&p, &l, LIMITS_KEY, 1));
	assert_int_equal(rmdir(p.file), 0);
	assert_int_equal(mkfifo(p.file, 0600), 0);
	assert_false(open_it(&p, &l, LIMITS_KEY, 1));
}

static void a_link_laid_in_advance_is_not_followed(void **state)
{
	SCOPED(place) p = { 0 };
	SCOPED(limits) l = { 0 };
	const char *other;
	struct stat st;

	(void)state;
	place_open(&p);
	other = scratch_path(&p.folder, &p.arena, "other");
	scratch_write(other, "theirs");
	assert_int_equal(symlink(other, p.file), 0);
	assert_false(open_it(&p, &l, LIMITS_KEY, 1));
	assert_int_equal(stat(other, &st), 0);
	assert_int_equal(st.st_size, 6);
}

/* Makes 8 processes call so often at once, beginning with no file; gives how
 * many calls of all were allowed. */
static int allowed_together(struct place *p, int calls, int64_t per_minute)
{
	enum { PROCESSES = 8 };
	int ends[2];
	int sum = 0;
	char byte;

	assert_int_equal(pipe(ends), 0);
	for (int i = 0; i < PROCESSES; i++) {
		if (fork() != 0)
			continue;
		for (int n = allowed_of(p, calls, per_minute); n > 0; n--) {
			if (write(ends[1], "+", 1) != 1)
				_exit(1);
		}
		_exit(0);
	}
	close(ends[1]);
	while (read(ends[0], &byte, 1) == 1)
		sum++;
	close(ends[0]);
	while (wait(NULL) > 0)
		;
	return sum;
}

static void of_eight_processes_no_more_than_the_burst_is_allowed(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		SCOPED(place) p = { 0 };

		place_open(&p);
		assert_int_equal(allowed_together(&p, 100, 3000), 300);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_tenth_is_allowed_at_once_and_the_rest_in_time),
		cmocka_unit_test(what_is_left_is_said),
		cmocka_unit_test(
		    over_a_long_time_no_more_than_the_rate_is_allowed),
		cmocka_unit_test(each_caller_has_its_own_count),
		cmocka_unit_test(many_addresses_push_no_key_out),
		cmocka_unit_test(
		    the_31st_guess_waits_for_the_end_of_the_minute),
		cmocka_unit_test(a_guess_is_no_call_and_a_call_no_guess),
		cmocka_unit_test(a_clock_that_was_wrong_locks_nobody_out),
		cmocka_unit_test(another_rate_begins_anew),
		cmocka_unit_test(a_file_that_is_not_ours_is_begun_anew),
		cmocka_unit_test(
		    a_file_that_is_cut_while_it_is_mapped_stops_nobody),
		cmocka_unit_test(without_a_file_nobody_is_limited),
		cmocka_unit_test(a_link_laid_in_advance_is_not_followed),
		cmocka_unit_test(
		    of_eight_processes_no_more_than_the_burst_is_allowed),
	};

	return RUN_TESTS(tests);
}
