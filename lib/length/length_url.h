/* length_url.h - URLs in a text, as X finds them. */
#ifndef LENGTH_LENGTH_URL_H
#define LENGTH_LENGTH_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "length/length_domain.h"
#include "length/length_unit.h"

/* A search. Begins with the text alone, all else zeroed. */
struct url_search {
	struct units text;
	size_t at; /* where it goes on */
	struct domain_memory memory;
	/* the domain without a scheme that is being given out in parts */
	struct span domain;
	size_t seen;      /* how much of it was looked at */
	size_t given;     /* how much of it was given out */
	struct span held; /* the part found last, if there is one */
	size_t tail;      /* units that its last part takes with it */
};

/* The next URL of the text, from left to right; false after the last. Takes
 * time linear in the text for all of them together. */
bool length_url_next(struct url_search *s, struct span *url);

#endif
