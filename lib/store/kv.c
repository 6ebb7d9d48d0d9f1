/* kv.c - named values that outlive a request. */
#include "store/kv.h"

enum err kv_find(struct db *db, const char *name, const char **value)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, db, "SELECT value FROM kv WHERE name = $1"));
	db_bind_text(&q, 1, name);
	TRY(db_step(&q, &row));
	*value = row ? db_text(&q, 0) : NULL;
	return OK;
}

enum err kv_set(struct db *db, const char *name, const char *value)
{
	SCOPED(db_query) q = { 0 };

	if (value)
		TRY(db_prepare(&q, db,
		    "INSERT INTO kv(name, value) VALUES($1, $2)"
		    " ON CONFLICT(name) DO UPDATE SET value = $2"));
	else
		TRY(db_prepare(&q, db, "DELETE FROM kv WHERE name = $1"));
	db_bind_text(&q, 1, name);
	if (value)
		db_bind_text(&q, 2, value);
	return db_run(&q, NULL);
}
