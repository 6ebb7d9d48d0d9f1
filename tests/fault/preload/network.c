/* network.c - makes every file system one of NFS where NETWORK_DISK is set, put
 * before libc by LD_PRELOAD. */
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

extern char **environ;

static int wanted(void)
{
	static const char name[] = "NETWORK_DISK=";

	for (char **at = environ; at && *at; at++) {
		size_t n = 0;

		while (name[n] && (*at)[n] == name[n])
			n++;
		if (!name[n])
			return 1;
	}
	return 0;
}

int statfs(const char *path, struct statfs *fs)
{
	int result = (int)syscall(SYS_statfs, path, fs);

	if (result == 0 && wanted())
		fs->f_type = 0x6969;
	return result;
}
