/*
 * db_turn.c - writers take turns.
 *
 * SQLite's way of waiting is to sleep and try again, and whoever comes in that
 * moment wins: among a hundred writers some wait for seconds. So a writer first
 * locks a file beside the database, and the kernel wakes those who wait in the
 * order in which they came. Whoever does not know of it, another program say,
 * is waited for as SQLite does.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "store/db.h"
#include "store/db_private.h"

enum { AGAIN_MS = 50, MS_NS = 1000000 };

/* There is nothing to do: that a signal came ends the wait. */
static void on_time(int number)
{
	(void)number;
}

/* Sends this process a signal when DB_BUSY_MS are over and, since that may come
 * just before it waits, every moment after. */
static bool start_timer(timer_t *timer)
{
	struct sigaction action = { .sa_handler = on_time };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
		.sigev_signo = SIGURG };
	const struct itimerspec limit = {
		.it_value = { DB_BUSY_MS / 1000, 0 },
		.it_interval = { 0, AGAIN_MS * MS_NS },
	};

	if (sigaction(event.sigev_signo, &action, NULL) != 0 ||
	    timer_create(CLOCK_MONOTONIC, &event, timer) != 0)
		return false;
	if (timer_settime(*timer, 0, &limit, NULL) == 0)
		return true;
	timer_delete(*timer);
	return false;
}

/* Waits for the lock: 0, or what was wrong; EINTR if the time is over. */
static int wait_for(int fd)
{
	int64_t until = clock_mono_ms() + DB_BUSY_MS;
	timer_t timer;
	int fault = EINTR;

	if (!start_timer(&timer))
		return errno;
	while (fault == EINTR && clock_mono_ms() < until)
		fault = flock(fd, LOCK_EX) == 0 ? 0 : errno;
	timer_delete(timer);
	return fault;
}

/* The file beside the database; -1 if it cannot be had, or where another
 * machine may write. */
static int open_file(struct db *db)
{
	const char *path = sqlite3_db_filename(db->handle, "main");

	if (!path || !path[0] || file_on_network(path))
		return -1;
	return file_open(
	    arena_printf(db->arena, "%s-turn", path), O_RDWR, NULL);
}

bool db_turn_take(struct db *db)
{
	int fault;

	if (!db->turn.asked) {
		db->turn.asked = true;
		db->turn.fd = open_file(db);
	}
	if (db->turn.fd < 0)
		return true;
	fault = flock(db->turn.fd, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
	if (fault == EWOULDBLOCK)
		fault = wait_for(db->turn.fd);
	return fault != EINTR; /* any other: SQLite waits in its own way */
}

void db_turn_give(struct db *db)
{
	if (db->turn.asked && db->turn.fd >= 0)
		flock(db->turn.fd, LOCK_UN);
}

void db_turn_end(struct db *db)
{
	if (db->turn.asked && db->turn.fd >= 0)
		close(db->turn.fd);
	db->turn.asked = false;
}

bool db_turn_works(struct arena *a, const char *path)
{
	int fd = open(file_folder(a, path), O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	bool works = fd >= 0 && (flock(fd, LOCK_SH | LOCK_NB) == 0 ||
				    errno == EWOULDBLOCK);

	if (fd >= 0)
		close(fd);
	return works && !file_on_network(path);
}
