/* doctor_check.h - what the checks of doctor.c share. */
#ifndef HOST_DOCTOR_CHECK_H
#define HOST_DOCTOR_CHECK_H

#include "host/doctor.h"
#include "net/http.h"
#include "store/db.h"

struct doctor {
	struct app *app;
	struct arena *a;
	enum err configured;
	struct fault settings; /* if that is not OK */

	/* the database, opened for reading */
	enum err store;
	struct fault store_fault;
	struct db_inspection look;
	int64_t repaired; /* rows of other programs, repaired */

	/* the site under its own URL */
	const char *site; /* without a slash at its end; NULL: unknown */
	bool site_given;  /* given by the user, so it should answer */
	const char *api; /* its "…/api/v1/" or "…/cgi-bin/"; NULL: no answer */
	bool answered; /* some server answered */
	bool key_good; /* the server accepts our API key */
	struct http_settings http_settings;
	struct http http;
};

typedef struct doctor_says doctor_fn(struct doctor *d);

/* Stores the result of a check; the detail is formatted as by printf. */
struct doctor_says doctor_say(struct doctor *d, enum doctor_status status,
    const char *hint, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* doctor_files.c: this machine */
doctor_fn doctor_settings, doctor_user, doctor_env_file, doctor_files,
    doctor_programs, doctor_libraries, doctor_space;

/* doctor_store.c: the database */
doctor_fn doctor_schema, doctor_journal, doctor_tokens, doctor_oauth1,
    doctor_rows, doctor_tick;

/* doctor_web.c and doctor_exposed.c: the site as others see it */
doctor_fn doctor_server, doctor_exposed, doctor_key, doctor_authorization,
    doctor_wrong_key, doctor_callback;

/* doctor_x.c: calls to X */
doctor_fn doctor_ca, doctor_clock;

/* A call that gets URL. */
struct http_call *doctor_call(struct doctor *d, const char *url);

/* Gets URL with one header LINE (NULL: none) and waits for the reply. */
struct http_call *doctor_get(
    struct doctor *d, const char *url, const char *line);

/* Whether the host in URL (NULL: no) is this machine. */
bool doctor_is_local(const char *url);

/* The code in one of our error replies; "" for any other reply. */
const char *doctor_code(const struct http_call *call);

#endif
