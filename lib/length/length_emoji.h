/* length_emoji.h - emoji, as X's expression for them knows them. */
#ifndef LENGTH_LENGTH_EMOJI_H
#define LENGTH_LENGTH_EMOJI_H

#include <stddef.h>

#include "length/length_unit.h"

/* Units of the emoji that begins at AT, with its skin tone, joined parts and
 * selectors; 0 if none does. */
size_t length_emoji(struct units text, size_t at);

#endif
