/* page.h - our few HTML pages: all text escaped, nothing loaded from
 * elsewhere. */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "web/call.h"

/* Replies with STATUS and a page. BODY is HTML: all text in it must come from
 * page_text. */
void page_answer(
    struct call *c, int status, const char *title, const char *body);

/* The same with a script at the URL SCRIPT, which may fetch from this site. */
void page_answer_script(struct call *c, int status, const char *title,
    const char *body, const char *script);

/* The URL of the site's home relative to this page, such as "../"; and the
 * depth of the home: 0 for "/", 1 for "/x/". */
const char *page_home(const struct call *c);
int page_home_depth(const struct call *c);

/* TEXT escaped for HTML, in text and in quoted attributes. */
const char *page_text(struct arena *a, const char *text);

/* WORDS with a capital and a full stop: faults are worded to follow a colon. */
const char *page_sentence(struct arena *a, const char *words);

/* Replies with a page that shows app->fault. */
void page_error(struct call *c, enum err err);

#endif
