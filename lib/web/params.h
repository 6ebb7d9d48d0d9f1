/* params.h - the parameters of a route: a table of names, sources, kinds and
 * bounds, checked before the handler runs. */
#ifndef WEB_PARAMS_H
#define WEB_PARAMS_H

#include "web/call.h"

enum param_from { QUERY, BODY, EITHER };
enum param_kind {
	KIND_INT,
	KIND_TEXT,
	KIND_BOOL,
	KIND_TIME, /* RFC 3339; arg->number is seconds since 1970 */
	KIND_WORD,
	KIND_WORDS,
	KIND_IDS /* an array of numbers from 1; arg->ids, ends with 0 */
};
enum { OPTIONAL = 0, REQUIRED = 1 };

struct param {
	const char *name;
	enum param_from from;
	enum param_kind kind;
	int required;
	int64_t min, max; /* of a number, or of a text's length in bytes */
	/* WORD, WORDS: the allowed ones; ends with NULL */
	const char *const *words;
	/* TEXT: may be missing or empty if this member of the body is true;
	 * NULL: `required` says so */
	const char *unless;
};

/* clang-format off */
#define INT_IN(from, name, required, min, max)                                 \
	{ name, from, KIND_INT, required, min, max, NULL, NULL }
#define TEXT_IN(from, name, required, min, max)                                \
	{ name, from, KIND_TEXT, required, min, max, NULL, NULL }
#define BOOL_IN(from, name, required)                                          \
	{ name, from, KIND_BOOL, required, 0, 0, NULL, NULL }
#define TIME_IN(from, name, required)                                          \
	{ name, from, KIND_TIME, required, 0, 0, NULL, NULL }
#define IDS_IN(from, name, required, max)                                      \
	{ name, from, KIND_IDS, required, 1, max, NULL, NULL }
#define WORD_IN(from, name, required, words)                                   \
	{ name, from, KIND_WORD, required, 0, 0, words, NULL }
#define WORDS_IN(from, name, required, words)                                  \
	{ name, from, KIND_WORDS, required, 0, 0, words, NULL }
#define SOME_WORDS_IN(from, name, required, words)                             \
	{ name, from, KIND_WORDS, required, 1, 0, words, NULL }
#define TEXT_UNLESS(name, unless, max)                                         \
	{ name, BODY, KIND_TEXT, OPTIONAL, 1, max, NULL, unless }
/* clang-format on */

/* Fills c->args from the query and BODY (NULL: none) as the route's table says.
 * ERR_INVALID_INPUT with all errors in c->faults. */
enum err params_read(struct call *c, const cJSON *body) MUST_CHECK;

/* Adds a warning {code,detail,pointer} to WARNINGS for each unknown member of
 * the body. */
void params_warn(struct call *c, cJSON *warnings);

/* Adds an error about the parameter NAME and gives ERR_INVALID_INPUT. */
enum err params_refuse(struct call *c, const char *name, const char *fmt, ...)
    PRINTF_LIKE(3, 4) MUST_CHECK;

#endif
