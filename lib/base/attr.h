/* attr.h - the two compiler extensions that we use, spelt only here. */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

/* Declares a variable for which TYPE_end(&it) is called on every way out. */
#define SCOPED(type) __attribute__((cleanup(type##_end))) struct type

#define MUST_CHECK         __attribute__((warn_unused_result))
#define NO_RETURN          __attribute__((noreturn))
#define NOT_NULL           __attribute__((nonnull))
#define PRINTF_LIKE(f, va) __attribute__((format(printf, f, va)))

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
