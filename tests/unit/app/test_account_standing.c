/* test_account_standing.c - which accounts may be used, and which need a
 * person. */
#include "unit/test.h"

#include "app/account_standing.h"

/* The facts that are true, as bits. */
enum { OAUTH1 = 1, MOCK = 2, MODE = 4, TICK = 8 };

static const struct {
	const char *status;
	enum err code;
	int facts;
	enum err blocked, need;
	bool skipped;
} cases[] = {
	{ "active", ERR__COUNT, 0, OK, OK, false },
	{ NULL, ERR__COUNT, 0, OK, OK, false },
	/* an old code says nothing about an active account */
	{ "active", ERR_NEEDS_REAUTH, 0, OK, OK, false },
	/* a person made it inactive, or another program did */
	{ "inactive", ERR__COUNT, 0, ERR_ACCOUNT_NOT_ACTIVE, OK, false },
	{ "asleep", ERR__COUNT, 0, ERR_ACCOUNT_NOT_ACTIVE, OK, false },
	{ "", ERR__COUNT, 0, ERR_ACCOUNT_NOT_ACTIVE, OK, false },
	/* X has ended it */
	{ "failed", ERR_NEEDS_REAUTH, 0, ERR_NEEDS_REAUTH, ERR_NEEDS_REAUTH,
	    false },
	{ "suspended", ERR_ACCOUNT_LOCKED, 0, ERR_ACCOUNT_LOCKED,
	    ERR_ACCOUNT_LOCKED, false },
	{ "failed", ERR__COUNT, 0, ERR_ACCOUNT_NOT_ACTIVE,
	    ERR_ACCOUNT_NOT_ACTIVE, false },
	/* OAuth 1.0a is never used, and only real accounts matter */
	{ "active", ERR__COUNT, OAUTH1, ERR_OAUTH1_UNSUPPORTED,
	    ERR_OAUTH1_UNSUPPORTED, false },
	{ "inactive", ERR__COUNT, OAUTH1, ERR_OAUTH1_UNSUPPORTED,
	    ERR_OAUTH1_UNSUPPORTED, false },
	{ "active", ERR__COUNT, OAUTH1 | MOCK, ERR_OAUTH1_UNSUPPORTED, OK,
	    false },
	{ "failed", ERR_NEEDS_REAUTH, OAUTH1, ERR_OAUTH1_UNSUPPORTED,
	    ERR_NEEDS_REAUTH, false },
	/* test accounts are for mock mode */
	{ "active", ERR__COUNT, MOCK, ERR_MOCK_MISMATCH, OK, false },
	{ "failed", ERR_NEEDS_REAUTH, MOCK, ERR_MOCK_MISMATCH, ERR_NEEDS_REAUTH,
	    false },
	{ "active", ERR__COUNT, MOCK | MODE, OK, OK, false },
	{ "active", ERR__COUNT, MOCK | MODE | TICK, OK, OK, false },
	/* a tick in mock mode leaves real accounts alone */
	{ "active", ERR__COUNT, MODE, OK, OK, false },
	{ "active", ERR__COUNT, MODE | TICK, OK, OK, true },
	{ "active", ERR__COUNT, TICK, OK, OK, false },
	{ "active", ERR__COUNT, MOCK | TICK, ERR_MOCK_MISMATCH, OK, false },
};

static void facts_decide_whether_an_account_is_used(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct account_facts facts = { .status = cases[i].status,
			.code = cases[i].code,
			.oauth1 = cases[i].facts & OAUTH1,
			.mock = cases[i].facts & MOCK,
			.mock_mode = cases[i].facts & MODE,
			.tick = cases[i].facts & TICK };
		struct account_standing standing = account_standing(&facts);

		if (standing.blocked != cases[i].blocked ||
		    standing.need != cases[i].need ||
		    standing.skipped != cases[i].skipped)
			fail_msg("case %zu", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_decide_whether_an_account_is_used),
	};

	return RUN_TESTS(tests);
}
