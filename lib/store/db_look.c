/*
 * db_look.c - looks at a database and changes nothing, not even beside it.
 *
 * A plain reader of a database with a log makes the log and its shared memory
 * where they are missing, as its own user: that would lock out whom they are
 * for. So a database that has no log is read as one that nobody writes, and
 * one that has is read without touching the shared memory. And SQLite,
 * run by root, gives a log to the database's owner: not while we look.
 */
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/buf.h"

bool db_on_network(const char *path)
{
	static const long kinds[] = {
		0x6969,     /* NFS */
		0x517B,     /* SMB */
		0xFF534D42, /* CIFS */
		0xFE534D42, /* SMB2 */
		0x5346414F, /* AFS */
		0x01021997, /* 9P */
		0x65735546, /* FUSE: often sshfs and the like */
		0x0BD00BD0, /* Lustre */
		0x00C36400, /* Ceph */
		0x01161970, /* GFS2 */
	};
	struct statfs fs;

	if (statfs(path, &fs) != 0)
		return false;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if ((unsigned)fs.f_type == (unsigned)kinds[i])
			return true;
	}
	return false;
}

/* Whether the file at PATH says of itself that it has a log (WAL). */
static bool says_wal(const char *path)
{
	enum { VERSION = 18, LOGGED = 2 };
	unsigned char head[VERSION + 1] = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (read(fd, head, sizeof(head)) < (ssize_t)sizeof(head))
		head[VERSION] = 0;
	close(fd);
	return head[VERSION] == LOGGED;
}

/* How SQLite is to open the file; NULL where looking would change it. */
static const char *manner(struct arena *a, const char *path, bool logged)
{
	struct stat st;
	const char *shared = arena_printf(a, "%s-shm", path);

	if (!logged)
		return "mode=ro";
	if (stat(arena_printf(a, "%s-wal", path), &st) != 0 || !st.st_size)
		return "mode=ro&immutable=1";
	return access(shared, F_OK) == 0 ? "mode=ro&readonly_shm=1" : NULL;
}

/* PATH as a "file:" URI with the parameters HOW. */
static const char *uri(struct arena *a, const char *path, const char *how)
{
	struct buf out = buf_make(a, 64 * 1024);

	buf_text(&out, "file://");
	for (const char *p = path; *p; p++) {
		if (strchr("%?#", *p))
			buf_printf(&out, "%%%02X", (unsigned)*p);
		else
			buf_byte(&out, *p);
	}
	buf_printf(&out, "?%s", how);
	return buf_cstr(&out);
}

static int keep_owner(int fd, uid_t uid, gid_t gid)
{
	(void)fd;
	(void)uid;
	(void)gid;
	return 0;
}

static enum err look(struct db *db, struct db_look *out)
{
	sqlite3 *handle = db->handle;
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);

	sqlite3_extended_result_codes(handle, 1);
	sqlite3_busy_timeout(handle, 2000);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	/* the first question opens all files that there are */
	vfs->xSetSystemCall(vfs, "fchown", (sqlite3_syscall_ptr)keep_owner);

	enum err err = db_version(db, &out->version);

	vfs->xSetSystemCall(vfs, "fchown", NULL);
	return err;
}

enum err db_open_look(struct db *db, const char *path, struct db_look *out,
    struct arena *a, struct fault *f)
{
	const int flags =
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
	sqlite3 *handle = NULL;

	*db = (struct db){ .arena = a, .fault = f };
	*out = (struct db_look){ 0 };
	if (access(path, R_OK) != 0)
		return FAULT(f, ERR_DATABASE, "cannot read %s: %s", path,
		    strerror(errno));
	out->wal = says_wal(path);
	out->network = db_on_network(path);

	const char *how = manner(a, path, out->wal);

	if (!how) {
		enum err err = FAULT(f, ERR_DATABASE,
		    "%s has a log, but the file -shm beside it is missing",
		    path);

		f->hint = "The next request or tick makes it; look again then.";
		return err;
	}

	int rc = sqlite3_open_v2(uri(a, path, how), &handle, flags, NULL);

	db->handle = handle;
	if (rc != SQLITE_OK)
		return FAULT(f, ERR_DATABASE, "cannot open %s: %s", path,
		    sqlite3_errstr(rc));
	return look(db, out);
}
