/* app_x.c - opens X's API with our settings and turns its failures into
 * ours. */
#include "app/app_x.h"

enum err app_open_x(struct app *app, bool mock, struct x *x)
{
	const struct config *config = &app->config;
	const struct x_settings settings = {
		.api_url = config->api_url,
		.client_id = config->client_id,
		.client_secret = config->client_secret,
		.callback_url = config->callback_url,
		.ca_file = config->ca_file,
		.proxy = config->proxy_url,
		.connections = (int)config->publish_concurrency,
	};

	return x_open(
	    x, mock ? &x_mock : &x_live, app->arena, &settings, &app->fault);
}

enum err app_fail_x(struct app *app, const struct x_call *call)
{
	fail(app, call->err, "%s", call->words);
	if (call->reason)
		fault_reason(&app->fault, call->reason);
	app->fault.retry_after = call->retry_after;
	return call->err;
}
