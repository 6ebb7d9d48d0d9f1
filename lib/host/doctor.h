/* doctor.h - checks an installation and says how to repair it.
 *
 * Each check reports separately, so it works without a .env, a database or a
 * server. Nothing is changed, and no secret is shown. */
#ifndef HOST_DOCTOR_H
#define HOST_DOCTOR_H

#include <stdbool.h>

#include "app/app.h"
#include "base/buf.h"
#include "base/json.h"

enum doctor_status {
	DOCTOR_OK,
	DOCTOR_WARN, /* works, but should be changed */
	DOCTOR_FAIL,
	DOCTOR_SKIP /* could not be checked */
};

struct doctor_says {
	enum doctor_status status;
	const char *detail; /* what was found */
	const char *hint;   /* how to fix it; NULL: nothing to do */
};

/* Runs all checks. CONFIGURED is the result of reading the settings, its fault
 * in the app. URL is the site's URL; NULL: from the settings. REPAIRED is the
 * number of rows repaired before (foreign.h). Gives an array that ends with a
 * check without a name. */
struct doctor_row {
	const char *check;
	struct doctor_says says;
};
const struct doctor_row *doctor_run(
    struct app *app, enum err configured, const char *url, int64_t repaired);

/* Whether no check has failed. */
bool doctor_well(const struct doctor_row *rows);

/* The results as text in 80 columns; and as {ok,version,checks}. */
void doctor_text(struct buf *out, const struct doctor_row *rows);
cJSON *doctor_json(const struct doctor_row *rows);

#endif
