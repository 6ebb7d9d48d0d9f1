/* x_verdict.h - what each of X's replies means for the tweet, the account and
 * the app. Everything that calls X follows this one table. */
#ifndef X_X_VERDICT_H
#define X_X_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "x/x.h"

enum x_about {
	X_ABOUT_TWEET,
	X_ABOUT_ACCOUNT,
	X_ABOUT_APP,
	X_ABOUT_NETWORK, /* or a server error of X */
};

/* What the reply means for the tweet. */
enum x_tweet_end {
	X_TWEET_FAILS,
	X_TWEET_STAYS,   /* pending until someone repairs the account */
	X_TWEET_WAITS,   /* pending, and tried again at a given time */
	X_TWEET_UNKNOWN, /* X may have it: it is looked for, not sent again */
};

/* What it means for the account, or for all accounts. */
enum x_account_end {
	X_ACCOUNT_GOES_ON,
	X_ACCOUNT_COUNTED,   /* pauses at the third such refusal in a row */
	X_ACCOUNT_DOUBTED,   /* pauses at the fifth */
	X_ACCOUNT_REFRESHED, /* gets a new token; failed if that is refused */
	X_ACCOUNT_FAILED,    /* failed until it is linked again */
	X_ACCOUNT_SUSPENDED, /* suspended until someone acts on X */
	X_ACCOUNT_RESTS, /* pauses for an hour, then twice as long each time */
	X_ACCOUNT_WAITS, /* waits as long as X says, longer each time */
	X_APP_WAITS,     /* all accounts wait for an hour */
};

struct x_verdict {
	enum err err;
	enum x_about about;
	enum x_tweet_end tweet;
	enum x_account_end account;
};

/* The form of a reply. */
enum x_form {
	X_FORM_JSON,   /* a refusal that can be read */
	X_FORM_OTHER,  /* a refusal that cannot be read, such as an HTML page */
	X_FORM_SPOILT, /* a success that cannot be read */
	X_FORM_CUT, /* bytes may have been sent, but no complete reply came … */
	X_FORM_LATE,     /* … in time */
	X_FORM_NOT_SENT, /* certainly nothing was sent … */
	X_FORM_STUCK,    /* … in time */
	X_FORM__COUNT
};

/* The signs of a reply; texts are NULL if absent. */
struct x_signs {
	enum x_kind kind; /* of the call */
	enum x_form form;
	long status;
	int64_t code;      /* from older error bodies; 0: none */
	const char *type;  /* last segment of "type", or "error" of OAuth */
	const char *cause; /* "reason" of a client-forbidden problem */
	const char *title;
	const char *detail;
	const char *message; /* of the first error */
	const char *scope;   /* the account's permissions */
};

/* The row of the table that matches these signs. */
const struct x_verdict *x_verdict_find(const struct x_signs *signs);

/* Whether the account cannot be used until someone acts. */
bool x_verdict_ends_account(const struct x_verdict *verdict);

/* Whether X's words (NULL: none) give no reason. */
bool x_verdict_is_vague(const char *words);

/* Whether they leave open if the tweet or the account is refused. */
bool x_verdict_is_open(const char *words);

#endif
