/* length_domain.h - domains in a text, as X's expressions take them. */
#ifndef LENGTH_LENGTH_DOMAIN_H
#define LENGTH_LENGTH_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "length/length_unit.h"

/* What is known of the labels last looked at, so that asking at each position
 * in turn looks at each label a few times only. Begins zeroed. */
struct domain_memory {
	/* the label asked about last: FROM up to TO, where no more of it is */
	size_t from;
	size_t to;
	bool dotted; /* a label indeed: ends well, and a dot stands at TO */
	size_t bar;  /* behind its last underscore; FROM if it has none */
	size_t tld;  /* where the top-level domain after the dot ends; or 0 */
	/* the whole labels that follow one another behind it */
	struct span chain;
	size_t best;     /* start of the last that may end a domain */
	size_t best_end; /* where that domain ends; 0 if none may */
};

/* Where the longest domain that begins at AT ends; 0 if none does. */
size_t length_domain_end(
    struct domain_memory *memory, struct units text, size_t at);

/* The next domain of Latin letters within DOMAIN from *AT on, which moves on;
 * only that part of a domain without a scheme is a URL. */
bool length_domain_latin(struct units domain, size_t *at, struct span *found);

/* Whether no label is longer than DNS takes, in its punycode form. */
bool length_domain_fits(struct units domain);

#endif
