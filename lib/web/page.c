/*
 * page.c - our few HTML pages.
 *
 * The style sheet is part of the page and allowed by its hash, so a page looks
 * right wherever the programs are mounted. Scripts are blocked unless the page
 * names one of ours.
 */
#include "web/page.h"

#include <string.h>

#include "base/encode.h"
#include "base/log.h"
#include "crypto/digest.h"
#include "web/response.h"

/* The same colours as in www/css/base.css. */
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
    "h2{margin:1.5rem 0 .5rem;font-size:1.1rem}ol,ul{padding:0 0 0 1.4rem}"
    "li{margin:0 0 .75rem}[hidden]{display:none!important}"
    "code,pre{font-family:ui-monospace,monospace;font-size:.9em}"
    "pre,.block{display:block;margin:.25rem 0 .5rem;padding:.6rem .75rem"
    ";background:var(--page);border:1px solid var(--line)"
    ";border-radius:.5rem;white-space:pre-wrap;user-select:all}"
    ".wrong{padding:.6rem .75rem;border:1px solid var(--edge)"
    ";border-left:.3rem solid #c22f2f;border-radius:.5rem}"
    ".wrong h2{margin-top:.25rem}form+p:last-child{margin-top:1rem}"
    ".check{display:flex;gap:.6rem;align-items:flex-start;font-weight:400"
    ";margin:0 0 1rem}.check input{flex:none;width:auto;margin:.35rem 0 0}"
    "form{display:inline}" /* puts their buttons side by side */
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

/* Whether PATH has WORD at I, as whole segments. */
static bool word_at(struct str path, size_t i, const char *word)
{
	size_t n = strlen(word);

	return path.n - i >= n && memcmp(path.p + i, word, n) == 0 &&
	       (path.n - i == n || path.p[i + n] == '/');
}

/* The length of PATH up to and including the slash before api/, auth/ or cgi-
 * bin/; 0 if it has none of them. */
static size_t home_length(struct str path)
{
	static const char *const words[] = { "/api/v1", "/auth", "/cgi-bin" };

	for (size_t i = 0; i < path.n; i++) {
		for (size_t w = 0; w < COUNT(words); w++) {
			if (word_at(path, i, words[w]))
				return i + 1;
		}
	}
	return 0;
}

static void add_headers(struct call *c, bool scripted)
{
	unsigned char hash[DIGEST_SIZE];

	digest_sha256(style, strlen(style), hash);
	response_header(c, "Content-Security-Policy",
	    arena_printf(c->arena,
		"default-src 'none'; style-src 'sha256-%s'; form-action 'self';"
		" img-src 'self'; base-uri 'none'; frame-ancestors 'none'%s",
		encode_base64(c->arena, hash, sizeof(hash)),
		scripted ? "; script-src 'self'; connect-src 'self';"
			   " require-trusted-types-for 'script'"
			 : ""));
	response_header(c, "Referrer-Policy", "no-referrer");
	response_header(c, "X-Frame-Options", "DENY");
}

void page_answer(
    struct call *c, int status, const char *title, const char *body)
{
	page_answer_script(c, status, title, body, NULL);
}

void page_answer_script(struct call *c, int status, const char *title,
    const char *body, const char *script)
{
	struct response *r = &c->response;
	struct buf out = buf_make(c->arena, 256 * 1024);
	const char *safe_title = page_text(c->arena, title);

	add_headers(c, script != NULL);

	buf_text(&out, "<!doctype html>\n<html lang=\"en\">\n<head>\n"
		       "<meta charset=\"utf-8\">\n<meta name=\"viewport\""
		       " content=\"width=device-width, initial-scale=1\">\n"
		       "<meta name=\"robots\" content=\"noindex\">\n");
	buf_printf(&out,
	    "<link rel=\"icon\" href=\"%sicon.svg\" type=\"image/svg+xml\">\n",
	    page_home(c));
	buf_text(&out, "<title>");
	buf_text(&out, safe_title);
	buf_text(&out, " - Twitter Manager</title>\n<style>");
	buf_text(&out, style);
	buf_text(&out, "</style>\n");
	if (script)
		buf_printf(&out,
		    "<script type=\"module\" src=\"%s\"></script>\n",
		    page_text(c->arena, script));
	buf_text(&out, "</head>\n<body>\n<main>\n"
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

/* The path of the page as the browser sees it, and how much of it is the site's
 * home. Most servers pass on the requested path from before rewriting. */
static struct str page_path(const struct call *c, size_t *home)
{
	const struct request *r = &c->request;
	struct str rest = str_of(r->uri);
	struct str path = str_cut(&rest, '?');
	const char *program;

	*home = path.n && path.p[0] == '/' ? home_length(path) : 0;
	if (*home)
		return path;
	path = str_of(r->path);
	*home = home_length(path);
	program = r->script_name ? strrchr(r->script_name, '/') : NULL;
	if (!*home && program)
		*home = (size_t)(program - r->script_name) + 1;
	return path;
}

int page_home_depth(const struct call *c)
{
	size_t home = 0;
	struct str path = page_path(c, &home);
	int depth = 0;

	for (size_t i = 1; i < home && i < path.n; i++)
		depth += path.p[i] == '/' && path.p[i - 1] != '/';
	return depth;
}

const char *page_home(const struct call *c)
{
	size_t home = 0;
	struct str path = page_path(c, &home);
	struct buf out = buf_make(c->arena, 256 * 1024);

	for (size_t i = home; i < path.n; i++) {
		if (path.p[i] == '/')
			buf_text(&out, "../");
	}
	return out.n ? buf_cstr(&out) : "./";
}

const char *page_sentence(struct arena *a, const char *words)
{
	size_t n = strlen(words);
	char *text = arena_copy(a, words, n + 1); /* one more for a full stop */

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

	paragraph(c, &out, page_sentence(c->arena, f->words));
	if (f->reason[0])
		paragraph(
		    c, &out, arena_printf(c->arena, "X says: %s", f->reason));
	if (hint)
		paragraph(c, &out, hint);
	buf_printf(&out, "<p><a href=\"%s\">Back to Twitter Manager</a></p>\n",
	    page_home(c));
	buf_text(&out, "<p class=\"soft\">Code <code>");
	buf_text(&out, err_name(err));
	buf_text(&out, "</code>, request <code>");
	buf_text(&out, log_request_id());
	buf_text(&out, "</code></p>");
	page_answer(c, err_status(err), "That did not work", buf_cstr(&out));
}
