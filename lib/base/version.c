/* version.c - what this release says of itself. */
#include "base/version.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"

enum { DAY_SECONDS = 86400, OLD_DAYS = 90 };

int64_t version_days(const char *day, int64_t t)
{
	char midnight[CLOCK_TEXT];
	int64_t from;

	snprintf(midnight, sizeof(midnight), "%s 00:00:00", day);
	if (!clock_parse(str_of(midnight), &from))
		return -1;
	return (t - from) / DAY_SECONDS;
}

bool version_is_old(int64_t days)
{
	return days > OLD_DAYS;
}

cJSON *version_json(void)
{
	cJSON *json = json_object();

	json_add_text(json, "version", VERSION);

	cJSON *list = json_add(json, "libraries", json_array());

	for (const struct library *l = libraries; l->name; l++) {
		cJSON *one = json_object();

		json_add_text(one, "name", l->name);
		json_add_text(one, "version", l->version);
		json_push(list, one);
	}
	json_add_text(
	    json, "libraries_day", libraries_day[0] ? libraries_day : NULL);
	json_add_bool(json, "libraries_old",
	    version_is_old(version_days(libraries_day, clock_now())));
	return json;
}
