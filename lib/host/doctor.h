/* doctor.h - looks an installation over and says how to mend it.
 *
 * Each check says what it found, even where others cannot be done: with no
 * .env, no database, no server. Nothing is changed, and no secret is shown. */
#ifndef HOST_DOCTOR_H
#define HOST_DOCTOR_H

#include <stdbool.h>

#include "app/app.h"
#include "base/buf.h"
#include "base/json.h"

enum doctor_status {
	DOCTOR_OK,
	DOCTOR_WARN, /* works, and yet */
	DOCTOR_FAIL,
	DOCTOR_SKIP /* could not be looked at */
};

struct doctor_says {
	enum doctor_status status;
	const char *detail; /* what was found */
	const char *hint;   /* how to mend it; NULL: nothing to do */
};

/* Does all checks. CONFIGURED is how the settings were read, with its fault in
 * the app. URL is where the site begins; NULL: as the settings tell. MENDED is
 * how many rows were mended before (foreign.h). Gives an array that ends with a
 * check that has no name. */
struct doctor_row {
	const char *check;
	struct doctor_says says;
};
const struct doctor_row *doctor_run(
    struct app *app, enum err configured, const char *url, int64_t mended);

/* Whether no check has failed. */
bool doctor_well(const struct doctor_row *rows);

/* The rows for a person, in 80 columns; and {ok,version,checks}. */
void doctor_text(struct buf *out, const struct doctor_row *rows);
cJSON *doctor_json(const struct doctor_row *rows);

#endif
