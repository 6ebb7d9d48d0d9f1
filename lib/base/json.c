/*
 * json.c - JSON read strictly, over cJSON.
 *
 * cJSON accepts much that is not JSON and forgets how a number was written. So
 * a scanner goes over the text first: it refuses what cJSON would let through
 * and keeps the spelling of every number, in order. Then cJSON builds the tree,
 * and a walk over it adds the spellings and looks for duplicate names.
 */
#include "base/json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/utf8.h"

enum { LEVELS = 32, NUMBER_MAX = 60, PRINT_MAX = 16 * 1024 * 1024 };

static struct arena *current;

static void *take(size_t size)
{
	return arena_alloc(current, size);
}

static void leave(void *p)
{
	(void)p; /* the arena frees all at once */
}

void json_arena(struct arena *a)
{
	cJSON_Hooks hooks = { .malloc_fn = take, .free_fn = leave };

	current = a;
	cJSON_InitHooks(&hooks);
}

/* What the scanner expects next. */
enum want {
	WANT_VALUE,
	WANT_VALUE_OR_END, /* after [ */
	WANT_NAME,         /* after , in an object */
	WANT_NAME_OR_END,  /* after { */
	WANT_COLON,
	WANT_COMMA_OR_END,
	WANT_NOTHING,
};

struct number {
	struct str spelling;
	struct number *next;
};

struct scan {
	const char *p;
	const char *end;
	const char *why;
	struct number *numbers;
	struct number **last;
	char open[LEVELS]; /* the open brackets */
	size_t depth;
	enum want want;
};

static bool refuse(struct scan *s, const char *why)
{
	s->why = why;
	return false;
}

static bool digit(const struct scan *s)
{
	return s->p < s->end && *s->p >= '0' && *s->p <= '9';
}

static bool scan_digits(struct scan *s)
{
	if (!digit(s))
		return refuse(s, "a number is not written as in JSON");
	while (digit(s))
		s->p++;
	return true;
}

static bool at(const struct scan *s, const char *any)
{
	return s->p < s->end && *s->p && strchr(any, *s->p);
}

static bool scan_number(struct scan *s)
{
	const char *start = s->p;

	if (*s->p == '-')
		s->p++;
	if (at(s, "0"))
		s->p++;
	else if (!scan_digits(s))
		return false;
	if (at(s, ".")) {
		s->p++;
		if (!scan_digits(s))
			return false;
	}
	if (at(s, "eE")) {
		s->p++;
		if (at(s, "+-"))
			s->p++;
		if (!scan_digits(s))
			return false;
	}
	if (s->p - start > NUMBER_MAX)
		return refuse(s, "a number has too many digits");

	struct number *number = arena_new(current, struct number);

	number->spelling = (struct str){ start, (size_t)(s->p - start) };
	*s->last = number;
	s->last = &number->next;
	return true;
}

/* Reads the four hex digits of \uXXXX; -1 if they are not. */
static int32_t scan_hex(struct scan *s)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	int32_t value = 0;

	for (int i = 0; i < 4; i++, s->p++) {
		const char *place =
		    s->p < s->end && *s->p ? strchr(digits, *s->p) : NULL;

		if (!place)
			return -1;
		value = value * 16 + (int32_t)(place - digits) % 16;
	}
	return value;
}

static bool scan_unicode(struct scan *s)
{
	int32_t unit = scan_hex(s);

	if (unit < 0)
		return refuse(s, "an escape in a string is broken");
	if (unit == 0)
		return refuse(s, "a string has a NUL character");
	if (unit >= 0xDC00 && unit <= 0xDFFF)
		return refuse(s, "a string has half a surrogate pair");
	if (unit < 0xD800 || unit > 0xDBFF)
		return true;
	if (s->end - s->p < 6 || s->p[0] != '\\' || s->p[1] != 'u')
		return refuse(s, "a string has half a surrogate pair");
	s->p += 2;
	unit = scan_hex(s);
	if (unit < 0xDC00 || unit > 0xDFFF)
		return refuse(s, "a string has half a surrogate pair");
	return true;
}

static bool scan_string(struct scan *s)
{
	for (s->p++; s->p < s->end && *s->p != '"';) {
		if ((unsigned char)*s->p < 0x20)
			return refuse(s, "a string has an unescaped control"
					 " character");
		if (*s->p++ != '\\')
			continue;
		if (at(s, "\"\\/bfnrt")) {
			s->p++;
		} else if (at(s, "u")) {
			s->p++;
			if (!scan_unicode(s))
				return false;
		} else {
			return refuse(s, "an escape in a string is broken");
		}
	}
	if (s->p == s->end)
		return refuse(s, "it ends inside a string");
	s->p++;
	return true;
}

static bool scan_word(struct scan *s)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < COUNT(words); i++) {
		size_t n = strlen(words[i]);

		if ((size_t)(s->end - s->p) >= n &&
		    memcmp(s->p, words[i], n) == 0) {
			s->p += n;
			return true;
		}
	}
	return refuse(s, "it is not JSON");
}

static void value_ended(struct scan *s)
{
	s->want = s->depth ? WANT_COMMA_OR_END : WANT_NOTHING;
}

static bool scan_open(struct scan *s)
{
	if (s->depth == LEVELS)
		return refuse(s, "it is nested too deeply");
	s->open[s->depth++] = *s->p;
	s->want = *s->p == '{' ? WANT_NAME_OR_END : WANT_VALUE_OR_END;
	s->p++;
	return true;
}

static bool scan_close(struct scan *s)
{
	if (s->open[s->depth - 1] != (*s->p == '}' ? '{' : '['))
		return refuse(s, "brackets do not match");
	s->depth--;
	s->p++;
	value_ended(s);
	return true;
}

static bool scan_value(struct scan *s)
{
	if (at(s, "{["))
		return scan_open(s);

	bool good = at(s, "\"")            ? scan_string(s)
		    : at(s, "-0123456789") ? scan_number(s)
					   : scan_word(s);

	value_ended(s);
	return good;
}

static bool scan_name(struct scan *s)
{
	if (!at(s, "\""))
		return refuse(s, "a member's name is missing");
	s->want = WANT_COLON;
	return scan_string(s);
}

static bool scan_comma(struct scan *s)
{
	if (!at(s, ","))
		return refuse(s, "a comma or a closing bracket is missing");
	s->p++;
	s->want = s->open[s->depth - 1] == '{' ? WANT_NAME : WANT_VALUE;
	return true;
}

static bool scan_step(struct scan *s)
{
	bool may_end = s->want == WANT_VALUE_OR_END ||
		       s->want == WANT_NAME_OR_END ||
		       s->want == WANT_COMMA_OR_END;

	if (may_end && at(s, "]}"))
		return scan_close(s);
	switch (s->want) {
	case WANT_VALUE:
	case WANT_VALUE_OR_END:
		return scan_value(s);
	case WANT_NAME:
	case WANT_NAME_OR_END:
		return scan_name(s);
	case WANT_COLON:
		if (!at(s, ":"))
			return refuse(s, "a colon is missing");
		s->p++;
		s->want = WANT_VALUE;
		return true;
	case WANT_COMMA_OR_END:
		return scan_comma(s);
	case WANT_NOTHING:
		break;
	}
	return refuse(s, "there is something after the value");
}

static bool scan_all(struct scan *s)
{
	for (;;) {
		while (at(s, " \t\r\n"))
			s->p++;
		if (s->p == s->end)
			break;
		if (!scan_step(s))
			return false;
	}
	return s->want == WANT_NOTHING || refuse(s, "it ends too early");
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a;
	const char *const *y = b;

	return strcmp(*x, *y);
}

static bool equal_names(const cJSON *object)
{
	int count = cJSON_GetArraySize(object);
	const char **names =
	    arena_array(current, (size_t)count, sizeof(*names));
	const cJSON *item;
	size_t n = 0;

	cJSON_ArrayForEach (item, object) {
		names[n++] = item->string;
	}
	qsort(names, n, sizeof(*names), by_name);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(names[i - 1], names[i]) == 0)
			return true;
	}
	return false;
}

/* Walks the tree in the order of the text. */
static bool finish(cJSON *root, const struct number *numbers)
{
	cJSON *parents[LEVELS + 1];
	size_t depth = 0;

	for (cJSON *item = root; item;) {
		if (cJSON_IsNumber(item)) {
			assert(numbers);
			item->valuestring = arena_copy(
			    current, numbers->spelling.p, numbers->spelling.n);
			numbers = numbers->next;
		}
		if (cJSON_IsObject(item) && equal_names(item))
			return false;
		if (item->child) {
			parents[depth++] = item;
			item = item->child;
			continue;
		}
		while (!item->next && depth)
			item = parents[--depth];
		item = depth || item != root ? item->next : NULL;
	}
	return true;
}

cJSON *json_parse(const char *p, size_t n, const char **why)
{
	struct scan s = { .p = p, .end = p + n };

	s.last = &s.numbers;
	if (!utf8_valid(p, n)) {
		*why = "it is not valid UTF-8";
		return NULL;
	}
	if (!scan_all(&s)) {
		*why = s.why;
		return NULL;
	}

	cJSON *root = cJSON_ParseWithLengthOpts(p, n, NULL, 0);

	if (!root) {
		*why = "it is not JSON";
		return NULL;
	}
	if (!finish(root, s.numbers)) {
		*why = "two members of an object have the same name";
		return NULL;
	}
	return root;
}

cJSON *json_get(const cJSON *object, const char *name)
{
	if (!cJSON_IsObject(object))
		return NULL;
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

const char *json_text(const cJSON *object, const char *name)
{
	const cJSON *item = json_get(object, name);

	return item && cJSON_IsString(item) ? item->valuestring : NULL;
}

bool json_int64(const cJSON *item, int64_t min, int64_t max, int64_t *out)
{
	struct str s = str_of(item ? item->valuestring : NULL);

	if (cJSON_IsString(item))
		return s.n && s.p[0] != '-' && str_int64(s, min, max, out);
	return cJSON_IsNumber(item) && str_int64(s, min, max, out);
}

cJSON *json_object(void)
{
	return cJSON_CreateObject();
}

cJSON *json_array(void)
{
	return cJSON_CreateArray();
}

cJSON *json_add(cJSON *object, const char *name, cJSON *item)
{
	cJSON_AddItemToObjectCS(object, name, item);
	return item;
}

void json_add_time(cJSON *object, const char *name, const char *sql_time)
{
	char text[CLOCK_TEXT];
	bool readable = sql_time && clock_sql_to_rfc3339(sql_time, text);

	json_add_text(object, name, readable ? text : NULL);
}

void json_push(cJSON *array, cJSON *item)
{
	cJSON_AddItemToArray(array, item);
}

cJSON *json_add_text(cJSON *object, const char *name, const char *text)
{
	return json_add(
	    object, name, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

static cJSON *integer(int64_t value)
{
	char digits[24] = "";
	char *p = digits + sizeof(digits) - 1;
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do {
		*--p = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (value < 0)
		*--p = '-';
	return cJSON_CreateRaw(p);
}

cJSON *json_add_int(cJSON *object, const char *name, int64_t value)
{
	return json_add(object, name, integer(value));
}

void json_push_int(cJSON *array, int64_t value)
{
	json_push(array, integer(value));
}

cJSON *json_add_bool(cJSON *object, const char *name, bool value)
{
	return json_add(object, name, cJSON_CreateBool(value));
}

cJSON *json_add_null(cJSON *object, const char *name)
{
	return json_add(object, name, cJSON_CreateNull());
}

const char *json_print(const cJSON *item)
{
	struct buf out = buf_make(current, PRINT_MAX);

	json_write(&out, item);
	return buf_cstr(&out);
}
