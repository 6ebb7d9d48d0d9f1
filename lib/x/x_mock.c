/*
 * x_mock.c - X's API as it would answer on a good day; nothing leaves this
 * machine.
 *
 * The authorization code of mock mode's consent page is the user name typed
 * there, so nothing has to be remembered.
 */
#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/random.h"
#include "crypto/digest.h"
#include "x/x.h"

enum { TOKEN_SECONDS = 7200, NAME_BYTES = 15 };

struct mock {
	struct node *queue;
};

struct node {
	struct node *next;
	struct x_call *call;
};

static enum err mock_open(struct x *x, struct fault *fault)
{
	(void)fault;
	x->self = arena_new(x->arena, struct mock);
	return OK;
}

static bool is_username(const char *text)
{
	size_t n = strlen(text);

	return n && n <= NAME_BYTES &&
	       strspn(text,
		   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		   "0123456789_") == n;
}

/* The user name for a code: the code itself if it can be a name, else one made
 * from it. */
static const char *name_of(struct arena *a, const char *code)
{
	if (is_username(code))
		return code;
	return arena_printf(a, "user_%.8s", digest_sha256_hex(a, code));
}

static void answer(struct arena *a, struct x_call *call)
{
	switch (call->kind) {
	case X_CODE:
		call->tokens.access =
		    arena_printf(a, "mock_%s", name_of(a, call->code));
		break;
	case X_REFRESH:
		call->tokens.access = call->refresh;
		break;
	case X_ME:
		call->username = strlen(call->token) > 5 ? call->token + 5 : "";
		call->id = arena_printf(a, "mock_%s", call->username);
		break;
	case X_TWEET:
		call->id = arena_printf(a, "mock_%s", random_token(a, 12));
		break;
	case X_TIMELINE:
		break;
	}
	if (call->tokens.access) {
		call->tokens.refresh = call->tokens.access;
		call->tokens.scope = "tweet.read tweet.write users.read"
				     " offline.access media.write";
		call->tokens.expires_at = clock_now() + TOKEN_SECONDS;
	}
	call->status = call->kind == X_TWEET ? 201 : 200;
}

static void mock_start(struct x *x, struct x_call *call)
{
	struct mock *mock = x->self;
	struct node *node = arena_new(x->arena, struct node);

	call->user15.limit = call->user24.limit = call->app24.limit = -1;
	answer(x->arena, call);
	node->call = call;
	node->next = mock->queue;
	mock->queue = node;
}

static struct x_call *mock_wait(struct x *x, int64_t deadline)
{
	struct mock *mock = x->self;
	struct node *node = mock->queue;

	(void)deadline;
	if (!node)
		return NULL;
	mock->queue = node->next;
	return node->call;
}

static void mock_end(struct x *x)
{
	x->self = NULL;
}

const struct x_functions x_mock = { mock_open, mock_start, mock_wait, mock_end,
	false };
