/* random.h - unpredictable bytes from the system. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* Fills N bytes (at most 256); dies if the system has no random source. */
void random_bytes(void *p, size_t n);

/* A number from 0 to BELOW - 1, evenly distributed; BELOW > 0. */
uint64_t random_below(uint64_t below);

/* N random bytes in base64url without padding; 32 give 43 characters. */
char *random_token(struct arena *a, size_t n);

#endif
