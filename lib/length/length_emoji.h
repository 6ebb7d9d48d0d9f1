/* length_emoji.h - finds emoji as X's expression does. */
#ifndef LENGTH_LENGTH_EMOJI_H
#define LENGTH_LENGTH_EMOJI_H

#include <stddef.h>

#include "length/length_unit.h"

/* The number of units of the emoji at AT, with its skin tone, joined parts and
 * selectors; 0 if there is none. */
size_t length_emoji(struct units text, size_t at);

#endif
