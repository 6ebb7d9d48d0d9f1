/* tweet_state.c - the states of a tweet, a row each. */
#include "app/tweet_state.h"

#include <assert.h>
#include <string.h>

#define ROW(id, name, status, place, ...) { name, status, place },
#define NAME(id, name, ...)               name,

const struct tweet_state_row tweet_state_rows[] = { TWEET_STATES(ROW) };
const char *const tweet_states[] = { TWEET_STATES(NAME) NULL };

enum tweet_state tweet_state_named(const char *name)
{
	int state = 0;

	while (state < TWEET_STATE__COUNT &&
	       strcmp(tweet_states[state], name) != 0)
		state++;
	assert(state < TWEET_STATE__COUNT);
	return (enum tweet_state)state;
}
