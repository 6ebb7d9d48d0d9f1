/* file.c - files and folders, private to their owner whatever the umask. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

bool file_read(struct arena *a, const char *path, size_t max, struct str *out)
{
	/* not waiting for a writer, where it turns out to be a pipe */
	const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	int fd = open(path, flags);
	struct stat st;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_size > (off_t)max) {
		errno = S_ISREG(st.st_mode) ? EFBIG : EINVAL;
		close(fd);
		return false;
	}

	size_t size = (size_t)st.st_size;
	char *bytes = arena_alloc(a, size + 1);
	size_t n = 0;
	ssize_t got = 1;

	while (n < size && got > 0) {
		got = read(fd, bytes + n, size - n);
		if (got > 0)
			n += (size_t)got;
		else if (got < 0 && errno == EINTR)
			got = 1;
	}
	close(fd);
	if (got < 0)
		return false;
	*out = (struct str){ bytes, n };
	return true;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool file_make_folder(struct arena *a, const char *path)
{
	char *upto = arena_text(a, path);

	if (is_folder(path))
		return true;
	for (char *p = upto + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (!is_folder(upto) && mkdir(upto, 0700) != 0 &&
		    errno != EEXIST)
			return false;
		*p = '/';
	}
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return false;
	if (!is_folder(path)) {
		errno = ENOTDIR;
		return false;
	}
	return true;
}

int file_open_append(const char *path, bool *made)
{
	const int flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY;
	int fd = open(path, flags);
	bool fresh = fd < 0 && errno == ENOENT;

	if (fresh)
		fd = open(path, flags | O_CREAT, 0600);
	if (made)
		*made = fresh && fd >= 0;
	return fd;
}

/* Whether a write that failed may be tried again, by now. */
static bool wait_writable(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLOUT };

	if (errno == EAGAIN && poll(&wait, 1, -1) > 0)
		return true;
	return errno == EINTR;
}

static struct iovec piece(struct str s)
{
	/* not to be written to, but the type cannot say so */
	return (struct iovec){ (void *)(uintptr_t)s.p, s.n };
}

bool file_write_two(int fd, struct str a, struct str b)
{
	while (a.n) {
		struct iovec pieces[] = { piece(a), piece(b) };
		ssize_t put = writev(fd, pieces, COUNT(pieces));

		if (put < 0 && wait_writable(fd))
			continue;
		if (put <= 0)
			return false;

		size_t of_a = (size_t)put < a.n ? (size_t)put : a.n;

		a.p += of_a;
		a.n -= of_a;
		b.p += (size_t)put - of_a;
		b.n -= (size_t)put - of_a;
	}
	return file_write_all(fd, b.p, b.n);
}

bool file_write_all(int fd, const void *p, size_t n)
{
	const char *bytes = p;

	while (n) {
		ssize_t put = write(fd, bytes, n);

		if (put < 0 && wait_writable(fd))
			continue;
		if (put <= 0)
			return false;
		bytes += put;
		n -= (size_t)put;
	}
	return true;
}

char *file_join(struct arena *a, const char *dir, const char *name)
{
	if (name[0] == '/')
		return arena_text(a, name);
	return arena_printf(a, "%s/%s", dir, name);
}
