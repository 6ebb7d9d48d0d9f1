/* test_tweet_search.c - what a filter by status and state comes to. */
#include "unit/test.h"

#include "app/tweet_search.h"
#include "unit/fixture.h"

static void a_state_and_another_states_status_find_nothing(void **state)
{
	static const struct {
		const char *status, *state;
		bool none;
		const char *searched; /* status */
	} cases[] = {
		{ NULL, NULL, false, NULL },
		{ "failed", NULL, false, "failed" },
		{ NULL, "posted", false, "posted" },
		{ NULL, "unconfirmed", false, "failed" },
		{ NULL, "due", false, "pending" },
		{ "failed", "unconfirmed", false, "failed" },
		{ "pending", "held", false, "pending" },
		{ "failed", "posted", true, "posted" },
		{ "pending", "failed", true, "failed" },
		{ "posted", "draft", true, "pending" },
	};
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, NULL);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct tweet_filter filter = { .status = cases[i].status,
			.state = cases[i].state,
			.from = INT64_MIN,
			.to = INT64_MAX,
			.limit = 50 };
		struct tweet_search s;

		assert_int_equal(tweet_search_for(&f.app, &filter, &s), OK);
		if (s.none != cases[i].none)
			fail_msg("case %zu", i);
		if (cases[i].searched)
			assert_string_equal(s.status, cases[i].searched);
		else
			assert_null(s.status);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_state_and_another_states_status_find_nothing),
	};

	return RUN_TESTS(tests);
}
