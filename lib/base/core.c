/*
 * core.c - keeps this process from leaving a core file.
 *
 * A limit of 0 stops files only: where /proc/sys/kernel/core_pattern names a
 * program (systemd-coredump, apport), that one is run all the same and stores
 * memory or environment, and in both are keys. A limit of 1 byte is the one at
 * which Linux runs no such program; for a file it is too little as well. Where
 * a server has set a lower one that cannot be raised, the process is made one
 * that cannot be dumped. That is the last choice, since then its owner can no
 * longer trace it, nor look at it in /proc.
 */
#include "base/core.h"

#include <sys/prctl.h>
#include <sys/resource.h>

void core_off(void)
{
	const struct rlimit byte = { 1, 1 };
	const struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &byte) == 0)
		return;
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
