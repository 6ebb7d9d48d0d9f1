/* scope.h - what an API key may be used for. */
#ifndef APP_SCOPE_H
#define APP_SCOPE_H

#include <stdbool.h>

#include "base/json.h"

/* A set of them is their sum. */
enum scope {
	SCOPE_OPEN = 0, /* of a call: it needs no key */
	SCOPE_READ = 1,
	SCOPE_WRITE = 2,   /* create, change, delete tweets */
	SCOPE_PUBLISH = 4, /* post tweets, now or at a time */
	SCOPE_TICK = 8,    /* the scheduler's call, and nothing else */
	SCOPE_ADMIN = 16,  /* everything; accounts, keys and the mode alone */
	SCOPE_ALL = 31
};

/* Their names in that order; ends with NULL. */
extern const char *const scope_names[];

/* The scopes of a text with their names, a blank between two; names that are
 * not ours count as nothing. All for NULL: keys made before there were scopes,
 * and those of other programs. */
unsigned scopes_read(const char *text);

/* Whether a key with these scopes may do what needs one of WANTED. */
bool scopes_allow(unsigned scopes, unsigned wanted);

/* The names of the set, in a JSON array. */
cJSON *scopes_json(unsigned scopes);

/* The name of the first scope of the set. */
const char *scope_name(unsigned scopes);

#endif
