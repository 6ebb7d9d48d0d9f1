/* foreign.h - finds rows of other programs that we cannot use, and repairs them
 * on request. */
#ifndef HOST_FOREIGN_H
#define HOST_FOREIGN_H

#include <stdint.h>

#include "app/app.h"

enum { FOREIGN_KINDS = 7 };

/* The rows with one kind of fault. */
struct foreign {
	const char *words; /* what is wrong, after "tweets 3, 7 " or the like */
	const char *of;    /* "tweets" or "accounts" */
	int64_t *ids;      /* all of them, sorted */
	size_t count;
};

/* Checks all rows; the database may be open for reading only. */
enum err foreign_find(struct app *app, struct foreign found[FOREIGN_KINDS])
    MUST_CHECK;

/* Repairs what foreign_find finds: tweets whose text cannot be sent become
 * failed, tweets with an unknown status not confirmed, tweets without an
 * account get an inactive one, times are rewritten in our format or removed,
 * and tweets are counted again. *repaired is the number of rows. */
enum err foreign_repair(struct app *app, int64_t *repaired) MUST_CHECK;

#endif
