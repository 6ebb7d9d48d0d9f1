/* test_file.c - files and folders, with the rights that the umask leaves. */
#include "unit/test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "unit/old_system.h"
#include "unit/scratch.h"

enum { LIMIT = 1 << 24 };

static unsigned mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void folders_and_files_have_the_rights_the_umask_leaves(void **state)
{
	static const struct {
		mode_t mask;
		unsigned folder, file;
	} rows[] = {
		{ 077, 0700, 0600 },  /* what our programs set */
		{ 007, 02770, 0660 }, /* and with SHARED_GROUP */
		{ 027, 02750, 0640 },
		{ 0, 02770, 0660 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		SCOPED(scratch) s = scratch_make();
		SCOPED(arena) a = arena_make(LIMIT);
		const char *deep = scratch_path(&s, &a, "a/b/c");
		const char *file = scratch_path(&s, &a, "a/b/c/f");
		mode_t before = umask(rows[i].mask);
		bool made = false;

		assert_true(file_make_folder(&a, deep));

		int fd = file_open_append(file, &made);

		umask(before);
		assert_true(fd > STDERR_FILENO);
		assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
		close(fd);
		assert_true(made);
		assert_int_equal(mode_of(deep), rows[i].folder);
		assert_int_equal(
		    mode_of(scratch_path(&s, &a, "a")), rows[i].folder);
		assert_int_equal(mode_of(file), rows[i].file);
	}
}

static void a_folder_that_is_there_is_left_as_it_is(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	const char *path = scratch_path(&s, &a, "x");

	(void)state;
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, 0750), 0);
	assert_true(file_make_folder(&a, path));
	assert_true(file_make_folder(&a, "/"));
	assert_true(file_make_folder(&a, arena_printf(&a, "%s//y/", path)));
	assert_int_equal(mode_of(path), 0750);
}

static void a_file_in_the_way_of_a_folder_is_told(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	scratch_write(scratch_path(&s, &a, "x"), "");
	assert_false(file_make_folder(&a, scratch_path(&s, &a, "x")));
	assert_int_equal(errno, ENOTDIR);
	assert_false(file_make_folder(&a, scratch_path(&s, &a, "x/y")));
	assert_int_equal(errno, ENOTDIR);
}

static void appending_keeps_what_was_there(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	const char *path = scratch_path(&s, &a, "x");
	bool made = true;

	(void)state;
	scratch_write(path, "one\n");

	int fd = file_open_append(path, &made);

	assert_false(made);
	assert_true(file_write_all(fd, "two\n", 4));
	assert_true(file_write_all(fd, "", 0));
	close(fd);
	assert_string_equal(scratch_read(&a, path), "one\ntwo\n");
	assert_int_equal(
	    file_open_append(scratch_path(&s, &a, "no/x"), &made), -1);
	assert_false(made);
}

static void what_root_makes_belongs_to_the_owner_of_its_folder(void **state)
{
	enum { SOMEBODY = 12345, GROUP = 12346 };
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	const char *deep = scratch_path(&s, &a, "x/y");
	const char *file = scratch_path(&s, &a, "x/y/f");
	const char *link = scratch_path(&s, &a, "x/y/link");
	struct stat st;
	bool made = false;

	(void)state;
	if (geteuid() != 0)
		skip(); /* nobody else can give files away */
	assert_int_equal(chown(s.path, SOMEBODY, GROUP), 0);
	assert_true(file_make_folder(&a, deep));
	close(file_open_append(file, &made));
	assert_true(made);
	assert_int_equal(stat(deep, &st), 0);
	assert_int_equal(st.st_uid, SOMEBODY);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_uid, SOMEBODY);
	assert_int_equal(st.st_gid, GROUP);

	/* not so by way of a link */
	assert_int_equal(symlink("/nowhere/at/all", link), 0);
	assert_int_equal(file_open(link, O_RDWR, &made), -1);
	assert_false(made);
}

static void a_name_is_split_from_its_folder(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	assert_string_equal(file_folder(&a, "/a/b/c"), "/a/b");
	assert_string_equal(file_folder(&a, "/a"), "/");
	assert_string_equal(file_folder(&a, "/"), "/");
	assert_string_equal(file_folder(&a, "a"), ".");
}

static void a_file_is_read_up_to_its_limit(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	const char *path = scratch_path(&s, &a, "x");
	struct str text = { 0 };

	(void)state;
	scratch_write(path, "12345");
	assert_true(file_read(&a, path, 5, &text));
	assert_int_equal(text.n, 5);
	assert_string_equal(text.p, "12345");
	assert_false(file_read(&a, path, 4, &text));
	assert_int_equal(errno, EFBIG);
	scratch_write(path, "");
	assert_true(file_read(&a, path, 4, &text));
	assert_string_equal(text.p, "");
	assert_false(file_read(&a, scratch_path(&s, &a, "y"), 4, &text));
	assert_int_equal(errno, ENOENT);
	assert_false(file_read(&a, s.path, 4, &text));
	assert_int_equal(errno, EINVAL);
}

/* Reads slowly from FD until the end, then tells by its exit status whether N
 * bytes came. */
static pid_t slow_reader(const int fds[2], size_t wanted)
{
	pid_t pid = fork();

	if (pid == 0) {
		static char bytes[4096];
		size_t n = 0;
		ssize_t got = 1;

		close(fds[0]);
		while (got > 0) {
			usleep(500);
			got = read(fds[1], bytes, sizeof(bytes));
			n += got > 0 ? (size_t)got : 0;
		}
		_exit(n == wanted ? 0 : 1);
	}
	return pid;
}

static void a_pipe_that_is_full_for_now_is_waited_for(void **state)
{
	enum { SIZE = 1000000 };
	SCOPED(arena) a = arena_make(LIMIT);
	char *bytes = arena_alloc(&a, SIZE);
	int fds[2];
	int status = 1;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);

	pid_t reader = slow_reader(fds, SIZE);

	close(fds[1]);
	assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	assert_true(file_write_all(fds[0], bytes, SIZE / 4));
	assert_true(file_write_two(fds[0], (struct str){ bytes, SIZE / 4 },
	    (struct str){ bytes, SIZE / 2 }));
	assert_true(file_write_two(fds[0], str_of(""), str_of("")));
	close(fds[0]);
	assert_int_equal(waitpid(reader, &status, 0), reader);
	assert_int_equal(status, 0);
}

static void a_reader_that_is_gone_is_told(void **state)
{
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	assert_false(file_write_all(fds[1], "x", 1));
	assert_int_equal(errno, EPIPE);
	close(fds[1]);
}

static void absolute_names_are_joined_to_nothing(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	assert_string_equal(file_join(&a, "/a", "b"), "/a/b");
	assert_string_equal(file_join(&a, "/a", "/b"), "/b");
	assert_string_equal(file_join(&a, ".", "b c"), "./b c");
}

/* What a process of its own finds: 0, or the number of what was wrong. */
static int close_from_three(void)
{
	static const int kept[] = { 0, 1, 2 }, closed[] = { 3, 7, 77, 901 };

	for (size_t i = 0; i < COUNT(closed); i++) {
		if (dup2(STDERR_FILENO, closed[i]) < 0)
			return 1;
	}
	file_close_from(3);
	for (size_t i = 0; i < COUNT(kept); i++) {
		if (fcntl(kept[i], F_GETFD) < 0)
			return 2;
	}
	for (size_t i = 0; i < COUNT(closed); i++) {
		if (fcntl(closed[i], F_GETFD) >= 0)
			return 3;
	}
	return 0;
}

static void descriptors_are_closed_on_old_systems_too(void **state)
{
	(void)state;
	assert_int_equal(old_system_run(-1, close_from_three), 0);
	assert_int_equal(old_system_run(SYS_close_range, close_from_three), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    folders_and_files_have_the_rights_the_umask_leaves),
		cmocka_unit_test(a_folder_that_is_there_is_left_as_it_is),
		cmocka_unit_test(a_file_in_the_way_of_a_folder_is_told),
		cmocka_unit_test(appending_keeps_what_was_there),
		cmocka_unit_test(
		    what_root_makes_belongs_to_the_owner_of_its_folder),
		cmocka_unit_test(a_name_is_split_from_its_folder),
		cmocka_unit_test(a_file_is_read_up_to_its_limit),
		cmocka_unit_test(a_pipe_that_is_full_for_now_is_waited_for),
		cmocka_unit_test(a_reader_that_is_gone_is_told),
		cmocka_unit_test(absolute_names_are_joined_to_nothing),
		cmocka_unit_test(descriptors_are_closed_on_old_systems_too),
	};

	return RUN_TESTS(tests);
}
