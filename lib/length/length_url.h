/* length_url.h - finds URLs in a text as X does. */
#ifndef LENGTH_LENGTH_URL_H
#define LENGTH_LENGTH_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "length/length_domain.h"
#include "length/length_unit.h"

/* A search. Start with the text and everything else zeroed. */
struct url_search {
	struct units text;
	size_t at; /* where to continue */
	struct domain_memory memory;
	/* the domain without a scheme whose parts are being returned */
	struct span domain;
	size_t seen;      /* how much of it was read */
	size_t given;     /* how much of it was returned */
	struct span held; /* the part found last, if there is one */
	size_t tail;      /* units that belong to its last part */
};

/* The next URL of the text, from left to right; false after the last. Takes
 * time linear in the text for all of them together. */
bool length_url_next(struct url_search *s, struct span *url);

#endif
