/* random.c - unpredictable bytes from the system. */
#include "base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/die.h"
#include "base/encode.h"

/* Linux before 3.17 has no system call for it. Up to 256 bytes are read at once
 * or not at all (random(4)). */
static bool read_device(void *p, size_t n)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	bool whole = fd >= 0 && read(fd, p, n) == (ssize_t)n;

	if (fd >= 0)
		close(fd);
	return whole;
}

void random_bytes(void *p, size_t n)
{
	bool filled =
	    getentropy(p, n) == 0 || (errno == ENOSYS && read_device(p, n));

	if (!filled)
		die("the system has no random bytes");
}

uint64_t random_below(uint64_t below)
{
	uint64_t value;
	uint64_t usable = UINT64_MAX - UINT64_MAX % below;

	do
		random_bytes(&value, sizeof(value));
	while (value >= usable);
	return value % below;
}

char *random_token(struct arena *a, size_t n)
{
	unsigned char *bytes = arena_alloc(a, n);

	random_bytes(bytes, n);
	return encode_base64url_bare(a, bytes, n);
}
