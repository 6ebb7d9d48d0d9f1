/* keys.c - the commands about API keys. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/key.h"
#include "app/scope.h"
#include "base/buf.h"
#include "base/clock.h"
#include "cli.h"
#include "host/permissions.h"

enum { SCOPES_MAX = 8 };

/* The names in TEXT, with commas between them; ends with NULL. */
static enum err read_scopes(
    struct app *app, const char *text, const char **scopes)
{
	struct str rest = str_of(text);
	size_t n = 0;

	while (rest.p) {
		struct str word = str_trim(str_cut(&rest, ','));
		size_t i = 0;

		while (scope_names[i] && !str_eq(word, scope_names[i]))
			i++;
		if (!scope_names[i] || n == SCOPES_MAX)
			return fail(app, ERR_BAD_REQUEST,
			    "--scopes wants some of read, write, publish, tick"
			    " and admin, with commas between them");
		scopes[n++] = scope_names[i];
	}
	return OK;
}

/* A day, which a key lasts to the end of, or a time as in the API. */
static enum err read_expiry(struct app *app, const char *text, int64_t *at)
{
	const char *whole = strlen(text) == strlen("2026-01-31")
				? arena_printf(app->arena, "%sT23:59:59Z", text)
				: text;

	if (!clock_parse_rfc3339(str_of(whole), at) || *at <= clock_now())
		return fail(app, ERR_BAD_REQUEST,
		    "--expires wants a day to come, such as 2027-01-31");
	return OK;
}

/* Opens the database for a command that changes keys. */
static enum err open_keys(struct job *job, const char *command)
{
	TRY(cli_configured(job, command));
	TRY(permissions_check(job->app, command));
	return app_open_store(job->app);
}

enum err cli_key_create(struct job *job)
{
	const char *scopes[SCOPES_MAX + 1] = { NULL };
	const char *name = job->values[KEY_NAME];
	const char *expires = job->values[KEY_EXPIRES];
	struct key_changes new = { .name = name, .scopes = scopes };
	cJSON *json = NULL;

	if (!name || !name[0] || strlen(name) > KEY_NAME_MAX ||
	    !job->values[KEY_SCOPES])
		return fail(job->app, ERR_BAD_REQUEST,
		    "key create wants --name, of 1 to %d bytes, and --scopes",
		    KEY_NAME_MAX);
	TRY(read_scopes(job->app, job->values[KEY_SCOPES], scopes));
	if (expires)
		TRY(read_expiry(job->app, expires, &new.expires_at));
	TRY(open_keys(job, "key create"));
	TRY(key_create(job->app, &new, &json));
	if (job->values[KEY_CREATE_AS_JSON])
		puts(json_print(json));
	else
		printf("%s\nThis is shown once: keep it.\n",
		    json_text(json, "key"));
	return OK;
}

static const char *scopes_of(struct app *app, const cJSON *key)
{
	struct buf text = buf_make(app->arena, 256);
	const cJSON *scope;

	cJSON_ArrayForEach (scope, json_get(key, "scopes"))
		buf_printf(&text, "%s%s", text.n ? "," : "",
		    cJSON_GetStringValue(scope));
	return buf_cstr(&text);
}

enum err cli_key_list(struct job *job)
{
	cJSON *json = NULL;
	const cJSON *key;

	TRY(open_keys(job, "key list"));
	TRY(key_list(job->app, 0, INT64_MAX - 1, &json));
	if (job->values[KEY_LIST_AS_JSON]) {
		puts(json_print(json));
		return OK;
	}
	cJSON_ArrayForEach (key, json_get(json, "keys")) {
		const char *name = json_text(key, "name");
		const char *used = json_text(key, "last_used_on");

		printf("%-4s %-9s %-32s used %-10s %s\n",
		    json_get(key, "id")->valuestring,
		    cJSON_IsTrue(json_get(key, "is_active")) ? "works"
							     : "ended",
		    scopes_of(job->app, key), used ? used : "never",
		    name ? name : "(no name)");
	}
	return OK;
}

enum err cli_key_revoke(struct job *job)
{
	const char *text = job->values[KEY_ID];
	int64_t id = 0;

	if (!text || !str_int64(str_of(text), 1, INT64_MAX, &id))
		return fail(job->app, ERR_BAD_REQUEST,
		    "key revoke wants the id that `key list` shows");
	TRY(open_keys(job, "key revoke"));
	TRY(key_revoke(job->app, id));
	printf("Key %" PRId64 " is revoked.\n", id);
	return OK;
}
