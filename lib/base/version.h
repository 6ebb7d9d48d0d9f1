/* version.h - the version of this release, and of the libraries in it. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"

#define VERSION "0.1.0"

struct library {
	const char *name;
	const char *version;
};

/* What the programs were linked with, up to one without a name. The build
 * writes this and the next (see LIBRARIES in the Makefile). */
extern const struct library libraries[];

/* The day on which the libraries in static programs were the newest there were,
 * "2026-01-31"; "": these are the system's, which keeps them up to date. */
extern const char libraries_day[];

/* Whole days from DAY, as libraries_day, until T (seconds since 1970); -1 if
 * DAY is none. */
int64_t version_days(const char *day, int64_t t);

/* Whether libraries so many days old are: there may be security updates. */
bool version_is_old(int64_t days);

/* {version,libraries:[{name,version}],libraries_day:text or null,
 * libraries_old}. */
cJSON *version_json(void);

#endif
