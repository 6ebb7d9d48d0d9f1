/*
 * length_domain.c - finds domains in a text as X's expressions do.
 *
 * The expression for a domain takes as many labels as possible and drops labels
 * from the right until a top-level domain follows the last dot. Trying that at
 * each position takes quadratic time, or cubic if labels are long. But a label
 * always reaches to its dot, so the labels after a position are the same for
 * every position before them: they are read once, the last one that may end a
 * domain is remembered, and only the first label, which may be entered
 * anywhere, is examined separately.
 */
#include "length/length_domain.h"

#include "length/length_puny.h"
#include "length/length_tld.h"

enum { LABEL_MAX = 63 };

static bool in_label(uint16_t unit)
{
	return unit == '-' || unit == '_' ||
	       length_unit_flags(unit) & UNIT_DOMAIN;
}

/* Whether there is a dot at AT, after a unit that may end a label. */
static bool ends_label(struct units text, size_t at)
{
	return at < text.n && text.p[at] == '.' &&
	       length_unit_has(text, at - 1, UNIT_DOMAIN);
}

/* Reads the label that has the unit AT, which may begin one. */
static void read_label(struct domain_memory *m, struct units text, size_t at)
{
	m->from = at;
	m->bar = at;
	while (at < text.n && in_label(text.p[at])) {
		if (text.p[at] == '_')
			m->bar = at + 1;
		at++;
	}
	m->to = at;
	m->dotted = ends_label(text, at);
	m->tld = m->dotted ? length_tld(text, at + 1) : 0;
}

/* Reads the whole labels from AT on. */
static void read_chain(struct domain_memory *m, struct units text, size_t at)
{
	struct domain_memory label = { 0 };

	m->chain.from = at;
	m->best_end = 0;
	while (length_unit_has(text, at, UNIT_DOMAIN)) {
		read_label(&label, text, at);
		if (!label.dotted)
			break;
		if (label.tld && label.bar == at) {
			m->best = at;
			m->best_end = label.tld;
		}
		at = label.to + 1;
	}
	m->chain.to = at;
}

size_t length_domain_end(
    struct domain_memory *memory, struct units text, size_t at)
{
	if (!length_unit_has(text, at, UNIT_DOMAIN))
		return 0;
	if (at < memory->from || at >= memory->to)
		read_label(memory, text, at);
	if (!memory->dotted)
		return 0;

	size_t next = memory->to + 1;

	if (next < memory->chain.from || next > memory->chain.to)
		read_chain(memory, text, next);
	if (memory->best_end && memory->best >= next)
		return memory->best_end;
	return at >= memory->bar ? memory->tld : 0;
}

bool length_domain_latin(struct units domain, size_t *at, struct span *found)
{
	size_t i = *at;

	while (i < domain.n) {
		size_t start = i;
		size_t end = 0;
		size_t stop = length_unit_skip(domain, i, UNIT_LATIN);

		while (stop > i && stop < domain.n && domain.p[stop] == '.') {
			size_t tld = length_tld(domain, stop + 1);

			end = tld ? tld : end;
			i = stop + 1;
			stop = length_unit_skip(domain, i, UNIT_LATIN);
		}
		/* nothing that begins among these labels ends better */
		i = end > stop ? end : stop + 1;
		if (end) {
			*at = i;
			*found = (struct span){ .from = start, .to = end };
			return true;
		}
	}
	*at = i;
	return false;
}

bool length_domain_fits(struct units domain)
{
	size_t from = 0;
	size_t start = 0;
	struct span span;

	if (domain.n >= 4 && domain.p[0] == 'x' && domain.p[1] == 'n' &&
	    domain.p[2] == '-' && domain.p[3] == '-' &&
	    !length_domain_latin(domain, &start, &span))
		return false;
	while (from <= domain.n) {
		size_t to = from;

		while (to < domain.n && domain.p[to] != '.')
			to++;
		if (to == from ||
		    length_puny(length_unit_part(domain, from, to), LABEL_MAX) >
			LABEL_MAX)
			return false;
		from = to + 1;
	}
	return true;
}
