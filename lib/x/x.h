/* x.h - X's API as we use it: calls start, run side by side and end.
 *
 * It has two implementations: x_live speaks HTTP; x_mock makes up the replies,
 * and nothing leaves this machine. */
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
	X_TIMELINE, /* what has this user posted recently? */
};

/* Whether TEXT can be a token: RFC 6749 allows visible ASCII characters. False
 * for NULL. */
bool x_token_valid(const char *text);

struct x_tokens {
	const char *access;
	const char *refresh; /* NULL: X sent none */
	const char *scope;   /* NULL: unknown */
	int64_t expires_at;  /* 0: unknown */
};

/* One post of a timeline. */
struct x_post {
	struct x_post *next;
	const char *id;
	const char *text; /* with entities and known t.co links resolved */
	const char *raw;  /* with its entities, in case X escaped none */
};

/* One rate limit from X's headers; limit < 0: X sent none. */
struct x_window {
	int64_t limit;
	int64_t remaining;
	int64_t reset; /* seconds since 1970 */
};

struct x_verdict;

struct x_call {
	/* the request; texts must outlive the call */
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
	const char *scope; /* what the account has permitted; NULL: unknown */
	void *context;     /* for the caller's use */

	/* the result: OK, or what the reply means for us */
	enum err err;
	const struct x_verdict *verdict; /* what follows, if err */
	bool sent;                       /* X may have received bytes */
	bool unknown;      /* the request may have taken effect, or may still */
	long status;       /* X's HTTP status; 0: no reply */
	const char *words; /* for a person, if err */
	const char *reason;     /* X's own words; NULL: none */
	const char *detail;     /* the network's, for the log; NULL: none */
	const char *request_id; /* X's x-transaction-id; NULL: none */
	int64_t retry_after;    /* seconds, if err; 0: unknown */
	int64_t date;           /* X's clock; 0: unknown */
	int64_t ms;
	struct x_window user15, user24, app24;
	struct x_tokens tokens; /* CODE, REFRESH */
	const char *id;         /* TWEET: the post's; ME: the user's */
	const char *username;   /* ME */
	struct x_post *posts;   /* TIMELINE, newest first */
	const char *next_page;  /* TIMELINE; NULL: no more */
};

/* The address and our credentials. Texts must outlive the calls. */
struct x_settings {
	const char *api_url;
	const char *client_id;
	const char *client_secret; /* NULL: a public client */
	const char *callback_url;
	const char *ca_file; /* NULL: the system's */
	const char *proxy;   /* NULL: none */
	int connections;     /* the most at a time */
};

struct x;

struct x_functions {
	enum err (*open)(struct x *x, struct fault *fault);
	void (*start)(struct x *x, struct x_call *call);
	struct x_call *(*wait)(struct x *x, int64_t deadline);
	void (*end)(struct x *x);
	bool logged; /* its calls are logged */
};

struct x {
	const struct x_functions *does;
	struct arena *arena; /* owns what calls give back */
	struct x_settings settings;
	void *self;
};

extern const struct x_functions x_live, x_mock;

/* Prepares calls to X through DOES, x_live or x_mock; failures go to FAULT. End
 * it with x_end. */
enum err x_open(struct x *x, const struct x_functions *does, struct arena *a,
    const struct x_settings *settings, struct fault *fault) MUST_CHECK;

/* Starts a call, which must stay in place until x_wait gives it back. */
void x_start(struct x *x, struct x_call *call);

/* Gives a call that has ended; NULL if none has by DEADLINE (of clock_mono_ms)
 * or none is running. */
struct x_call *x_wait(struct x *x, int64_t deadline);

/* Starts a call and waits until it has ended. */
void x_run(struct x *x, struct x_call *call);

void x_end(struct x *x);

#endif
