/* page.h - the few HTML pages we serve: text escaped, nothing from outside. */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "web/call.h"

/* Answers STATUS with a page. BODY is HTML: what is shown in it must have gone
 * through page_text. */
void page_answer(
    struct call *c, int status, const char *title, const char *body);

/* TEXT escaped for HTML, in text and in quoted attributes. */
const char *page_text(struct arena *a, const char *text);

/* Answers with what went wrong, from app->fault. */
void page_error(struct call *c, enum err err);

#endif
