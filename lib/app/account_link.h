/* account_link.h - what a good consent makes of an account's row. */
#ifndef APP_ACCOUNT_LINK_H
#define APP_ACCOUNT_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "x/x.h"

/* How the name of an account begins for which X has not told one yet. It is
 * longer than any of X's own names. */
#define ACCOUNT_UNNAMED "not_named_yet_"

/* Whether USERNAME is such a name. */
bool account_is_unnamed(const char *username) NOT_NULL;

struct account_grant {
	const struct x_tokens *tokens;
	const char *x_user_id; /* NULL: X did not tell */
	const char *username;  /* NULL: X did not tell */
	bool mock;
	int64_t only; /* the one account it may be; 0: any */
};

/* Stores the tokens, sealed, with the account they are for: the one with X's
 * id, else one of that name with no id yet, else a new one; it becomes active.
 * ERR_WRONG_ACCOUNT when it must be another, ERR_MOCK_MISMATCH between a real
 * and a mock one. */
enum err account_link(struct app *app, const struct account_grant *grant,
    int64_t *id, const char **username) MUST_CHECK;

/* Notes X's id and name of an account that was stored without, inside the
 * caller's transaction. Where another row is the same account, that one takes
 * over the tokens and tweets and row ID goes. */
enum err account_identify(struct app *app, int64_t id, const char *x_user_id,
    const char *username) MUST_CHECK;

#endif
