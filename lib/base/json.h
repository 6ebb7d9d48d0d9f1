/* json.h - JSON read strictly (RFC 8259, I-JSON's rules) and written, as cJSON
 * trees that live in an arena. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"

/* Where cJSON takes its memory from now on; before any other call here. */
void json_arena(struct arena *a);

/* Reads N bytes. Refused, with NULL and why in *why (a constant): what is not
 * JSON to the letter, invalid UTF-8, NUL in a string, a lone surrogate, equal
 * names in an object, more than 32 levels, more than one value. Numbers keep
 * their spelling in valuestring. */
cJSON *json_parse(const char *p, size_t n, const char **why) MUST_CHECK;

/* The member of that exact name; NULL if there is none or OBJECT is none. */
cJSON *json_get(const cJSON *object, const char *name);

/* The member's text; NULL if it is absent or no string. */
const char *json_text(const cJSON *object, const char *name);

/* Whether ITEM is a number written as an integer, or a string of decimal
 * digits, within MIN and MAX; then *out. */
bool json_int64(const cJSON *item, int64_t min, int64_t max, int64_t *out)
    MUST_CHECK;

/* Building. Each owns nothing: the tree lives in the arena. NAME is kept, not
 * copied; text is copied, and NULL adds null. Gives the added item. */
cJSON *json_object(void);
cJSON *json_array(void);
cJSON *json_add_text(cJSON *object, const char *name, const char *text);
cJSON *json_add_int(cJSON *object, const char *name, int64_t value);
cJSON *json_add_bool(cJSON *object, const char *name, bool value);
cJSON *json_add_null(cJSON *object, const char *name);
cJSON *json_add(cJSON *object, const char *name, cJSON *item);
void json_push(cJSON *array, cJSON *item);
void json_push_int(cJSON *array, int64_t value);

/* The tree as compact text, in the arena or added to OUT; U+2028 and the like
 * stay as they are. */
const char *json_print(const cJSON *item);
void json_write(struct buf *out, const cJSON *item);

#endif
