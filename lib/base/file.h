/* file.h - files and folders, with the rights that the umask leaves.
 *
 * A file is made with mode 0660 and a folder with 0770, less the umask, which
 * every program of ours sets at its start (see app.h); a folder that the group
 * may use hands its group on (setgid). What root makes gets the owner and the
 * group of the folder it is made in, or root's cron would lock out the web
 * server's user. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

/* Reads all of PATH, MAX bytes at most, NUL-terminated, into the arena. False
 * with errno set if it cannot be read (EFBIG: larger than MAX). */
bool file_read(struct arena *a, const char *path, size_t max, struct str *out)
    MUST_CHECK;

/* Makes PATH and the folders above it that are missing. False with errno set
 * if one cannot be made. */
bool file_make_folder(struct arena *a, const char *path) MUST_CHECK;

/* Opens PATH by open's FLAGS, made if it is missing (*made tells; may be NULL);
 * root makes nothing through a symbolic link. A descriptor that is closed on
 * exec; -1 with errno. */
int file_open(const char *path, int flags, bool *made);

/* The same for appending. */
int file_open_append(const char *path, bool *made);

/* The folder part of PATH: "." where it has none. */
const char *file_folder(struct arena *a, const char *path);

/* Writes all N bytes, going on after interruptions and waiting where FD is
 * full; false with errno. */
bool file_write_all(int fd, const void *p, size_t n) MUST_CHECK;

/* The same for two pieces, in one write where it takes both. */
bool file_write_two(int fd, struct str a, struct str b) MUST_CHECK;

/* DIR "/" NAME, or NAME alone when it is absolute. */
char *file_join(struct arena *a, const char *dir, const char *name);

#endif
