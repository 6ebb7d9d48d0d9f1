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

static const char style[] =
    ":root{color-scheme:light dark;--ink:#16202c;--soft:#5a6775"
    ";--ground:#f5f7fa;--card:#fff;--line:#d8dfe7;--key:#0b63c5;--on-key:#fff}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e8edf3;--soft:#a3b0be"
    ";--ground:#10161d;--card:#18212b;--line:#303c49;--key:#6cb0ff"
    ";--on-key:#08203c}}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center"
    ";background:var(--ground);color:var(--ink)"
    ";font:16px/1.5 system-ui,sans-serif}"
    "main{box-sizing:border-box;width:min(32rem,100vw - 2rem);margin:1rem"
    ";padding:2rem;background:var(--card);border:1px solid var(--line)"
    ";border-radius:12px}"
    "h1{margin:0 0 1rem;font-size:1.4rem;line-height:1.25}"
    "p{margin:0 0 1rem}.soft{color:var(--soft);font-size:.9rem}"
    "p:last-child{margin:0}code{overflow-wrap:anywhere}"
    "label{display:block;margin:0 0 .25rem;font-weight:600}"
    "input{box-sizing:border-box;width:100%;padding:.6rem .75rem;font:inherit"
    ";color:inherit;background:var(--ground);border:1px solid var(--soft)"
    ";border-radius:8px;margin:0 0 1rem}"
    "button,a.button{display:inline-block;padding:.6rem 1.1rem;font:inherit"
    ";font-weight:600;border-radius:8px;border:1px solid var(--key)"
    ";background:var(--key);color:var(--on-key);text-decoration:none"
    ";cursor:pointer}"
    "button.quiet{background:none;color:var(--key)}"
    "form{margin:0 0 .75rem}form:last-child{margin:0}"
    ":focus-visible{outline:3px solid var(--key);outline-offset:2px}"
    "a{color:var(--key)}";

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
	buf_text(&out, "</style>\n</head>\n<body>\n<main>\n<h1>");
	buf_text(&out, safe_title);
	buf_text(&out, "</h1>\n");
	buf_text(&out, body);
	buf_text(&out, "\n</main>\n</body>\n</html>\n");

	r->status = status;
	r->content_type = "text/html; charset=utf-8";
	r->body = buf_cstr(&out);
	r->n = out.n;
}

static void paragraph(
    struct call *c, struct buf *out, const char *before, const char *text)
{
	if (!text || !text[0])
		return;
	buf_text(out, "<p>");
	buf_text(out, before);
	buf_text(out, page_text(c->arena, text));
	buf_text(out, "</p>\n");
}

void page_error(struct call *c, enum err err)
{
	const struct fault *f = &c->app->fault;
	struct buf out = buf_make(c->arena, 64 * 1024);

	paragraph(c, &out, "", f->words);
	paragraph(c, &out, "X says: ", f->reason);
	paragraph(c, &out, "", f->hint ? f->hint : err_hint(err));
	buf_text(&out, "<p><a href=\"../\">Back to Twitter Manager</a></p>\n"
		       "<p class=\"soft\">Code <code>");
	buf_text(&out, err_name(err));
	buf_text(&out, "</code>, request <code>");
	buf_text(&out, log_request_id());
	buf_text(&out, "</code></p>");
	page_answer(c, err_status(err), "That did not work", buf_cstr(&out));
}
