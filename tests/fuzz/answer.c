/* answer.c - whatever X answers, it is one class of trouble or none, and what
 * is read out of it is whole. */
#include "fuzz/fuzz.h"

#include "base/utf8.h"
#include "x/x_answer.h"

static const enum x_kind kinds[] = { X_CODE, X_REFRESH, X_ME, X_TWEET,
	X_TIMELINE };
static const long statuses[] = { 200, 201, 400, 401, 402, 403, 404, 429, 500,
	503 };

static void whole(const char *text)
{
	assert(!text || utf8_valid(text, strlen(text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) a = arena_make(FUZZ_MEMORY);

	if (size < 2)
		return 0;
	json_arena(&a);

	struct http_call http = {
		.arena = &a,
		.outcome = HTTP_ANSWERED,
		.status = statuses[data[1] % COUNT(statuses)],
		.sent = true,
		.reply = buf_make(&a, FUZZ_MEMORY / 4),
	};
	struct x_call call = { .kind = kinds[data[0] % COUNT(kinds)] };

	buf_add(&http.reply, (const char *)data + 2, size - 2);
	x_answer_read(&call, &http);
	assert(call.status == http.status);
	if (call.kind == X_TWEET && call.err == OK)
		assert(call.id && call.id[0]);
	whole(call.reason);
	for (const struct x_post *p = call.posts; p; p = p->next) {
		assert(p->id && p->text);
		whole(p->text);
	}
	return 0;
}
