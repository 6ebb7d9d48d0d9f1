/* foreign.h - rows that another program wrote and that we cannot use: which
 * they are, and what is made of them when somebody asks for it. */
#ifndef HOST_FOREIGN_H
#define HOST_FOREIGN_H

#include <stdint.h>

#include "app/app.h"

enum { FOREIGN_KINDS = 7 };

/* Rows with one fault. */
struct foreign {
	const char *words; /* what is wrong, after "tweets 3, 7 " or the like */
	const char *of;    /* "tweets" or "accounts" */
	int64_t *ids;      /* all of them, in order */
	size_t count;
};

/* Looks all rows over, also in a database that is open for reading alone. */
enum err foreign_look(struct app *app, struct foreign found[FOREIGN_KINDS])
    MUST_CHECK;

/* Mends what foreign_look finds: texts that cannot be sent have failed, what
 * has an unknown status is not confirmed, tweets without an account get one
 * that is inactive, times are written as we write them or taken away, and
 * tweets are counted anew. *mended is the number of rows. */
enum err foreign_mend(struct app *app, int64_t *mended) MUST_CHECK;

#endif
