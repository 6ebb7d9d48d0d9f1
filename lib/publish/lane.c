/* lane.c - one account's place in a publishing run. */
#include "publish/lane.h"

#include <assert.h>

#include "app/lease.h"

#define TO(state) (1U << (state))

/* The states that may follow each. */
static const unsigned moves[] = {
	[LANE_FREE] = TO(LANE_WAITING),
	[LANE_WAITING] = TO(LANE_IDLE) | TO(LANE_FREE),
	[LANE_IDLE] = TO(LANE_BEGUN) | TO(LANE_DONE),
	[LANE_BEGUN] = TO(LANE_CALLING),
	[LANE_CALLING] = TO(LANE_CALLED),
	[LANE_CALLED] = TO(LANE_IDLE),
	[LANE_DONE] = TO(LANE_FREE),
};
_Static_assert(COUNT(moves) == LANE__COUNT, "a state that nothing follows");

void lane_set_state(struct lane *lane, enum lane_state state)
{
	assert(moves[lane->state] & TO(state));
	lane->state = state;
}

void lane_admit(struct lane *lane, int64_t account)
{
	assert(lane->state == LANE_FREE);
	*lane = (struct lane){ .account.id = account };
	lane_set_state(lane, LANE_WAITING);
}

struct x_call *lane_begin(struct app *app, struct lane *lane, enum x_kind kind)
{
	struct x_call *call = arena_new(app->arena, struct x_call);

	call->kind = kind;
	call->account_id = lane->account.id;
	call->context = lane;
	call->token = kind == X_REFRESH ? NULL : lane->account.access_token;
	call->refresh = lane->account.refresh_token;
	call->scope = lane->account.scope;
	lane->call = call;
	lane_set_state(lane, LANE_BEGUN);
	return call;
}

enum err lane_stop(
    struct app *app, struct lane *lane, enum err err, const char *words)
{
	lane_set_state(lane, LANE_DONE);
	lane->end.err = err;
	lane->end.words = words ? words : err_words(err);
	return lease_release(app, lane->account.id);
}

void lane_ended(struct app *app, struct lane *lane, int64_t tweet,
    const char *twitter_id, enum err err, const char *words)
{
	struct publish_ended *ended =
	    arena_new(app->arena, struct publish_ended);

	*ended =
	    (struct publish_ended){ lane->tally.ended, tweet, lane->account.id,
		    twitter_id, err, words ? words : err_words(err) };
	lane->tally.ended = ended;
}
