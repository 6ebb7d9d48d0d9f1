/* length_emoji.h - emoji, as X's expression for them knows them. */
#ifndef APP_LENGTH_EMOJI_H
#define APP_LENGTH_EMOJI_H

#include <stddef.h>

#include "app/length_unit.h"

/* Units of the emoji that begins at AT, with its skin tone, joined parts and
 * selectors; 0 if none does. */
size_t length_emoji(struct units text, size_t at);

#endif
