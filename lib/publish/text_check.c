/* text_check.c - texts that other programs wrote, past all of our checks. */
#include "publish/text_check.h"

#include "app/tweet.h"

/* Why the text is not to be handed to X: another program wrote it, past all of
 * our checks. *words says what is wrong with it. */
static enum err text_fault(
    struct run *run, const struct lane *lane, const char **words)
{
	int64_t weighted = 0;
	const char *wrong = NULL;

	*words = "the text is no UTF-8, or holds a NUL";
	if (!lane->readable)
		return ERR_TEXT_UNREADABLE;
	wrong = tweet_text_wrong(run->app, lane->text, &weighted);
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
	TRY(tweet_fail(run->app, lane->tweet, err));
	lane_ended(run, lane, lane->tweet, NULL, err, words);
	lane->tweet = 0;
	return run->tweet ? lane_stop(run, lane, err, words) : OK;
}
