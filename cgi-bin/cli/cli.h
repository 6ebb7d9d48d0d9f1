/* cli.h - what the files of the tool share. */
#ifndef CLI_H
#define CLI_H

#include "app/app.h"

enum { OPTIONS_MAX = 4 };

/* What a command is given, and how the process is to end if it gives OK. */
struct job {
	struct app *app;
	enum err configured;       /* how the settings were read */
	const char *const *values; /* of its options; NULL: not given */
	int exit;
};

typedef enum err command_fn(struct job *job);

/* Gives how the settings were read. Where they cannot be, it may be for want of
 * rights: then that is said, with how COMMAND is called instead. */
enum err cli_configured(const struct job *job, const char *command) MUST_CHECK;

/* The commands about keys, and the places of their options. */
enum { KEY_NAME, KEY_SCOPES, KEY_EXPIRES, KEY_CREATE_AS_JSON };
enum { KEY_LIST_AS_JSON };
enum { KEY_ID };
command_fn cli_key_create, cli_key_list, cli_key_revoke;

#endif
