/*
 * length_emoji.c - finds emoji as X's expression does.
 *
 * The expression is a list of some thousand sequences; as an automaton they
 * take 5 KiB. For every sequence the generator has checked that the longest
 * match is the expression's first one.
 */
#include "length/length_emoji.h"

#include "length/length_emoji_table.h"

enum { TEXT_STYLE = 0xFE0E };

/* The state after code point C; 0, which no edge leads to, for none. */
static unsigned next_state(unsigned state, uint32_t c)
{
	size_t from = emoji_states[state].start;
	size_t to = from + emoji_states[state].count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const struct emoji_edge *edge = &emoji_edges[middle];

		if (c < edge->first)
			to = middle;
		else if (c - edge->first > edge->more)
			from = middle + 1;
		else
			return edge->to;
	}
	return 0;
}

static bool ends(struct units text, size_t at, unsigned state)
{
	switch (emoji_states[state].end) {
	case EMOJI_ENDS:
		return true;
	case EMOJI_ENDS_UNLESS_TEXT_STYLE:
		return at >= text.n || text.p[at] != TEXT_STYLE;
	default:
		return false;
	}
}

size_t length_emoji(struct units text, size_t at)
{
	size_t i = at;
	size_t found = 0;
	unsigned state = 0;

	/* digits can begin a keycap, but two ASCII characters begin no emoji */
	if (text.p[i] < 0x80 && (text.n - i < 2 || text.p[i + 1] < 0x80))
		return 0;
	while (i < text.n) {
		size_t units;

		state = next_state(state, length_unit_point(text, i, &units));
		if (!state)
			break;
		i += units;
		if (ends(text, i, state))
			found = i - at;
	}
	return found;
}
