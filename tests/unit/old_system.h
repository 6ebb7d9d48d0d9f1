/* old_system.h - a system that lacks a call which newer kernels have. */
#ifndef UNIT_OLD_SYSTEM_H
#define UNIT_OLD_SYSTEM_H

/* Runs CHECK in a process of its own, in which the system call NUMBER is not
 * known (ENOSYS); below 0: in which all are. Gives what CHECK gave, or -1. */
int old_system_run(long number, int (*check)(void));

#endif
