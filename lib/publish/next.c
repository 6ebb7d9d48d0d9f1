/* next.c - the decision what an account does next in a publishing run. */
#include "publish/next.h"

bool next_is_strict(enum err backoff)
{
	return backoff == ERR_RATE_LIMITED || backoff == ERR_CREDITS_DEPLETED ||
	       backoff == ERR_APP_NOT_ENROLLED || backoff == ERR_APP_REFUSED ||
	       backoff == ERR_ACCOUNT_HELD_BACK;
}

/* Whether the account waits at once, rather than after what X can be asked
 * before tweets go. A refresh that failed is not tried again, unless a person
 * asks. */
static bool waits_at_once(const struct next_facts *f)
{
	if (f->backoff == OK)
		return false;
	return next_is_strict(f->backoff) || (f->token_stale && !f->asked_for);
}

enum next next_step(const struct next_facts *f)
{
	if (!f->may_begin)
		return NEXT_STOP;
	if (waits_at_once(f)) {
		/* X may refuse its tweets for a day, and yet show them */
		bool readable = !f->mock && !f->token_stale &&
				f->backoff == ERR_ACCOUNT_HELD_BACK;

		return readable && !f->timeline_checked ? NEXT_CHECK_TIMELINE
							: NEXT_WAIT;
	}
	if (!f->mock) {
		if (f->token_stale)
			return NEXT_REFRESH;
		if (f->unnamed)
			return NEXT_IDENTIFY;
		if (!f->timeline_checked)
			return NEXT_CHECK_TIMELINE;
	}
	return f->backoff != OK && !f->asked_for ? NEXT_WAIT : NEXT_SEND;
}
