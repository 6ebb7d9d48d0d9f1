/* test_http.c - HTTP calls as far as no server is needed; with servers see
 * tests/net/http.test.mjs. */
#include "unit/test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/http.h"

enum { LIMIT = 1 << 24 };

static volatile sig_atomic_t stop;

static void on_signal(int signal)
{
	stop = signal;
}

static void open_http(struct http *h, struct arena *a)
{
	struct http_settings settings = { .user_agent = "twitter-manager/0" };
	struct fault f = { 0 };

	assert_int_equal(http_open(h, a, &settings, &f), OK);
}

/* A socket that listens and never answers; its URL. */
static int mute_server(struct arena *a, char **url)
{
	struct sockaddr_in name = { .sin_family = AF_INET };
	socklen_t n = sizeof(name);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr *any = (struct sockaddr *)&name;

	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, any, n), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, any, &n), 0);
	*url = arena_printf(a, "http://127.0.0.1:%u/", ntohs(name.sin_port));
	return fd;
}

static void a_struct_of_zeros_can_be_ended(void **state)
{
	struct http h = { 0 };

	(void)state;
	http_end(&h);
}

static void nothing_begun_is_nothing_to_wait_for(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(http) h = { 0 };
	int64_t began = clock_mono_ms();

	(void)state;
	open_http(&h, &a);
	assert_null(http_wait(&h, began + 5000, NULL));
	assert_true(clock_mono_ms() - began < 2000);
}

static void a_call_that_cannot_begin_comes_back_as_not_sent(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(http) h = { 0 };
	struct http_call call = {
		.method = "POST",
		.url = "http://127.0.0.1:1/",
		.lines = { "X-A: b\r\nX-C: d" },
		.arena = &a,
	};

	(void)state;
	open_http(&h, &a);
	http_start(&h, &call);
	assert_int_equal(h.count, 1);
	assert_ptr_equal(http_wait(&h, 0, NULL), &call);
	assert_int_equal(h.count, 0);
	assert_int_equal(call.outcome, HTTP_NOT_SENT);
	assert_non_null(call.error);
	assert_null(http_wait(&h, 0, NULL));
}

static void a_call_of_which_nothing_is_known_reads_unknown(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(http) h = { 0 };
	struct http_call call = { .method = "GET", .arena = &a };
	char *url;
	int fd = mute_server(&a, &url);

	(void)state;
	call.url = url;
	assert_int_equal(call.outcome, HTTP_UNKNOWN);
	open_http(&h, &a);
	http_start(&h, &call);
	assert_null(http_wait(&h, clock_mono_ms() + 20, NULL));
	assert_int_equal(call.outcome, HTTP_UNKNOWN);
	assert_int_equal(h.count, 1);
	close(fd);
}

static void a_set_stop_flag_still_gives_what_has_ended(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(http) h = { 0 };
	struct http_call bad = { .method = "GET", .url = "no://", .arena = &a };
	struct http_call call = { .method = "GET", .arena = &a };
	volatile sig_atomic_t set = 1;
	char *url;
	int fd = mute_server(&a, &url);

	(void)state;
	call.url = url;
	open_http(&h, &a);
	http_start(&h, &call);
	http_start(&h, &bad);
	assert_ptr_equal(http_wait(&h, clock_mono_ms() + 5000, &set), &bad);
	assert_null(http_wait(&h, clock_mono_ms() + 5000, &set));
	assert_int_equal(h.count, 1);
	close(fd);
}

static void a_signal_ends_the_wait(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(http) h = { 0 };
	struct http_call call = { .method = "POST", .arena = &a };
	struct itimerval timer = { .it_value = { .tv_usec = 50000 } };
	int64_t began = clock_mono_ms();
	char *url;
	int fd = mute_server(&a, &url);

	(void)state;
	call.url = url;
	open_http(&h, &a);
	http_start(&h, &call);
	(void)signal(SIGALRM, on_signal);
	setitimer(ITIMER_REAL, &timer, NULL);
	assert_null(http_wait(&h, began + 10000, &stop));
	assert_int_equal(stop, SIGALRM);
	assert_true(clock_mono_ms() - began < 3000);
	close(fd);
}

static void one_call_runs_while_others_wait_to_be_given_back(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(http) h = { 0 };
	struct http_call one = { .method = "GET", .url = "no://", .arena = &a };
	struct http_call two = one;
	struct http_call call = {
		.method = "POST",
		.timeout_ms = 100,
		.arena = &a,
	};
	char *url;
	int fd = mute_server(&a, &url);

	(void)state;
	call.url = url;
	open_http(&h, &a);
	http_start(&h, &one);
	http_start(&h, &two);
	http_run(&h, &call);
	assert_int_equal(call.outcome, HTTP_UNKNOWN);
	assert_true(call.timed_out && call.sent);
	assert_int_equal(h.count, 2);
	assert_ptr_equal(http_wait(&h, 0, NULL), &one);
	assert_ptr_equal(http_wait(&h, 0, NULL), &two);
	close(fd);
}

static void a_call_can_be_made_again_with_the_same_struct(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(http) h = { 0 };
	struct http_call call = { .method = "POST", .arena = &a };
	char *url;
	int fd = mute_server(&a, &url);

	(void)state;
	call.url = url;
	call.timeout_ms = 50;
	open_http(&h, &a);
	http_run(&h, &call);
	assert_true(call.sent && call.timed_out);
	call.url = "no://";
	http_run(&h, &call);
	assert_int_equal(call.outcome, HTTP_NOT_SENT);
	assert_false(call.sent || call.timed_out);
	assert_int_equal(call.status, 0);
	assert_int_equal(call.connects, 0);
	close(fd);
}

static void headers_are_found_whatever_their_case(void **state)
{
	struct http_header two = { NULL, "x-rate-limit-reset", "2" };
	struct http_header one = { &two, "retry-after", "1" };
	struct http_call call = { .headers = &one };
	struct http_call none = { 0 };

	(void)state;
	assert_string_equal(http_header(&call, "Retry-After"), "1");
	assert_string_equal(http_header(&call, "X-RATE-LIMIT-RESET"), "2");
	assert_null(http_header(&call, "retry"));
	assert_null(http_header(&none, "retry-after"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_struct_of_zeros_can_be_ended),
		cmocka_unit_test(nothing_begun_is_nothing_to_wait_for),
		cmocka_unit_test(
		    a_call_that_cannot_begin_comes_back_as_not_sent),
		cmocka_unit_test(
		    a_call_of_which_nothing_is_known_reads_unknown),
		cmocka_unit_test(a_set_stop_flag_still_gives_what_has_ended),
		cmocka_unit_test(a_signal_ends_the_wait),
		cmocka_unit_test(
		    one_call_runs_while_others_wait_to_be_given_back),
		cmocka_unit_test(a_call_can_be_made_again_with_the_same_struct),
		cmocka_unit_test(headers_are_found_whatever_their_case),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return RUN_TESTS(tests);
}
