/* page.h - the few HTML pages we serve: text escaped, nothing from outside. */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "web/call.h"

/* Answers STATUS with a page. BODY is HTML: what is shown in it must have gone
 * through page_text. */
void page_answer(
    struct call *c, int status, const char *title, const char *body);

/* The same with a script, SCRIPT being its URL; it may fetch from here. */
void page_answer_script(struct call *c, int status, const char *title,
    const char *body, const char *script);

/* The URL of the site's home relative to this page, such as "../"; and how many
 * folders deep it lies: 0 for "/", 1 for "/x/". */
const char *page_home(const struct call *c);
int page_home_depth(const struct call *c);

/* TEXT escaped for HTML, in text and in quoted attributes. */
const char *page_text(struct arena *a, const char *text);

/* WORDS as a sentence of their own: faults are worded to follow a colon. */
const char *page_sentence(struct arena *a, const char *words);

/* Answers with what went wrong, from app->fault. */
void page_error(struct call *c, enum err err);

#endif
