/* setup.h - the first run for people without a shell: they prove that they own
 * the files by uploading one, and get keys. */
#ifndef HOST_SETUP_H
#define HOST_SETUP_H

#include "host/init.h"

enum { SETUP_PROBES = 2 };

struct setup {
	const char *file;   /* the future .env */
	const char *folder; /* its folder, for the proof too */
	const char *probes
	    [SETUP_PROBES]; /* test files that nobody must be able to fetch */
};

/* The content of the probes. */
extern const char setup_marker[];

/* Whether there is anything to set up: ERR_NOT_FOUND if there are keys,
 * ERR_CONFIG_INVALID as init_allowed. Changes nothing. */
enum err setup_wanted(struct app *app) MUST_CHECK;

/* Creates the instance folder, closed to Apache, and the probes. Fails as
 * setup_wanted, and with ERR_SYSTEM and a hint if a folder cannot be written,
 * ERR_DISK_FULL. */
enum err setup_begin(struct app *app, struct setup *s) MUST_CHECK;

/* A ticket, which belongs to one browser; whether TEXT can be one (NULL
 * cannot). */
const char *setup_ticket(struct arena *a);
bool setup_is_ticket(const char *text);

/* The name of the proof file, a hash of the ticket: no visitor can choose the
 * name of an existing file or use another visitor's. */
const char *setup_proof(struct arena *a, const char *ticket) NOT_NULL;

/* Creates the keys if the proof file exists, and deletes it and the probes;
 * LEFT lists those that could not be deleted and ends with NULL.
 * ERR_SETUP_UNPROVEN, ERR_NOT_FOUND if another request was faster, and the
 * errors of init_keys. */
enum err setup_end(struct app *app, const struct setup *s, const char *ticket,
    const char *callback_url, struct init_made *made,
    const char *left[SETUP_PROBES + 2]) MUST_CHECK;

/* Whether the .env's folder belongs to another user, who could not read our
 * private file; whether more users than its owner can write to it. */
bool setup_is_guest(const struct setup *s);
bool setup_is_open(const struct setup *s);

#endif
