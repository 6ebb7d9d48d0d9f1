/* text_check.c - checks a text once more before it is sent. */
#include "publish/text_check.h"

#include "app/tweet.h"
#include "app/tweet_life.h"

/* Why X must not get this text, which another program wrote into the database,
 * past our checks; *words says what is wrong with it. */
static enum err text_fault(
    struct run *run, const struct lane *lane, const char **words)
{
	int64_t weighted = 0;
	const char *wrong = NULL;

	*words = NULL;
	if (!lane->tweet.readable)
		return ERR_TEXT_UNREADABLE;
	wrong = tweet_text_wrong(run->app, lane->tweet.text, &weighted);
	*words = arena_printf(
	    run->app->arena, "the text %s", wrong ? wrong : "is good");
	return wrong ? ERR_TEXT_INVALID : OK;
}

enum err text_check(struct run *run, struct lane *lane, bool *found)
{
	const char *words = NULL;
	enum err err = text_fault(run, lane, &words);

	if (err == OK)
		return OK;
	*found = false;
	TRY(tweet_mark_failed(run->app, lane->tweet.id, err, NULL));
	lane_ended(run->app, lane, lane->tweet.id, NULL, err, words);
	lane->tweet.id = 0;
	return run->tweet ? lane_stop(run->app, lane, err, words) : OK;
}
