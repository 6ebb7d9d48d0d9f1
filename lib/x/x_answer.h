/* x_answer.h - what an answer of X's means for us. */
#ifndef X_X_ANSWER_H
#define X_X_ANSWER_H

#include "net/http.h"
#include "x/x.h"

/* Reads the ended HTTP call into the X call: by class of trouble, not by status
 * alone, since X says the same things in several ways. Texts are owned by the
 * arena of the HTTP call. */
void x_answer_read(struct x_call *call, struct http_call *http);

#endif
