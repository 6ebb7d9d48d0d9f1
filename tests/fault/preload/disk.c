/* disk.c - a disk as full as a test wants it, put before libc by LD_PRELOAD.
 *
 * The file that DISK_FILE names holds, in decimal, the MiB that are free on a
 * disk of 100 GiB, whatever disk is asked for; without that file the truth is
 * told. */
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

extern char **environ;

static const char *file_name(void)
{
	static const char name[] = "DISK_FILE=";

	for (char **at = environ; at && *at; at++) {
		size_t n = 0;

		while (name[n] && (*at)[n] == name[n])
			n++;
		if (!name[n])
			return *at + n;
	}
	return "";
}

/* The number in the file; -1 where there is none. */
static long wanted(void)
{
	char text[16] = "";
	int fd = open(file_name(), O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text));
	long mib = n > 0 ? 0 : -1;

	for (ssize_t i = 0; i < n && text[i] >= '0' && text[i] <= '9'; i++)
		mib = mib * 10 + (text[i] - '0');
	if (fd >= 0)
		close(fd);
	return mib;
}

int statvfs(const char *restrict path, struct statvfs *restrict fs)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int result = fd < 0 ? -1 : fstatvfs(fd, fs);
	long mib = wanted();

	if (fd >= 0)
		close(fd);
	if (result == 0 && mib >= 0) {
		fs->f_frsize = 1024 * 1024;
		fs->f_blocks = 100 * 1024;
		fs->f_bavail = (fsblkcnt_t)mib;
	}
	return result;
}
