/* x.h - X's API as we use it: calls that begin, run at once, and end.
 *
 * Two implementations stand behind it: x_live speaks HTTP, x_mock answers by
 * itself and nothing leaves this machine. */
#ifndef X_X_H
#define X_X_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

enum x_kind {
	X_CODE,     /* exchange an authorization code for tokens */
	X_REFRESH,  /* exchange a refresh token for new tokens */
	X_ME,       /* whose token is this? */
	X_TWEET,    /* post */
	X_TIMELINE, /* what has this user posted lately? */
};

/* Whether TEXT (NULL: no) can be a token: RFC 6749 allows the visible ASCII
 * characters. */
bool x_token_valid(const char *text);

struct x_tokens {
	const char *access;
	const char *refresh; /* NULL: none was given */
	const char *scope;   /* NULL: not told */
	int64_t expires_at;  /* 0: not told */
};

/* One post of a timeline. */
struct x_post {
	struct x_post *next;
	const char *id;
	const char *text; /* entities undone, t.co links undone where told */
	const char *raw;  /* with its entities, should X have escaped none */
};

/* What X's headers say of one limit; limit below 0: nothing. */
struct x_window {
	int64_t limit;
	int64_t remaining;
	int64_t reset; /* seconds since 1970 */
};

struct x_verdict;

struct x_call {
	/* what is asked; texts must outlive the call */
	enum x_kind kind;
	int64_t account_id;   /* for the log; 0: not known yet */
	const char *token;    /* access token: ME, TWEET, TIMELINE */
	const char *code;     /* CODE */
	const char *verifier; /* CODE */
	const char *refresh;  /* REFRESH: the refresh token */
	const char *text;     /* TWEET */
	const char *user_id;  /* TIMELINE */
	const char *since_id; /* TIMELINE; NULL: from the beginning */
	const char *page;     /* TIMELINE; NULL: the first */
	const char *scope; /* what the account has granted; NULL: not known */
	void *context;     /* the caller's */

	/* what came of it: OK, or what the answer means for us */
	enum err err;
	const struct x_verdict *verdict; /* what follows, if err */
	bool sent;                       /* bytes may have left */
	bool unknown;           /* they may have had their effect, or may yet */
	long status;            /* X's HTTP status; 0: none */
	const char *words;      /* for a person, if err */
	const char *reason;     /* X's own words; NULL: none */
	const char *detail;     /* the network's, for the log; NULL: none */
	const char *request_id; /* X's x-transaction-id; NULL: none */
	int64_t retry_after;    /* seconds, if err; 0: not told */
	int64_t date;           /* X's clock; 0: not told */
	int64_t ms;
	struct x_window user15, user24, app24;
	struct x_tokens tokens; /* CODE, REFRESH */
	const char *id;         /* TWEET: the post's; ME: the user's */
	const char *username;   /* ME */
	struct x_post *posts;   /* TIMELINE, newest first */
	const char *next_page;  /* TIMELINE; NULL: no more */
};

/* Whom to call, and as whom. Texts must outlive the calls. */
struct x_settings {
	const char *api_url;
	const char *client_id;
	const char *client_secret; /* NULL: a public client */
	const char *callback_url;
	const char *ca_file; /* NULL: the system's */
	const char *proxy;   /* NULL: none */
	int connections;     /* at once, at the most */
};

struct x;

struct x_functions {
	enum err (*open)(struct x *x, struct fault *fault);
	void (*start)(struct x *x, struct x_call *call);
	struct x_call *(*wait)(struct x *x, int64_t deadline);
	void (*end)(struct x *x);
};

struct x {
	const struct x_functions *does;
	struct arena *arena; /* what calls give back lives here */
	struct x_settings settings;
	void *self;
};

extern const struct x_functions x_live, x_mock;

/* Prepares to call X by DOES, x_live or x_mock; notes a failure in FAULT. End
 * it with x_end. */
enum err x_open(struct x *x, const struct x_functions *does, struct arena *a,
    const struct x_settings *settings, struct fault *fault) MUST_CHECK;

/* Begins a call; it must stay in place until x_wait gives it back. */
void x_start(struct x *x, struct x_call *call);

/* Gives back a call that has ended, NULL when none has at clock_mono_ms()
 * DEADLINE or none is under way. */
struct x_call *x_wait(struct x *x, int64_t deadline);

/* Starts a call and waits until it has ended. */
void x_run(struct x *x, struct x_call *call);

void x_end(struct x *x);

#endif
