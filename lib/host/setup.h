/* setup.h - the first run where nobody has a shell: a person proves to own the
 * files by uploading one, and gets keys for it. */
#ifndef HOST_SETUP_H
#define HOST_SETUP_H

#include "host/init.h"

enum { SETUP_PROBES = 2 };

struct setup {
	const char *file;                 /* the .env that is to be */
	const char *folder;               /* its folder, for the proof too */
	const char *probes[SETUP_PROBES]; /* files that nobody may fetch */
};

/* What the probes hold. */
extern const char setup_marker[];

/* Whether there is anything to set up: ERR_NOT_FOUND where there are keys,
 * ERR_CONFIG_INVALID as init_allowed. Changes nothing. */
enum err setup_wanted(struct app *app) MUST_CHECK;

/* Makes the instance folder, closed to Apache, and the probes. As setup_wanted;
 * and ERR_SYSTEM, with what to do, where a folder cannot be written;
 * ERR_DISK_FULL. */
enum err setup_begin(struct app *app, struct setup *s) MUST_CHECK;

/* A ticket, which is one browser's; whether TEXT (NULL: no) may be one. */
const char *setup_ticket(struct arena *a);
bool setup_is_ticket(const char *text);

/* The name of the file that proves, made from the ticket one way: no visitor
 * can name a file that exists, nor use what another one was asked for. */
const char *setup_proof(struct arena *a, const char *ticket) NOT_NULL;

/* Makes the keys if the proof is there, and takes it and the probes away; what
 * stays is listed in LEFT, which ends with NULL. ERR_SETUP_UNPROVEN,
 * ERR_NOT_FOUND where another request was quicker, and what init_keys gives. */
enum err setup_end(struct app *app, const struct setup *s, const char *ticket,
    const char *callback_url, struct init_made *made,
    const char *left[SETUP_PROBES + 2]) MUST_CHECK;

/* Whether the .env's folder is another user's, who then cannot read a file
 * that is ours alone; whether it may be written by more than its owner. */
bool setup_is_guest(const struct setup *s);
bool setup_is_open(const struct setup *s);

#endif
