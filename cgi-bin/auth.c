/* auth.c - link an account: start, callback, and mock mode's consent page. */

#include "app/mock_mode.h"
#include "app/oauth.h"
#include "web/cgi.h"
#include "web/page.h"
#include "web/request.h"
#include "web/response.h"

static handler_fn start, callback, callback_page, mock_page;

enum { ACCOUNT_ID };
static const struct param start_params[] = {
	[ACCOUNT_ID] = INT_IN(QUERY, "account_id", OPTIONAL, 1, INT64_MAX),
};

enum { STATE, CODE, ERROR, ERROR_DESCRIPTION };
static const struct param callback_params[] = {
	[STATE] = TEXT_IN(EITHER, "state", OPTIONAL, 0, 500),
	[CODE] = TEXT_IN(EITHER, "code", OPTIONAL, 0, 4096),
	[ERROR] = TEXT_IN(EITHER, "error", OPTIONAL, 0, 1024),
	[ERROR_DESCRIPTION] =
	    TEXT_IN(EITHER, "error_description", OPTIONAL, 0, 4096),
};

static const struct param mock_params[] = {
	[STATE] = TEXT_IN(QUERY, "state", OPTIONAL, 0, 500),
};

static const struct route routes[] = {
	ROUTE_FLAGS(SCOPE_ADMIN, GET, "/api/v1/auth/twitter", start,
	    start_params, ROUTE_ACTS),
	ROUTE_FLAGS(SCOPE_OPEN, GET, "/api/v1/auth/callback", callback,
	    callback_params, ROUTE_ACTS),
	ROUTE_FLAGS(SCOPE_OPEN, POST, "/api/v1/auth/callback", callback,
	    callback_params, 0),
	ROUTE_FLAGS(SCOPE_OPEN, GET, "/auth/callback", callback_page,
	    callback_params, ROUTE_PAGE | ROUTE_ACTS),
	ROUTE_FLAGS(
	    SCOPE_OPEN, GET, "/auth/mock", mock_page, mock_params, ROUTE_PAGE),
};

static enum err start(struct call *c)
{
	cJSON *json = json_object();
	const char *url = NULL;
	const char *state = NULL;

	c->account_id = c->args[ACCOUNT_ID].number;
	TRY(oauth_start(c->app, c->account_id, &url, &state));
	json_add_text(json, "auth_url", url);
	json_add_text(json, "state", state);
	response_json(c, 200, json);
	return OK;
}

static const char *not_empty(const char *text)
{
	return text && text[0] ? text : NULL;
}

/* Names the account that a used state has linked, beside the error. */
static void add_linked(struct call *c, const struct oauth_linked *linked)
{
	if (!linked->username)
		return;
	c->account_id = linked->id;
	c->extra = json_object();
	json_add_int(c->extra, "account_id", linked->id);
	json_add_text(c->extra, "username", linked->username);
}

static enum err finish(struct call *c, struct oauth_linked *linked)
{
	const struct oauth_return back = {
		.state = not_empty(c->args[STATE].text),
		.code = not_empty(c->args[CODE].text),
		.error = not_empty(c->args[ERROR].text),
		.error_description = not_empty(c->args[ERROR_DESCRIPTION].text),
	};

	TRY(app_open_store(c->app));

	enum err err = oauth_finish(c->app, &back, linked);

	if (err == ERR_STATE_USED)
		add_linked(c, linked);
	TRY(err);
	c->account_id = linked->id;
	return OK;
}

static const char *linked_message(
    struct call *c, const struct oauth_linked *linked)
{
	if (linked->unnamed)
		return "The account is linked. X did not give its name this"
		       " time; we will ask again before its first tweet.";
	return arena_printf(c->arena, "@%s is linked.", linked->username);
}

static enum err callback(struct call *c)
{
	struct oauth_linked linked = { 0 };
	cJSON *json = json_object();

	TRY(finish(c, &linked));
	json_add_text(json, "message", linked_message(c, &linked));
	json_add_int(json, "account_id", linked.id);
	json_add_text(json, "username", linked.username);
	response_json(c, 200, json);
	return OK;
}

static void answer_linked(
    struct call *c, int status, const char *title, const char *words)
{
	page_answer(c, status, title,
	    arena_printf(c->arena,
		"<p>%s</p>\n<p><a class=\"button\" href=\"%s\">Back to Twitter"
		" Manager</a></p>",
		page_text(c->arena, words), page_home(c)));
}

/* Ends a page by ERR. Coming back to a link that has worked is no failure to
 * the person, though it is one to a program. */
static enum err refuse(struct call *c, enum err err)
{
	if (err != ERR_STATE_USED || c->request.wants_json)
		return err;
	answer_linked(c, err_status(err), "Already linked",
	    arena_printf(c->arena, "%s.", c->app->fault.words));
	return OK;
}

static enum err callback_page(struct call *c)
{
	struct oauth_linked linked = { 0 };

	if (c->request.wants_json)
		return callback(c);

	enum err err = finish(c, &linked);

	if (err != OK)
		return refuse(c, err);
	answer_linked(c, 200, "Account linked", linked_message(c, &linked));
	return OK;
}

static enum err mock_page(struct call *c)
{
	const char *state = not_empty(c->args[STATE].text);
	struct oauth_linked linked = { 0 };
	bool mock = false;
	bool good = false;

	TRY(app_open_store(c->app));
	TRY(mock_mode_is_on(c->app, &mock));
	if (!mock)
		return fail_with(c->app, ERR_NOT_FOUND);
	if (!state)
		return fail_with(c->app, ERR_MISSING_STATE);
	TRY(oauth_mock_state(c->app, state, &good));
	if (!good)
		return refuse(c, oauth_refuse_state(c->app, state, &linked));

	const char *safe = page_text(c->arena, state);

	page_answer(c, 200, "Link a test account",
	    arena_printf(c->arena,
		"<p>Mock mode is on: this page replaces X's, and nothing"
		" is sent to X. Choose a name and allow Twitter Manager to post"
		" for it.</p>\n"
		"<form action=\"callback\" method=\"get\">"
		"<input type=\"hidden\" name=\"state\" value=\"%s\">"
		"<label for=\"name\">Username</label>"
		"<input id=\"name\" name=\"code\" value=\"mock_user\""
		" maxlength=\"15\" pattern=\"[A-Za-z0-9_]{1,15}\" required"
		" autocomplete=\"off\">"
		"<button id=\"allow\">Allow</button></form>\n"
		"<form action=\"callback\" method=\"get\">"
		"<input type=\"hidden\" name=\"state\" value=\"%s\">"
		"<input type=\"hidden\" name=\"error\" value=\"access_denied\">"
		"<button id=\"deny\" class=\"quiet\">Deny</button></form>",
		safe, safe));
	return OK;
}

int main(void)
{
	return cgi_main(routes, COUNT(routes));
}
