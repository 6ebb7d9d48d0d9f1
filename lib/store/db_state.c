/*
 * db_state.c - names the present content of an SQLite database.
 *
 * No single number does. With WAL, the log's salts, length and checksum name a
 * state: the salts change whenever the log is restarted. They are in the log's
 * index, which is in memory already. If the log is empty, the file was written
 * last, when the log was copied into it; then the file's time names the state,
 * as soon as the kernel's clock has advanced so far that a later change must
 * get a later time. With a rollback journal, the file has a change counter.
 *
 * SQLite's own descriptors are used: opening a file again and closing it would
 * release the locks that this process has on it.
 */
#include <inttypes.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/encode.h"
#include "store/db.h"

/* Offsets in the file's header and in the header of the log's index, of which
 * there are two copies: www.sqlite.org/fileformat2.html, walformat.html. */
enum {
	FILE_READ_VERSION = 19,
	FILE_CHANGES = 24,
	FILE_HEADER = 28,
	LOGGED = 2,
	INDEX_READY = 12,
	INDEX_FRAMES = 16,
	INDEX_SALTS_END = 40,
	INDEX_HEADER = 48,
	INDEX_REGION = 32 * 1024,
};

enum { TRIES = 4, TICK_MS = 4 };

/* Copies the index's header; false while it is being written. */
static bool read_index(sqlite3_file *file, unsigned char *header)
{
	volatile void *region = NULL;
	unsigned char again[INDEX_HEADER];

	if (file->pMethods->iVersion < 2 ||
	    file->pMethods->xShmMap(file, 0, INDEX_REGION, 0, &region) !=
		SQLITE_OK ||
	    !region)
		return false;

	const volatile unsigned char *bytes = region;

	for (size_t i = 0; i < INDEX_HEADER; i++)
		header[i] = bytes[i];
	file->pMethods->xShmBarrier(file);
	for (size_t i = 0; i < INDEX_HEADER; i++)
		again[i] = bytes[INDEX_HEADER + i];
	return header[INDEX_READY] == 1 &&
	       memcmp(header, again, INDEX_HEADER) == 0;
}

/* Whether a change made now would get a later time than the file's; file
 * systems with whole seconds may have a resolution of two. */
static bool is_settled(const struct timespec *changed)
{
	enum { COARSEST = 2 };
	struct timespec now;

	/* the clock used for file times */
	if (clock_gettime(CLOCK_REALTIME_COARSE, &now) != 0)
		return false;
	if (!changed->tv_nsec)
		return now.tv_sec > changed->tv_sec + COARSEST;
	return now.tv_sec > changed->tv_sec ||
	       (now.tv_sec == changed->tv_sec &&
		   now.tv_nsec > changed->tv_nsec);
}

static bool write_file(struct db *db, const char *kind, uint32_t n, char *text)
{
	const char *path = sqlite3_db_filename(db->handle, "main");
	struct stat st;

	if (!path || stat(path, &st) != 0)
		return false;
	snprintf(text, DB_STATE, "%s %" PRIu32 " %jd %jd %jd.%09ld", kind, n,
	    (intmax_t)st.st_ino, (intmax_t)st.st_size,
	    (intmax_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	return is_settled(&st.st_mtim);
}

static uint32_t number_at(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static bool log_state(struct db *db, sqlite3_file *file, char *text)
{
	unsigned char header[INDEX_HEADER];
	static const unsigned char none[4];

	if (!read_index(file, header))
		return false;
	if (memcmp(header + INDEX_FRAMES, none, sizeof(none)) == 0)
		return write_file(db, "empty log", 0, text);
	snprintf(text, DB_STATE, "log %s",
	    encode_hex(db->arena, header + INDEX_FRAMES,
		INDEX_SALTS_END - INDEX_FRAMES));
	return true;
}

static bool read_header(sqlite3_file *file, unsigned char *header)
{
	return file->pMethods->xRead(file, header, FILE_HEADER, 0) == SQLITE_OK;
}

/* The count is committed only while a read lock is held. */
static bool journal_state(struct db *db, sqlite3_file *file, char *text)
{
	unsigned char header[FILE_HEADER];
	int64_t version = 0;
	bool read = false;

	if (db_script(db, "BEGIN") != OK)
		return false;
	if (db_version(db, &version) == OK)
		read = read_header(file, header);
	if (db_script(db, "COMMIT") != OK || !read)
		return false;
	write_file(db, "journal", number_at(header + FILE_CHANGES), text);
	return true;
}

bool db_state(struct db *db, char *text)
{
	unsigned char header[FILE_HEADER];
	sqlite3_file *file = NULL;

	if (sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_FILE_POINTER,
		&file) != SQLITE_OK ||
	    !file || !file->pMethods)
		return false;
	for (int i = 0; i < TRIES; i++) {
		text[0] = '\0';
		if (!read_header(file, header))
			return false;
		if (header[FILE_READ_VERSION] != LOGGED)
			return journal_state(db, file, text);
		if (log_state(db, file, text))
			return true;
		poll(NULL, 0, TICK_MS); /* it has just been written */
	}
	return false;
}
