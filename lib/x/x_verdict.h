/* x_verdict.h - what each answer of X means: for the tweet, for the account,
 * for the app. One table says it, and everything that calls X follows it. */
#ifndef X_X_VERDICT_H
#define X_X_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "x/x.h"

enum x_about {
	X_ABOUT_TWEET,
	X_ABOUT_ACCOUNT,
	X_ABOUT_APP,
	X_ABOUT_NETWORK, /* or X's own trouble: nobody's fault here */
};

/* What becomes of a tweet that met the answer. */
enum x_tweet_end {
	X_TWEET_FAILS,
	X_TWEET_STAYS,   /* pending, until a person has seen to the account */
	X_TWEET_WAITS,   /* pending, with a time at which it goes again */
	X_TWEET_UNKNOWN, /* X may have it: it is looked for, not sent again */
};

/* What becomes of the account it was sent for, or of all of them. */
enum x_account_end {
	X_ACCOUNT_GOES_ON,
	X_ACCOUNT_COUNTED,   /* the third such refusal in a row makes it rest */
	X_ACCOUNT_DOUBTED,   /* the fifth does */
	X_ACCOUNT_REFRESHED, /* a new token; refused again, it is failed */
	X_ACCOUNT_FAILED,    /* until it is linked again */
	X_ACCOUNT_SUSPENDED, /* until a person has seen to it on X */
	X_ACCOUNT_RESTS,     /* an hour, and twice as long each time */
	X_ACCOUNT_WAITS,     /* as long as X says, longer each time */
	X_APP_WAITS,         /* an hour, all accounts */
};

struct x_verdict {
	enum err err;
	enum x_about about;
	enum x_tweet_end tweet;
	enum x_account_end account;
};

/* How an answer came. */
enum x_form {
	X_FORM_JSON,     /* a refusal that can be read */
	X_FORM_OTHER,    /* a refusal that cannot, such as a page of HTML */
	X_FORM_SPOILT,   /* a success that cannot be read */
	X_FORM_CUT,      /* bytes may have left and no whole answer came … */
	X_FORM_LATE,     /* … in time */
	X_FORM_NOT_SENT, /* surely nothing left this machine … */
	X_FORM_STUCK,    /* … in time */
	X_FORM__COUNT
};

/* What can be told about an answer; texts are NULL where there is none. */
struct x_signs {
	enum x_kind kind; /* of the call */
	enum x_form form;
	long status;
	int64_t code;      /* of older bodies; 0: none */
	const char *type;  /* last segment of "type", or "error" of OAuth */
	const char *cause; /* "reason" of a client-forbidden problem */
	const char *title;
	const char *detail;
	const char *message; /* of the first error */
	const char *scope;   /* what the account has granted */
};

/* The row of the table that fits these signs. */
const struct x_verdict *x_verdict_find(const struct x_signs *signs);

/* Whether it ends the use of the account until a person acts. */
bool x_verdict_ends_account(const struct x_verdict *verdict);

/* What CODE says of an account, the app or a tweet, in words for a person. */
const char *x_verdict_words(enum err code);

/* Whether X's words (NULL: none) tell nothing of what is refused. */
bool x_verdict_is_vague(const char *words);

/* Whether they leave open if it is the tweet or the account. */
bool x_verdict_is_open(const char *words);

#endif
