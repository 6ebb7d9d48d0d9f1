/* account_link.h - stores the result of a successful OAuth consent. */
#ifndef APP_ACCOUNT_LINK_H
#define APP_ACCOUNT_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "x/x.h"

/* The beginning of the name of an account whose real name we do not know yet.
 * It is longer than any user name on X. */
#define ACCOUNT_UNNAMED "not_named_yet_"

/* Whether USERNAME is such a placeholder. */
bool account_is_unnamed(const char *username) NOT_NULL;

struct account_grant {
	const struct x_tokens *tokens;
	const char *x_user_id; /* NULL: unknown */
	const char *username;  /* NULL: unknown */
	bool mock;
	int64_t only; /* the one account it may be; 0: any */
};

/* Stores the encrypted tokens with their account, which becomes active: the
 * account with X's id, else one with that name and no id yet, else a new one.
 * ERR_WRONG_ACCOUNT if it is not the one asked for, ERR_MOCK_MISMATCH between a
 * real and a test account. */
enum err account_link(struct app *app, const struct account_grant *grant,
    int64_t *id, const char **username) MUST_CHECK;

/* Stores X's id and name of an account that was linked without them, inside the
 * caller's transaction. If another row is the same account, that row takes over
 * the tokens and tweets, and row ID is deleted. */
enum err account_identify(struct app *app, int64_t id, const char *x_user_id,
    const char *username) MUST_CHECK;

#endif
