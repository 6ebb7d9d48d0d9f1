/*
 * idempotency_key.c - the header Idempotency-Key: a request sent again gets the
 * first reply (draft-ietf-httpapi-idempotency-key-header-07).
 *
 * A handler that works on the database alone (ROUTE_ONCE) runs in the same
 * transaction that stores its reply, so a crash cannot separate the two; a
 * second copy of the request waits for the end of that transaction. A handler
 * that calls X (ROUTE_CLAIM) must not keep a transaction open so long: it
 * claims the request first, and if the process dies, the next copy carries on.
 */
#include "web/idempotency_key.h"
#include "web/error.h"

#include <inttypes.h>
#include <string.h>

#include "app/idempotency.h"
#include "base/env.h"
#include "base/log.h"
#include "crypto/digest.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"
#include "x/x_verdict.h"

enum { NAME_MAX_BYTES = 255 };

/* Takes one visible character off the header's value; gives 0 for anything
 * else. A comma outside a string means that the server joined two headers. */
static char take(struct str *s, bool quoted)
{
	char c = *s->p++;

	s->n--;
	if (quoted && c == '\\') {
		if (!s->n || (*s->p != '"' && *s->p != '\\'))
			return 0;
		s->n--;
		return *s->p++;
	}
	if (c == '"' || (c == ',' && !quoted))
		return 0;
	return c > ' ' && c <= '~' ? c : 0;
}

/* The key in the header: a bare token or a string (RFC 8941, 3.3.3). NULL for
 * anything else. */
static const char *read_name(struct arena *a, struct str s)
{
	struct buf name = buf_make(a, NAME_MAX_BYTES);
	bool quoted = s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"';

	if (quoted)
		s = (struct str){ s.p + 1, s.n - 2 };
	while (s.n) {
		char c = take(&s, quoted);

		if (!c)
			return NULL;
		buf_byte(&name, c);
	}
	return name.n && !name.full ? buf_cstr(&name) : NULL;
}

/* A digest of what the request asks for, independent of spelling: the route
 * instead of the path, the body without white space, the query without the API
 * key. */
static const char *digest(struct call *c)
{
	struct buf all = buf_make(c->arena, (size_t)1024 * 1024);

	buf_printf(&all, "%s %s %" PRId64 "\n", c->request.method_name,
	    c->route->path, c->id);
	request_add_query(&all, c);
	buf_byte(&all, '\n');
	if (c->body)
		json_write(&all, c->body);
	return digest_sha256_hex(c->arena, buf_cstr(&all));
}

static struct idempotency_answer answer_of(const struct call *c)
{
	const struct response *r = &c->response;
	struct idempotency_answer answer = { .status = r->status,
		.body = r->body };

	for (size_t i = 0; i < r->count; i++) {
		if (strcmp(r->headers[i].name, "Location") == 0)
			answer.location = r->headers[i].value;
	}
	return answer;
}

/* A stored error reply, with the id of the present request. */
static const char *present_body(const struct idempotency_answer *kept)
{
	const char *why = NULL;
	cJSON *json = NULL;

	if (kept->status < 400)
		return kept->body;
	json = json_parse(kept->body, strlen(kept->body), &why);
	if (!json)
		return kept->body;
	cJSON_ReplaceItemInObjectCaseSensitive(
	    json, "request_id", cJSON_CreateString(log_request_id()));
	return json_print(json);
}

static enum err replay(struct call *c, const struct idempotency_answer *kept)
{
	response_text(c, kept->status, present_body(kept));
	if (kept->location)
		response_header(c, "Location", kept->location);
	response_header(c, "Idempotent-Replayed", "true");
	return OK;
}

static enum err run_at_once(struct call *c, struct idempotency *id)
{
	SCOPED(db_tx) tx = { 0 };
	struct idempotency_answer answer = { 0 };

	TRY(db_begin(&tx, &c->app->db));
	TRY(idempotency_find(c->app, id, &answer));
	if (answer.status)
		return replay(c, &answer);
	TRY(c->route->run(c));
	answer = answer_of(c);
	TRY(idempotency_keep(c->app, id, &answer));
	return db_commit(&tx);
}

/* Whether a publishing call that failed in this way would always fail: X has
 * rejected the tweet. All other failures may pass, and a tweet that X rejected
 * without a reason may be pending again. */
static bool is_final(const struct fault *fault)
{
	if (fault->err == ERR_TWEET_REFUSED)
		return !x_verdict_is_vague(fault->reason);
	return fault->err == ERR_ALREADY_POSTED || fault->err == ERR_DUPLICATE;
}

/* Gives up the claim of a run that may be repeated. */
static void let_go(struct call *c, const struct idempotency *id, enum err why)
{
	const struct fault told = c->app->fault;
	bool idle = err_status(why) == 400 || err_status(why) == 404;
	enum err err = idle ? idempotency_forget(c->app, id)
			    : idempotency_release(c->app, id);

	if (err != OK)
		LOG_CAUSE("an Idempotency-Key stays claimed: %s",
		    c->app->fault.words);
	c->app->fault = told;
}

static enum err run_claimed(struct call *c, struct idempotency *id)
{
	struct idempotency_answer answer = { 0 };

	TRY(idempotency_claim(c->app, id, &answer));
	if (answer.status)
		return replay(c, &answer);
	c->again = id->again;

	enum err err = c->route->run(c);

	if (err != OK && !is_final(&c->app->fault)) {
		let_go(c, id, err);
		return err;
	}
	if (err != OK)
		response_error(c, err);
	answer = answer_of(c);
	/* the work is done; without a stored reply, the next copy finds out */
	if (idempotency_keep(c->app, id, &answer) != OK)
		LOG_CAUSE(
		    "a reply could not be stored: %s", c->app->fault.words);
	return OK;
}

enum err idempotency_key_run(struct call *c)
{
	const char *header = env_process("HTTP_IDEMPOTENCY_KEY");
	struct idempotency id = { 0 };

	if (!header || !(c->route->flags & (ROUTE_ONCE | ROUTE_CLAIM)))
		return c->route->run(c);
	id.name = read_name(c->arena, str_trim(str_of(header)));
	if (!id.name)
		return fail(c->app, ERR_IDEMPOTENCY_KEY,
		    "Idempotency-Key must be 1 to %d visible ASCII characters,"
		    " as they are or in double quotes",
		    NAME_MAX_BYTES);
	id.request = digest(c);

	enum err err = c->route->flags & ROUTE_ONCE ? run_at_once(c, &id)
						    : run_claimed(c, &id);

	if (err != OK)
		c->response = (struct response){ 0 }; /* it was rolled back */
	return err;
}
