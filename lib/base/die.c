/* die.c - ends a process that cannot go on. */
#include "base/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

static die_fn *hook;

void die_hook(die_fn *fn)
{
	hook = fn;
}

void die(const char *fmt, ...)
{
	char words[500];
	die_fn *fn = hook;
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(words, sizeof(words), fmt, args) < 0)
		words[0] = '\0';
	va_end(args);

	hook = NULL; /* if the hook dies, do not call it again */
	if (fn)
		fn(words);
	else
		fprintf(stderr, "twitter-manager: %s\n", words);
	_exit(EX_SOFTWARE);
}
