/* length_domain.h - finds domains in a text as X's expressions do. */
#ifndef LENGTH_LENGTH_DOMAIN_H
#define LENGTH_LENGTH_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "length/length_unit.h"

/* What is known about the labels read last, so that a search at every position
 * reads each label only a few times. Start from { 0 }. */
struct domain_memory {
	/* the label examined last: from FROM up to TO */
	size_t from;
	size_t to;
	bool dotted; /* it ends properly, and there is a dot at TO */
	size_t bar;  /* after its last underscore; FROM if it has none */
	size_t tld;  /* where the top-level domain after the dot ends; or 0 */
	/* the whole labels that follow it */
	struct span chain;
	size_t best;     /* start of the last that may end a domain */
	size_t best_end; /* where that domain ends; 0 if none may */
};

/* Where the longest domain that begins at AT ends; 0 if none does. */
size_t length_domain_end(
    struct domain_memory *memory, struct units text, size_t at);

/* The next domain of Latin letters within DOMAIN from *AT on; advances *AT.
 * Only that part of a domain without a scheme is a URL. */
bool length_domain_latin(struct units domain, size_t *at, struct span *found);

/* Whether every label, in punycode, is short enough for DNS. */
bool length_domain_fits(struct units domain);

#endif
