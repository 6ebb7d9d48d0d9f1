/*
 * page.c - the few HTML pages we serve.
 *
 * The style sheet is in the page, allowed by its hash alone, so that a page
 * looks right wherever the programs are mounted. No script ever runs here.
 */
#include "web/page.h"

#include <string.h>

#include "base/encode.h"
#include "base/log.h"
#include "crypto/digest.h"
#include "web/response.h"

/* The colours are those of www/css/base.css. */
static const char style[] =
    ":root{color-scheme:light dark;--page:#f5f7f9;--card:#fff;--ink:#17212c"
    ";--soft:#53616f;--line:#dbe2e9;--edge:#8593a1;--accent:#0a5fb4"
    ";--on-accent:#fff}"
    "@media(prefers-color-scheme:dark){:root{--page:#0f141a;--card:#171e26"
    ";--ink:#e6ebf1;--soft:#a0aebc;--line:#2b3642;--edge:#6c7b8a"
    ";--accent:#7cb9ff;--on-accent:#06203c}}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center"
    ";background:var(--page);color:var(--ink)"
    ";font:1rem/1.5 system-ui,sans-serif}"
    "main{box-sizing:border-box;width:min(30rem,100vw - 2rem);margin:1rem"
    ";padding:2rem;background:var(--card);border:1px solid var(--line)"
    ";border-radius:.75rem;overflow-wrap:anywhere}"
    ".brand{margin:0 0 1.5rem;color:var(--soft);font-size:.875rem"
    ";font-weight:600}"
    "h1{margin:0 0 1rem;font-size:1.4rem;line-height:1.25}"
    "p{margin:0 0 1rem}.soft{color:var(--soft);font-size:.875rem}"
    "p:last-child{margin:0}"
    "label{display:block;margin:0 0 .25rem;font-weight:600}"
    "input{display:block;box-sizing:border-box;width:100%;padding:.6rem .75rem"
    ";font:inherit;color:inherit;background:var(--page)"
    ";border:1px solid var(--edge);border-radius:.5rem;margin:0 0 1rem}"
    "button,a.button{display:inline-block;margin:0 .5rem 0 0"
    ";padding:.6rem 1.1rem;font:inherit;font-weight:600;border-radius:.5rem"
    ";border:1px solid var(--accent);background:var(--accent)"
    ";color:var(--on-accent);text-decoration:none;cursor:pointer}"
    "button.quiet{background:none;color:var(--accent)}"
    "form{display:inline}" /* so that their buttons stand side by side */
    ":focus-visible{outline:3px solid var(--accent);outline-offset:2px}"
    "a{color:var(--accent)}";

const char *page_text(struct arena *a, const char *text)
{
	struct buf out = buf_make(a, 6 * strlen(text) + 1);

	for (const char *p = text; *p; p++) {
		const char *escape = *p == '&'    ? "&amp;"
				     : *p == '<'  ? "&lt;"
				     : *p == '>'  ? "&gt;"
				     : *p == '"'  ? "&quot;"
				     : *p == '\'' ? "&#39;"
						  : NULL;

		if (escape)
			buf_text(&out, escape);
		else
			buf_byte(&out, *p);
	}
	return buf_cstr(&out);
}

void page_answer(
    struct call *c, int status, const char *title, const char *body)
{
	struct response *r = &c->response;
	unsigned char hash[DIGEST_SIZE];
	struct buf out = buf_make(c->arena, 256 * 1024);

	digest_sha256(style, strlen(style), hash);
	response_header(c, "Content-Security-Policy",
	    arena_printf(c->arena,
		"default-src 'none'; style-src 'sha256-%s'; form-action 'self';"
		" base-uri 'none'; frame-ancestors 'none'",
		encode_base64(c->arena, hash, sizeof(hash))));
	response_header(c, "Referrer-Policy", "no-referrer");
	response_header(c, "X-Frame-Options", "DENY");

	const char *safe_title = page_text(c->arena, title);

	buf_text(&out, "<!doctype html>\n<html lang=\"en\">\n<head>\n"
		       "<meta charset=\"utf-8\">\n<meta name=\"viewport\""
		       " content=\"width=device-width, initial-scale=1\">\n"
		       "<meta name=\"robots\" content=\"noindex\">\n<title>");
	buf_text(&out, safe_title);
	buf_text(&out, " - Twitter Manager</title>\n<style>");
	buf_text(&out, style);
	buf_text(&out, "</style>\n</head>\n<body>\n<main>\n"
		       "<p class=\"brand\">Twitter Manager</p>\n<h1>");
	buf_text(&out, safe_title);
	buf_text(&out, "</h1>\n");
	buf_text(&out, body);
	buf_text(&out, "\n</main>\n</body>\n</html>\n");

	r->status = status;
	r->content_type = "text/html; charset=utf-8";
	r->body = buf_cstr(&out);
	r->n = out.n;
}

/* Faults are worded to follow a colon; here they stand alone. */
static const char *sentence(struct arena *a, const char *words)
{
	size_t n = strlen(words);
	char *text = arena_copy(a, words, n + 1); /* room for a full stop */

	if (text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 'a' + 'A');
	if (n && !strchr(".!?", text[n - 1]))
		text[n] = '.';
	return text;
}

static void paragraph(struct call *c, struct buf *out, const char *text)
{
	buf_text(out, "<p>");
	buf_text(out, page_text(c->arena, text));
	buf_text(out, "</p>\n");
}

void page_error(struct call *c, enum err err)
{
	const struct fault *f = &c->app->fault;
	const char *hint = f->hint ? f->hint : err_hint(err);
	struct buf out = buf_make(c->arena, 64 * 1024);

	paragraph(c, &out, sentence(c->arena, f->words));
	if (f->reason[0])
		paragraph(
		    c, &out, arena_printf(c->arena, "X says: %s", f->reason));
	if (hint)
		paragraph(c, &out, hint);
	buf_text(&out, "<p><a href=\"../\">Back to Twitter Manager</a></p>\n"
		       "<p class=\"soft\">Code <code>");
	buf_text(&out, err_name(err));
	buf_text(&out, "</code>, request <code>");
	buf_text(&out, log_request_id());
	buf_text(&out, "</code></p>");
	page_answer(c, err_status(err), "That did not work", buf_cstr(&out));
}
