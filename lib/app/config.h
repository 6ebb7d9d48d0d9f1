/* config.h - the settings: read, checked and typed. */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

struct config {
	const char *env_file;   /* the .env, even if it cannot be read */
	const char *env_folder; /* its folder, or where one would be created */
	const char *api_key;    /* NULL: not set */
	const char *encryption_key; /* NULL: not set */
	const char *client_id;      /* NULL: not set */
	const char *client_secret;  /* NULL: a public client */
	const char *callback_url;
	bool callback_set;   /* else derived from PORT */
	const char *api_url; /* without a slash at its end */
	const char *authorize_url;
	const char *host;
	int64_t port;
	bool scheduler;           /* `make run` also runs the scheduler */
	const char *instance_dir; /* absolute */
	const char *database;     /* path of the database file */
	const char *log_folder;
	bool shared_group; /* our files are for the group, too */
	bool mock_mode;    /* whether to start in mock mode */
	int64_t log_retention_days;
	int64_t publish_concurrency;
	int64_t tick_budget_seconds;
	int64_t tick_interval_minutes;
	bool late_post; /* LATE_POLICY: late tweets are sent, not held */
	int64_t late_limit_minutes;
	int64_t late_spread_seconds;
	bool similar_block; /* SIMILAR_TEXT: equal texts are refused */
	int64_t alert_after;
	const char *alert_email; /* NULL: no mail */
	const char *sendmail;
	const char *ca_file;   /* NULL: the system's */
	const char *proxy_url; /* NULL: none */
};

/* Reads the settings: defaults, then .env, then the environment. All texts are
 * owned by the arena. ERR_CONFIG_INVALID names a setting that cannot be
 * understood; the others are set even so. */
enum err config_load(struct config *config, struct arena *a, struct fault *f)
    MUST_CHECK;

/* ERR_CONFIG_MISSING if API_KEY or ENCRYPTION_KEY is not set. */
enum err config_keys(const struct config *config, struct fault *f) MUST_CHECK;

/* Whether URL has "http://" or "https://", a host, no fragment, and no
 * character that could end a line. */
bool config_is_url(const char *url);

/* The callback URL for `make run` on PORT, if no setting gives one; owned by
 * the arena. */
const char *config_callback(struct arena *a, int64_t port);

/* URL without slashes at its end; owned by the arena. */
const char *config_trim_url(struct arena *a, const char *url);

/* The name of the I-th setting, in the order of .env.example; NULL after the
 * last. */
const char *config_name(size_t i);

#endif
