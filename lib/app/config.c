/*
 * config.c - the settings: read, checked and typed.
 *
 * A setting that cannot be understood is an error that names it. A silent
 * default would be noticed months later.
 */
#include "app/config.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "app/apikey.h"
#include "base/address.h"
#include "base/env.h"
#include "base/file.h"
#include "base/str.h"
#include "base/utf8.h"

enum kind { TEXT, KEY, MAIL, URL, NUMBER, SWITCH, CHOICE, PATH };

struct setting {
	const char *name;
	enum kind kind;
	size_t offset;
	const char *preset; /* the default; NULL: none */
	int64_t min, max;
	const char *no, *yes; /* the words of a CHOICE */
};

/* clang-format off */
#define SET(name, kind, member, preset)                                        \
	{ name, kind, offsetof(struct config, member), preset, 0, 0, NULL,     \
	  NULL }
#define SET_NUMBER(name, member, preset, min, max)                             \
	{ name, NUMBER, offsetof(struct config, member), preset, min, max,     \
	  NULL, NULL }
#define SET_CHOICE(name, member, no, yes)                                      \
	{ name, CHOICE, offsetof(struct config, member), no, 0, 0, no, yes }

static const struct setting settings[] = {
	SET("API_KEY", KEY, api_key, NULL),
	SET("ENCRYPTION_KEY", TEXT, encryption_key, NULL),
	SET("TWITTER_CLIENT_ID", TEXT, client_id, NULL),
	SET("TWITTER_CLIENT_SECRET", TEXT, client_secret, NULL),
	SET("TWITTER_CALLBACK_URL", URL, callback_url, NULL),
	SET("TWITTER_API_URL", URL, api_url, "https://api.twitter.com"),
	SET("TWITTER_AUTHORIZE_URL", URL, authorize_url,
	    "https://x.com/i/oauth2/authorize"),
	SET("HOST", TEXT, host, "127.0.0.1"),
	SET_NUMBER("PORT", port, "5555", 1, 65535),
	SET("SCHEDULER", SWITCH, scheduler, "1"),
	SET("INSTANCE_DIR", PATH, instance_dir, "instance"),
	SET("SHARED_GROUP", SWITCH, shared_group, "0"),
	SET("MOCK_MODE", SWITCH, mock_mode, NULL),
	SET_NUMBER("LOG_RETENTION_DAYS", log_retention_days, "14", 1, 3650),
	SET_NUMBER("PUBLISH_CONCURRENCY", publish_concurrency, "128", 1, 256),
	SET_NUMBER("TICK_BUDGET_SECONDS", tick_budget_seconds, "240", 1, 3600),
	SET_NUMBER("TICK_INTERVAL_MINUTES", tick_interval_minutes, "15", 1,
	    1440),
	SET_CHOICE("LATE_POLICY", late_post, "hold", "post"),
	SET_NUMBER("LATE_LIMIT_MINUTES", late_limit_minutes, "60", 1, 525600),
	SET_NUMBER("LATE_SPREAD_SECONDS", late_spread_seconds, "60", 0, 86400),
	SET_CHOICE("SIMILAR_TEXT", similar_block, "warn", "block"),
	SET_NUMBER("ALERT_AFTER", alert_after, "3", 1, 1000),
	SET("ALERT_EMAIL", MAIL, alert_email, NULL),
	SET("SENDMAIL", PATH, sendmail, "/usr/sbin/sendmail"),
	SET("CA_FILE", PATH, ca_file, NULL),
	SET("PROXY_URL", URL, proxy_url, NULL),
};
/* clang-format on */

const char *config_name(size_t i)
{
	return i < COUNT(settings) ? settings[i].name : NULL;
}

static bool read_switch(struct str s, bool *out)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {
		{ "0", false },
		{ "1", true },
		{ "false", false },
		{ "true", true },
		{ "off", false },
		{ "on", true },
	};
	for (size_t i = 0; i < COUNT(words); i++) {
		if (!str_is_word(s, words[i].word))
			continue;
		*out = words[i].value;
		return true;
	}
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "C:\x", "C:/x", "C:" and "\\server\share": taken literally, each would create
 * an oddly named folder. */
static bool is_windows_path(const char *path)
{
	if (path[0] == '\\' && path[1] == '\\')
		return true;
	return is_letter(path[0]) && path[1] == ':' &&
	       (path[2] == '\0' || path[2] == '\\' || path[2] == '/');
}

bool config_is_url(const char *url)
{
	const char *host = strncmp(url, "https://", 8) == 0  ? url + 8
			   : strncmp(url, "http://", 7) == 0 ? url + 7
							     : NULL;

	if (!host || !host[0] || strchr("/:?#", host[0]))
		return false;
	for (const char *p = host; *p; p++) {
		if (*p <= ' ' || *p == 0x7F || strchr("\"<>\\^`{|}#", *p))
			return false;
	}
	return true;
}

static const char *absolute(
    struct arena *a, const char *folder, const char *path)
{
	char here[PATH_MAX];
	const char *joined = file_join(a, folder, path);

	if (joined[0] == '/')
		return joined;
	if (!getcwd(here, sizeof(here)))
		return arena_printf(a, "./%s", joined);
	return file_join(a, here, joined);
}

static bool control_byte(const char *text)
{
	for (const char *p = text; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7F)
			return true;
	}
	return false;
}

/* Stores the text of a setting in its member; says in words what is wrong with
 * it, NULL if nothing is. */
static const char *parse_value(const struct setting *s, const char *text,
    const struct env *env, void *member)
{
	struct arena *a = env->arena;
	struct str trimmed = str_trim(str_of(text));

	if (!utf8_valid(text, strlen(text)) || control_byte(text))
		return "has control characters or is not UTF-8";
	switch (s->kind) {
	case TEXT:
		*(const char **)member = arena_copy(a, trimmed.p, trimmed.n);
		return NULL;
	case MAIL:
		text = arena_copy(a, trimmed.p, trimmed.n);
		*(const char **)member = text;
		return address_list(a, text) ? NULL
					     : "is not a list of mail"
					       " addresses";
	case KEY:
		*(const char **)member = arena_copy(a, trimmed.p, trimmed.n);
		return apikey_plausible(trimmed)
			   ? NULL
			   : "cannot be sent in a header: use up to 512"
			     " visible ASCII characters without commas";
	case URL:
		text = arena_copy(a, trimmed.p, trimmed.n);
		*(const char **)member = text;
		return config_is_url(text) ? NULL
					   : "is not an http:// or"
					     " https:// URL";
	case NUMBER:
		return str_int64(trimmed, s->min, s->max, member)
			   ? NULL
			   : "is not a whole number in the allowed range";
	case SWITCH:
		return read_switch(trimmed, member)
			   ? NULL
			   : "must be 0, 1, true, false, on or off";
	case CHOICE:
		*(bool *)member = str_eq(trimmed, s->yes);
		if (*(bool *)member || str_eq(trimmed, s->no))
			return NULL;
		return arena_printf(a, "must be %s or %s", s->no, s->yes);
	case PATH:
		if (is_windows_path(text))
			return "is a Windows path, which does not work"
			       " here";
		*(const char **)member = absolute(a, env->folder, text);
		return NULL;
	}
	return NULL;
}

static enum err read_settings(
    struct config *config, const struct env *env, struct fault *f)
{
	enum err err = OK;

	for (size_t i = 0; i < COUNT(settings); i++) {
		const struct setting *s = &settings[i];
		const char *text = env_get(env, s->name);
		void *member = (char *)config + s->offset;

		if (!text)
			text = s->preset;
		if (!text)
			continue;

		const char *wrong = parse_value(s, text, env, member);

		if (wrong && err == OK)
			err = FAULT(f, ERR_CONFIG_INVALID, "the setting %s %s",
			    s->name, wrong);
	}
	return err;
}

const char *config_trim_url(struct arena *a, const char *url)
{
	size_t n = strlen(url);

	while (n && url[n - 1] == '/')
		n--;
	return arena_copy(a, url, n);
}

const char *config_callback(struct arena *a, int64_t port)
{
	return arena_printf(a, "http://localhost:%d/auth/callback", (int)port);
}

enum err config_load(struct config *config, struct arena *a, struct fault *f)
{
	struct env env;

	*config = (struct config){ 0 };

	enum err unread = env_open(&env, a, f);

	/* the working directory depends on the server */
	if (!env.file && !env_process("TWITTER_MANAGER_ENV") &&
	    env_process("REQUEST_METHOD"))
		env.folder = env_home(a);

	enum err err = unread == OK ? read_settings(config, &env, f) : unread;

	config->env_file = env.file;
	config->env_folder = env.folder;
	if (!config->instance_dir || !config->api_url)
		return err;
	config->api_url = config_trim_url(a, config->api_url);
	config->database =
	    file_join(a, config->instance_dir, "twitter_manager.db");
	config->log_folder = file_join(a, config->instance_dir, "logs");
	config->callback_set = config->callback_url != NULL;
	if (!config->callback_set)
		config->callback_url = config_callback(a, config->port);
	if (!env_get(&env, "MOCK_MODE"))
		config->mock_mode = config->client_id == NULL;
	return err;
}

enum err config_keys(const struct config *config, struct fault *f)
{
	const char *missing = !config->api_key          ? "API_KEY"
			      : !config->encryption_key ? "ENCRYPTION_KEY"
							: NULL;

	if (!missing)
		return OK;
	return FAULT(
	    f, ERR_CONFIG_MISSING, "the setting %s is missing", missing);
}
