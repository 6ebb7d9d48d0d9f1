/* scratch.c - what several unit tests need. */
#include "unit/test.h"

#include "unit/scratch.h"

#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

struct scratch scratch_make(void)
{
	struct scratch s = { "/tmp/twitter-manager-unit-XXXXXX" };

	assert_non_null(mkdtemp(s.path));
	return s;
}

void scratch_end(struct scratch *s)
{
	char *const roots[] = { s->path, NULL };
	FTS *walk = s->path[0] ? fts_open(roots, FTS_PHYSICAL, NULL) : NULL;

	for (FTSENT *e = walk ? fts_read(walk) : NULL; e; e = fts_read(walk)) {
		if (e->fts_info != FTS_D && remove(e->fts_accpath) != 0)
			perror(e->fts_path);
	}
	if (walk)
		fts_close(walk);
	s->path[0] = '\0';
}

const char *scratch_path(
    const struct scratch *s, struct arena *a, const char *name)
{
	return file_join(a, s->path, name);
}

void scratch_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_true(file_write_all(fd, text, strlen(text)));
	close(fd);
}

const char *scratch_read(struct arena *a, const char *path)
{
	struct str text = { 0 };

	return file_read(a, path, (size_t)1 << 24, &text) ? text.p : NULL;
}

void scratch_app(const struct scratch *s, struct arena *a, struct app *app)
{
	setenv("API_KEY", "the-key-of-the-settings", 0);
	setenv("ENCRYPTION_KEY", keyring_new_key(a), 0);
	setenv("INSTANCE_DIR", s->path, 1);
	setenv("TWITTER_MANAGER_ENV", scratch_path(s, a, ".env"), 1);
	assert_int_equal(app_open(app, a, "test"), OK);
	assert_int_equal(app_open_store(app), OK);
}

int64_t scratch_number(struct db *db, const char *sql)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	assert_int_equal(db_prepare_text(&q, db, sql), OK);
	assert_int_equal(db_step(&q, &row), OK);
	assert_true(row);
	return db_int(&q, 0);
}

void scratch_sql(struct db *db, const char *sql)
{
	if (db_script(db, sql) != OK)
		fail_msg("%s: %s", sql, db->fault->words);
}

int child_status(child_fn *run, void *arg)
{
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		int fd = open("/dev/null", O_WRONLY);

		dup2(fd, STDERR_FILENO);
		run(arg);
		/* not by _exit: valgrind would report the parent's memory */
		execl("/bin/true", "true", (char *)NULL);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
