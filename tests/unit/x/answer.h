/* answer.h - an answer of X's, as the HTTP floor hands it over. */
#ifndef UNIT_ANSWER_H
#define UNIT_ANSWER_H

#include "x/x_answer.h"

/* An answer: status and body; headers are pairs of name and value. */
struct answer {
	enum x_kind kind;
	long status;
	const char *body;
	const char *headers[9];
};

/* What the answer means to us; owned by the arena. */
struct x_call read_answer(struct arena *a, const struct answer *given);

#endif
