/* similar.c - finds the same text on several accounts, or twice on one. */
#include "app/similar.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/str.h"
#include "base/utf8.h"
#include "crypto/digest.h"

enum { HASH_BYTES = 16, NAMED = 10, DAY = 86400, WEEK = 7 * DAY };

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* In ASCII lower case, with one blank for each run of white space and none at
 * the ends. */
static const char *normalise(struct arena *a, const char *text, size_t *n)
{
	const char *nfc = utf8_nfc(a, text);
	struct buf out = buf_make(a, 4 * 65536);
	bool gap = false;

	for (const char *p = nfc; *p; p++) {
		if (is_space(*p)) {
			gap = out.n > 0;
			continue;
		}
		if (gap)
			buf_byte(&out, ' ');
		gap = false;
		buf_byte(&out, str_lower(*p));
	}
	*n = out.n;
	return buf_cstr(&out);
}

const char *similar_hash(struct arena *a, const char *text)
{
	unsigned char digest[DIGEST_SIZE];
	size_t n = 0;
	const char *alike = normalise(a, text, &n);

	digest_sha256(alike, n, digest);
	return encode_hex(a, digest, HASH_BYTES);
}

/* What to search for. */
struct wanted {
	int64_t account;
	int64_t self; /* 0: no tweet yet */
	const char *hash;
};

/* Lists equal tweets of the account or, with OTHERS, of all other accounts. */
static enum err find(
    struct app *app, const struct wanted *w, bool others, cJSON *ids)
{
	SCOPED(db_query) q = { 0 };
	char since[CLOCK_TEXT];
	bool row = false;

	clock_sql(clock_now() - (others ? WEEK : DAY), since);
	TRY(db_prepare(&q, &app->db,
	    "SELECT id FROM tweet WHERE text_hash = $1"
	    " AND (twitter_account_id <> $2) = $3 AND status <> 'failed'"
	    " AND coalesce(draft, 0) = 0"
	    " AND (status = 'pending' OR created_at >= $4 OR posted_at >= $4)"
	    " AND id <> $6 ORDER BY id DESC LIMIT $5"));
	db_bind_text(&q, 1, w->hash);
	db_bind_int(&q, 2, w->account);
	db_bind_int(&q, 3, others);
	db_bind_text(&q, 4, since);
	db_bind_int(&q, 5, NAMED);
	db_bind_int(&q, 6, w->self);
	TRY(db_step(&q, &row));
	while (row) {
		json_push_int(ids, db_int(&q, 0));
		TRY(db_step(&q, &row));
	}
	return OK;
}

static enum err check(
    struct app *app, const struct wanted *w, bool others, cJSON *warnings)
{
	enum err code = others ? ERR_SIMILAR_TEXT : ERR_DUPLICATE_TEXT;
	cJSON *ids = json_array();

	TRY(find(app, w, others, ids));
	if (!ids->child)
		return OK;
	if (app->config.similar_block)
		return fail_with(app, code);

	cJSON *warning = json_object();

	json_add_text(warning, "code", err_name(code));
	json_add_text(warning, "detail", err_words(code));
	json_add_text(warning, "pointer", "/text");
	json_add_text(warning, "hint", err_hint(code));
	json_add(warning, "tweet_ids", ids);
	json_push(warnings, warning);
	return OK;
}

enum err similar_check(struct app *app, int64_t account, int64_t self,
    const char *text, cJSON *warnings)
{
	const struct wanted w = { account, self,
		similar_hash(app->arena, text) };

	TRY(check(app, &w, true, warnings));
	return check(app, &w, false, warnings);
}
