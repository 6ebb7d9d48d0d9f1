/* answer.c - an answer of X's, as the HTTP floor hands it over. */
#include "unit/x/answer.h"

#include "base/json.h"

enum { REPLY_MAX = 1 << 20 };

struct x_call read_answer(struct arena *a, const struct answer *given)
{
	struct x_call call = { .kind = given->kind };
	struct http_call http = {
		.outcome = HTTP_ANSWERED,
		.status = given->status,
		.sent = true,
		.arena = a,
		.reply = buf_make(a, REPLY_MAX),
	};

	json_arena(a);
	buf_text(&http.reply, given->body);
	for (size_t i = 0; given->headers[i]; i += 2) {
		struct http_header *header = arena_new(a, struct http_header);

		header->name = given->headers[i];
		header->value = given->headers[i + 1];
		header->next = http.headers;
		http.headers = header;
	}
	x_answer_read(&call, &http);
	return call;
}
