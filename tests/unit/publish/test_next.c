/* test_next.c - what an account does next, decided from facts. */
#include "unit/test.h"

#include "publish/next.h"

enum { ALL = 1 << 6 };

/* The facts that are true, as bits; the account's tweets wait for BACKOFF. */
enum { BEGIN = 1, MOCK = 2, ASKED = 4, STALE = 8, UNNAMED = 16, CHECKED = 32 };

static enum next decide(unsigned bits, enum err backoff)
{
	struct next_facts facts = {
		.may_begin = bits & BEGIN,
		.mock = bits & MOCK,
		.asked_for = bits & ASKED,
		.backoff = backoff,
		.token_stale = bits & STALE,
		.unnamed = bits & UNNAMED,
		.timeline_checked = bits & CHECKED,
	};

	return next_step(&facts);
}

static const enum err strict[] = { ERR_RATE_LIMITED, ERR_CREDITS_DEPLETED,
	ERR_APP_NOT_ENROLLED, ERR_APP_REFUSED, ERR_ACCOUNT_HELD_BACK };
static const enum err mild[] = { ERR_X_UNAVAILABLE, ERR_X_UNREADABLE,
	ERR_X_TIMEOUT, ERR_NEEDS_REAUTH };

static void facts_decide_what_comes_next(void **state)
{
	static const struct {
		unsigned facts;
		enum err backoff;
		enum next next;
	} cases[] = {
		{ 0, OK, NEXT_STOP },
		{ ASKED | CHECKED, OK, NEXT_STOP },
		{ STALE, ERR_X_UNAVAILABLE, NEXT_STOP },
		/* first a token that works, then a name, then lost answers */
		{ BEGIN | STALE | UNNAMED, OK, NEXT_REFRESH },
		{ BEGIN | STALE | UNNAMED | CHECKED, OK, NEXT_REFRESH },
		{ BEGIN | UNNAMED, OK, NEXT_IDENTIFY },
		{ BEGIN | UNNAMED | CHECKED, OK, NEXT_IDENTIFY },
		{ BEGIN, OK, NEXT_CHECK_TIMELINE },
		{ BEGIN | ASKED, OK, NEXT_CHECK_TIMELINE },
		{ BEGIN | CHECKED, OK, NEXT_SEND },
		{ BEGIN | CHECKED | ASKED, OK, NEXT_SEND },
		/* test accounts have none of this */
		{ BEGIN | MOCK | STALE | UNNAMED, OK, NEXT_SEND },
		{ BEGIN | MOCK, ERR_RATE_LIMITED, NEXT_WAIT },
		{ BEGIN | MOCK, ERR_ACCOUNT_HELD_BACK, NEXT_WAIT },
		{ BEGIN | MOCK, ERR_X_UNAVAILABLE, NEXT_WAIT },
		{ BEGIN | MOCK | ASKED, ERR_X_UNAVAILABLE, NEXT_SEND },
		/* what X said stops a person's own request, too */
		{ BEGIN | CHECKED, ERR_RATE_LIMITED, NEXT_WAIT },
		{ BEGIN | CHECKED | ASKED, ERR_RATE_LIMITED, NEXT_WAIT },
		{ BEGIN | ASKED | STALE, ERR_APP_REFUSED, NEXT_WAIT },
		/* an account that X holds back can still be read */
		{ BEGIN, ERR_ACCOUNT_HELD_BACK, NEXT_CHECK_TIMELINE },
		{ BEGIN | UNNAMED, ERR_ACCOUNT_HELD_BACK, NEXT_CHECK_TIMELINE },
		{ BEGIN | CHECKED, ERR_ACCOUNT_HELD_BACK, NEXT_WAIT },
		{ BEGIN | STALE, ERR_ACCOUNT_HELD_BACK, NEXT_WAIT },
		{ BEGIN, ERR_RATE_LIMITED, NEXT_WAIT },
		/* a call that failed a moment ago: a person may try again */
		{ BEGIN | STALE, ERR_X_UNAVAILABLE, NEXT_WAIT },
		{ BEGIN | STALE | ASKED, ERR_X_UNAVAILABLE, NEXT_REFRESH },
		{ BEGIN | UNNAMED, ERR_X_UNAVAILABLE, NEXT_IDENTIFY },
		{ BEGIN, ERR_X_UNAVAILABLE, NEXT_CHECK_TIMELINE },
		{ BEGIN | CHECKED, ERR_X_UNAVAILABLE, NEXT_WAIT },
		{ BEGIN | CHECKED | ASKED, ERR_X_UNAVAILABLE, NEXT_SEND },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		enum next next = decide(cases[i].facts, cases[i].backoff);

		if (next != cases[i].next)
			fail_msg("case %zu: %d", i, (int)next);
	}
}

static void X_has_the_last_word_on_the_account_and_the_app(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(strict); i++) {
		assert_true(next_is_strict(strict[i]));
		for (unsigned bits = 0; bits < ALL; bits++) {
			enum next next = decide(bits, strict[i]);

			assert_true(next == NEXT_STOP || next == NEXT_WAIT ||
				    next == NEXT_CHECK_TIMELINE);
			if (strict[i] != ERR_ACCOUNT_HELD_BACK)
				assert_true(next != NEXT_CHECK_TIMELINE);
		}
	}
	for (size_t i = 0; i < COUNT(mild); i++)
		assert_false(next_is_strict(mild[i]));
	assert_false(next_is_strict(OK));
}

static void nothing_is_sent_with_a_stale_token_or_while_tweets_wait(
    void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < ALL; bits++) {
		if (!(bits & MOCK) && (bits & STALE))
			assert_true(decide(bits, OK) != NEXT_SEND);
		for (size_t i = 0; i < COUNT(mild); i++) {
			if (!(bits & ASKED))
				assert_true(decide(bits, mild[i]) != NEXT_SEND);
		}
	}
}

static void a_call_of_any_kind_needs_leave_to_begin(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < ALL; bits++) {
		if (bits & BEGIN)
			continue;
		assert_int_equal(decide(bits, OK), NEXT_STOP);
		assert_int_equal(decide(bits, ERR_RATE_LIMITED), NEXT_STOP);
		assert_int_equal(decide(bits, ERR_X_TIMEOUT), NEXT_STOP);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_decide_what_comes_next),
		cmocka_unit_test(
		    X_has_the_last_word_on_the_account_and_the_app),
		cmocka_unit_test(
		    nothing_is_sent_with_a_stale_token_or_while_tweets_wait),
		cmocka_unit_test(a_call_of_any_kind_needs_leave_to_begin),
	};

	return RUN_TESTS(tests);
}
