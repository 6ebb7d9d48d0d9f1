/* x_answer.h - reads X's replies. */
#ifndef X_X_ANSWER_H
#define X_X_ANSWER_H

#include "net/http.h"
#include "x/x.h"

/* Reads the finished HTTP call into the X call. It looks at the whole reply and
 * not at the status alone, since X says the same thing in several ways. Texts
 * belong to the arena of the HTTP call. */
void x_answer_read(struct x_call *call, struct http_call *http);

#endif
