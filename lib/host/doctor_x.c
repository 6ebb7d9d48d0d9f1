/* doctor_x.c - checks what calls to X need: certificate authorities and the
 * clock. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "app/mock_mode.h"
#include "base/clock.h"
#include "base/file.h"
#include "host/doctor_check.h"
#include "net/ca.h"
#include "net/http_date.h"

struct doctor_says doctor_ca(struct doctor *d)
{
	static const char begin[] = "-----BEGIN ";
	static const char end[] = "CERTIFICATE-----";
	enum { FILE_MAX = 8 * 1024 * 1024 };
	static const char remedy[] =
	    "Install the package ca-certificates, or set CA_FILE to a PEM file"
	    " of certificate authorities.";
	const char *file = ca_file(d->a, d->app->config.ca_file);
	struct str text = { 0 };
	const size_t m = sizeof(end) - 1;
	size_t count = 0;

	if (!file)
		return doctor_say(d, DOCTOR_FAIL, remedy,
		    "there is no file of certificate authorities in the"
		    " usual places");
	if (!file_read(d->a, file, FILE_MAX, &text))
		return doctor_say(d, DOCTOR_FAIL, remedy, "cannot read %s: %s",
		    file, strerror(errno));
	for (const char *p = strstr(text.p, begin); p;
	     p = strstr(p + 1, begin)) {
		size_t n = strcspn(p, "\r\n");

		count += n >= m && memcmp(p + n - m, end, m) == 0;
	}
	if (!count)
		return doctor_say(
		    d, DOCTOR_FAIL, remedy, "%s has no certificate", file);
	return doctor_say(d, DOCTOR_OK, NULL,
	    "%s has %zu certificate authorities", file, count);
}

static bool is_mock(struct doctor *d)
{
	bool on = d->app->config.mock_mode;

	if (d->store == OK && d->look.version > 1 &&
	    mock_mode_is_on(d->app, &on) != OK)
		on = d->app->config.mock_mode;
	return on;
}

static struct doctor_says no_answer(
    struct doctor *d, const struct http_call *call)
{
	const char *url = d->app->config.api_url;

	if (is_mock(d))
		return doctor_say(d, DOCTOR_SKIP, NULL,
		    "%s does not answer (%s); mock mode does not need it", url,
		    call->error);
	return doctor_say(d, DOCTOR_FAIL,
	    "This machine must be able to reach it: check the firewall,"
	    " PROXY_URL, and the CA_FILE that a proxy may need.",
	    "X does not answer at %s: %s", url, call->error);
}

struct doctor_says doctor_clock(struct doctor *d)
{
	enum { WARN = 30, FAIL = 300 }; /* seconds */
	const struct config *config = &d->app->config;
	struct http http = { 0 };
	struct http_settings settings = d->http_settings;
	struct http_call *call;
	struct fault f = { 0 };

	if (!config->api_url)
		return doctor_say(
		    d, DOCTOR_SKIP, NULL, "the settings cannot be read");
	settings.proxy = config->proxy_url;
	if (http_open(&http, d->a, &settings, &f) != OK)
		return doctor_say(d, DOCTOR_FAIL, NULL, "%s", f.words);
	call = doctor_call(
	    d, arena_printf(d->a, "%s/2/users/me", config->api_url));
	http_run(&http, call);

	int64_t theirs = http_date(http_header(call, "date"));
	int64_t off = clock_now() - theirs;
	int64_t far = off < 0 ? -off : off;

	http_end(&http);
	if (call->outcome != HTTP_ANSWERED)
		return no_answer(d, call);
	if (!theirs)
		return doctor_say(d, DOCTOR_WARN,
		    "Check that TWITTER_API_URL is X's.",
		    "%s answers without a date", config->api_url);
	if (far > WARN)
		return doctor_say(d, far > FAIL ? DOCTOR_FAIL : DOCTOR_WARN,
		    "Synchronise this machine's clock with NTP: tweets"
		    " are sent and tokens renewed by it.",
		    "this machine's clock is %" PRId64 " seconds %s X's", far,
		    off < 0 ? "behind" : "ahead of");
	return doctor_say(d, DOCTOR_OK, NULL,
	    "this machine's clock is within %d seconds of X's", WARN);
}
