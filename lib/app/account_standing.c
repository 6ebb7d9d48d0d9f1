/* account_standing.c - whether an account may be used, and if not, why. */
#include "app/account_standing.h"

#include <string.h>

static bool has(const struct account_facts *f, const char *status)
{
	return strcmp(f->status ? f->status : "active", status) == 0;
}

static enum err why_inactive(const struct account_facts *f)
{
	return f->code == ERR__COUNT ? ERR_ACCOUNT_NOT_ACTIVE : f->code;
}

static enum err blocked_by(const struct account_facts *f)
{
	if (f->oauth1)
		return ERR_OAUTH1_UNSUPPORTED;
	if (f->mock && !f->mock_mode)
		return ERR_MOCK_MISMATCH;
	return has(f, "active") ? OK : why_inactive(f);
}

/* A person who has made an account inactive knows about it. */
static enum err need_of(const struct account_facts *f)
{
	if (has(f, "failed") || has(f, "suspended"))
		return why_inactive(f);
	return f->oauth1 && !f->mock ? ERR_OAUTH1_UNSUPPORTED : OK;
}

struct account_standing account_standing(const struct account_facts *f)
{
	return (struct account_standing){
		.blocked = blocked_by(f),
		.need = need_of(f),
		.skipped = f->tick && f->mock_mode && !f->mock,
	};
}
