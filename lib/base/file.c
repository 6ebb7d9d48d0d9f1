/* file.c - files and folders, created with the permissions that the umask
 * leaves. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Closes FD and keeps errno. */
static void let_go(int fd)
{
	int kept = errno;

	if (fd >= 0)
		close(fd);
	errno = kept;
}

/* Whether FD is a regular file of at most MAX bytes; errno says why not. */
static bool is_file(int fd, size_t max, struct stat *st)
{
	if (fstat(fd, st) != 0)
		return false;
	if (S_ISREG(st->st_mode) && st->st_size <= (off_t)max)
		return true;
	errno = S_ISREG(st->st_mode) ? EFBIG : EINVAL;
	return false;
}

bool file_read(struct arena *a, const char *path, size_t max, struct str *out)
{
	/* do not wait for a writer if it is a pipe */
	const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	int fd = open(path, flags);
	struct stat st;

	if (fd < 0)
		return false;
	if (!is_file(fd, max, &st)) {
		let_go(fd);
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
	let_go(fd);
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

/* Before Linux 5.9 there was no call for it, and closefrom() of glibc ends a
 * program that has no /proc either. */
void file_close_from(int first)
{
	enum { LIKELY = 1024 };
	DIR *dir = NULL;

	if (syscall(SYS_close_range, first, ~0U, 0) == 0)
		return;
	dir = opendir("/proc/self/fd");
	for (struct dirent *e; dir && (e = readdir(dir));) {
		int64_t fd = -1;

		if (str_int64(str_of(e->d_name), first, INT_MAX, &fd) &&
		    fd != dirfd(dir))
			close((int)fd);
	}
	for (int fd = first; !dir && fd < LIKELY; fd++)
		close(fd);
	if (dir)
		closedir(dir);
}

const char *file_folder(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	return slash == path ? "/"
			     : arena_copy(a, path, (size_t)(slash - path));
}

/* A descriptor of the folder in which to create PATH, and its *NAME there. Root
 * keeps the folder open, since its owner might replace it in between. -1 with
 * errno. */
static int hold_folder(const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX] = ".";
	size_t n = slash ? (size_t)(slash - path) + 1 : 1;

	*name = path;
	if (geteuid() != 0)
		return AT_FDCWD;
	if (n >= sizeof(folder)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (slash) {
		memcpy(folder, path, n);
		*name = slash + 1;
	}
	return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Gives what root has created in FOLDER to the folder's owner. On a file system
 * without owners it stays root's. */
static void hand_over(int fd, int folder)
{
	struct stat st;

	if (folder < 0 || fstat(folder, &st) != 0)
		return;
	if (fchown(fd, st.st_uid, st.st_gid) != 0)
		errno = 0;
}

static void set_up_folder(int folder, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(folder, name, flags);
	struct stat st;

	if (fd < 0)
		return;
	hand_over(fd, folder);
	/* mkdir ignores the setgid bit */
	if (fstat(fd, &st) == 0 && (st.st_mode & S_IRWXG) &&
	    fchmod(fd, (st.st_mode & 0777) | S_ISGID) != 0)
		errno = 0;
	close(fd);
}

static bool make_folder(const char *path)
{
	const char *name = NULL;
	int folder = hold_folder(path, &name);

	if (folder == -1)
		return false;

	bool made = mkdirat(folder, name, 0770) == 0;

	if (made)
		set_up_folder(folder, name);
	let_go(folder);
	return made || errno == EEXIST;
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
		if (!is_folder(upto) && !make_folder(upto))
			return false;
		*p = '/';
	}
	if (!is_folder(path) && !make_folder(path))
		return false;
	if (!is_folder(path)) {
		errno = ENOTDIR;
		return false;
	}
	return true;
}

static int make_file(const char *path, int flags, bool *made)
{
	const char *name = NULL;
	int folder = hold_folder(path, &name);

	if (folder == -1)
		return -1;

	int fd = openat(folder, name, flags | O_CREAT | O_EXCL, 0660);

	*made = fd >= 0;
	if (fd >= 0)
		hand_over(fd, folder);
	else if (errno == EEXIST) /* somebody was faster, or a link */
		fd = open(path, flags | (folder < 0 ? O_CREAT : 0), 0660);
	let_go(folder);
	return fd;
}

int file_open(const char *path, int flags, bool *made)
{
	bool fresh = false;

	flags |= O_CLOEXEC | O_NOCTTY;

	int fd = open(path, flags);

	if (fd < 0 && errno == ENOENT)
		fd = make_file(path, flags, &fresh);
	if (made)
		*made = fresh;
	return fd;
}

int file_open_append(const char *path, bool *made)
{
	return file_open(path, O_WRONLY | O_APPEND, made);
}

/* Whether a failed write can be tried again; waits if the file was busy. */
static bool wait_writable(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLOUT };

	if (errno == EAGAIN && poll(&wait, 1, -1) > 0)
		return true;
	return errno == EINTR;
}

static struct iovec piece(struct str s)
{
	/* never written to, but the type is not const */
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

bool file_on_network(const char *path)
{
	static const long kinds[] = {
		0x6969,     /* NFS */
		0x517B,     /* SMB */
		0xFF534D42, /* CIFS */
		0xFE534D42, /* SMB2 */
		0x5346414F, /* AFS */
		0x01021997, /* 9P */
		0x65735546, /* FUSE: often sshfs and the like */
		0x0BD00BD0, /* Lustre */
		0x00C36400, /* Ceph */
		0x01161970, /* GFS2 */
	};
	struct statfs fs;

	if (statfs(path, &fs) != 0)
		return false;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if ((unsigned)fs.f_type == (unsigned)kinds[i])
			return true;
	}
	return false;
}
