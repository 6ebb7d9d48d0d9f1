/* file.h - files and folders, created with the permissions that the umask
 * leaves.
 *
 * Files are created with mode 0660 and folders with 0770, less the umask, which
 * all our programs set at their start (see app.h); a folder that the group may
 * use passes its group on (setgid). What root creates gets the owner and group
 * of the folder it is in, or root's cron would lock out the web server's user.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

/* Reads all of PATH, at most MAX bytes, into the arena, NUL-terminated. False
 * with errno if it cannot be read (EFBIG: larger than MAX). */
bool file_read(struct arena *a, const char *path, size_t max, struct str *out)
    MUST_CHECK;

/* Creates PATH and the missing folders above it. False with errno. */
bool file_make_folder(struct arena *a, const char *path) MUST_CHECK;

/* Opens PATH with open's FLAGS and creates it if it is missing (*made, if not
 * NULL, says so); root creates nothing through a symbolic link. The descriptor
 * is closed on exec; -1 with errno. */
int file_open(const char *path, int flags, bool *made);

/* The same for appending. */
int file_open_append(const char *path, bool *made);

/* Closes all descriptors from FIRST on. */
void file_close_from(int first);

/* The folder part of PATH; "." if it has none. */
const char *file_folder(struct arena *a, const char *path);

/* Writes all N bytes, across interruptions, waiting while FD is full; false
 * with errno. */
bool file_write_all(int fd, const void *p, size_t n) MUST_CHECK;

/* The same for two pieces, in one write if possible. */
bool file_write_two(int fd, struct str a, struct str b) MUST_CHECK;

/* DIR "/" NAME, or NAME alone if it is absolute. */
char *file_join(struct arena *a, const char *dir, const char *name);

/* Whether PATH is on a network file system; false if that is not known. */
bool file_on_network(const char *path);

#endif
