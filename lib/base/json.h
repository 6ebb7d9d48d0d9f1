/* json.h - reads JSON strictly (RFC 8259 with I-JSON's rules) and writes it;
 * cJSON trees in an arena. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"

/* Sets the arena that cJSON uses from now on; call it before anything else
 * here. */
void json_arena(struct arena *a);

/* Parses N bytes. NULL, with the reason in *why (a constant), for anything but
 * strict JSON, and for invalid UTF-8, NUL in a string, a lone surrogate,
 * duplicate names in an object, more than 32 levels, or more than one value.
 * Numbers keep their spelling in valuestring. */
cJSON *json_parse(const char *p, size_t n, const char **why) MUST_CHECK;

/* The member with exactly that name; NULL if there is none or OBJECT is not an
 * object. */
cJSON *json_get(const cJSON *object, const char *name);

/* The member's text; NULL if it is absent or not a string. */
const char *json_text(const cJSON *object, const char *name);

/* Whether ITEM is a number written as an integer, or a string of decimal
 * digits, within MIN and MAX; then *out. */
bool json_int64(const cJSON *item, int64_t min, int64_t max, int64_t *out)
    MUST_CHECK;

/* Functions that build a tree, which belongs to the arena. NAME is not copied
 * and must stay valid; text is copied, and NULL adds null. They give the added
 * item. */
cJSON *json_object(void);
cJSON *json_array(void);
cJSON *json_add_text(cJSON *object, const char *name, const char *text);
cJSON *json_add_int(cJSON *object, const char *name, int64_t value);
cJSON *json_add_bool(cJSON *object, const char *name, bool value);
cJSON *json_add_null(cJSON *object, const char *name);
cJSON *json_add(cJSON *object, const char *name, cJSON *item);
void json_push(cJSON *array, cJSON *item);
void json_push_int(cJSON *array, int64_t value);

/* Adds a time as the database has it in RFC 3339; null for NULL and for one
 * that cannot be read. */
void json_add_time(cJSON *object, const char *name, const char *sql_time);

/* The tree as compact text, in the arena or added to OUT; U+2028 and the like
 * are not escaped. */
const char *json_print(const cJSON *item);
void json_write(struct buf *out, const cJSON *item);

#endif
