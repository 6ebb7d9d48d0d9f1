/*
 * limits_file.c - how often each caller has called.
 *
 * The file is a seed and pages of slots. A caller belongs to one bucket of one
 * page, and only that page is mapped. A slot has the caller's tag and a time,
 * and a caller is counted by one compare-and-swap of that time: nothing is
 * locked, so a killed process holds nothing. Of calls the time is the one at
 * which all are allowed again (the generic cell rate algorithm); of guesses it
 * is the end of their minute, with their number in its lowest bits.
 *
 * A slot is free when its time is past, or further ahead than any can be. So
 * what a wrong clock, another version or a broken disk has left is forgotten by
 * itself. The tags are hashes with the file's own seed: nobody can choose
 * addresses that push a certain caller out.
 */
#include "web/limits_file.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "base/siphash.h"

struct limits_slot {
	_Atomic uint64_t tag;
	_Atomic uint64_t time; /* in ns since 1970 */
};

enum {
	PAGE = 4096,
	SYSTEM_PAGE_MOST = 64 * 1024,
	SLOTS = 8, /* of a bucket */
	BUCKETS = PAGE / (int)sizeof(struct limits_slot) / SLOTS,
	KEY_PAGES = 3, /* after the first, which has the seed */
	ADDRESS_PAGES = 60,
	FILE_SIZE = (1 + KEY_PAGES + ADDRESS_PAGES) * PAGE,
	GUESS_BITS = 63 /* of a time: the number of guesses */
};

_Static_assert(sizeof(struct limits_slot) == 16, "slots fill a page");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "processes share no locks");

#define SECOND UINT64_C(1000000000)
#define MINUTE (60 * SECOND)

/* By so much clocks are set back without anybody noticing. */
#define SLACK SECOND

/* No time is further ahead. */
#define LONGEST (MINUTE + SLACK)

/* ---- the mapping --------------------------------------------------------- */

static struct {
	char *start; /* NULL: nothing is mapped */
	size_t size;
} mapped;

/* The file has been cut, or the disk is full or broken: from here on this
 * process counts for itself. */
static void on_bus_error(int number, siginfo_t *info, void *context)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
	uintptr_t at = (uintptr_t)info->si_addr;
	uintptr_t start = (uintptr_t)mapped.start;

	(void)context;
	if (!start || at < start || at - start >= mapped.size ||
	    mmap(mapped.start, mapped.size, PROT_READ | PROT_WRITE, flags, -1,
		0) == MAP_FAILED)
		signal(number, SIG_DFL); /* and it is raised again */
}

static void catch_bus_errors(void)
{
	struct sigaction action = { .sa_sigaction = on_bus_error,
		.sa_flags = SA_SIGINFO };

	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, NULL);
}

/* Fills the file and gives its size, which is less if the disk is full. What is
 * missing is written, not left as a hole, since there may be no space for it;
 * and appended, since others may count in it already. */
static int64_t fill(int fd)
{
	static const char nothing[PAGE];
	char seed[sizeof(struct siphash_key)];
	struct stat st;
	bool good = true;

	while (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		struct str first = { seed, st.st_size ? 0 : sizeof(seed) };

		if (st.st_size >= FILE_SIZE || !good)
			return st.st_size;
		random_bytes(seed, first.n);
		good = file_write_two(fd, first, (struct str){ nothing, PAGE });
	}
	return 0;
}

/* Maps the page at OFFSET, beginning where it can on every system. */
static bool map_page(struct limits *l, int fd, int64_t offset)
{
	int64_t start = offset - offset % SYSTEM_PAGE_MOST;

	l->size = (size_t)(offset - start) + PAGE;
	l->map = mmap(NULL, l->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
	    (off_t)start);
	if (l->map == MAP_FAILED) {
		l->map = NULL;
		return false;
	}
	mapped.start = l->map;
	mapped.size = l->size;
	catch_bus_errors();
	l->page = (void *)((char *)l->map + (offset - start));
	return true;
}

static bool open_page(
    struct limits *l, int fd, enum limits_kind kind, const void *p, size_t n)
{
	int64_t size = fill(fd);
	struct siphash_key seed;

	if (pread(fd, &seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		return false;
	l->hash = siphash(&seed, p, n);

	uint64_t page = kind == LIMITS_KEY
			    ? 1 + l->hash % KEY_PAGES
			    : 1 + KEY_PAGES + l->hash % ADDRESS_PAGES;
	int64_t offset = (int64_t)page * PAGE;

	return offset + PAGE <= size && map_page(l, fd, offset);
}

bool limits_open(struct limits *l, struct arena *a, const char *folder,
    enum limits_kind kind, const void *p, size_t n)
{
	const int flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK;
	int fd = file_open(file_join(a, folder, "limits"), flags, NULL);

	*l = (struct limits){ 0 };
	if (fd < 0)
		return false;

	bool good = open_page(l, fd, kind, p, n);

	close(fd);
	return good;
}

void limits_end(struct limits *l)
{
	mapped.start = NULL;
	if (l->map)
		munmap(l->map, l->size);
	l->map = NULL;
}

/* ---- the slots ----------------------------------------------------------- */

static uint64_t now_ns(void)
{
	return (uint64_t)clock_now_ns();
}

/* How far ahead of NOW a time is; 0 if it is past or cannot be. */
static uint64_t ahead(uint64_t time, uint64_t now, uint64_t most)
{
	return time > now && time - now <= most ? time - now : 0;
}

/* Gives the slot with the least time left to TAG: the first free one, if there
 * is one. False if another process was faster. */
static bool claim(struct limits_slot *bucket, uint64_t tag)
{
	struct limits_slot *best = NULL;
	uint64_t best_tag = 0;
	uint64_t best_time = 0;
	uint64_t best_left = UINT64_MAX;
	uint64_t now = now_ns();

	for (size_t i = 0; i < SLOTS; i++) {
		uint64_t held = atomic_load(&bucket[i].tag);
		uint64_t time = atomic_load(&bucket[i].time);
		uint64_t left = ahead(time, now, LONGEST);

		if (left >= best_left)
			continue;
		best = &bucket[i];
		best_tag = held;
		best_time = time;
		best_left = left;
	}
	if (!best ||
	    !atomic_compare_exchange_strong(&best->tag, &best_tag, tag))
		return false;
	if (best_left) /* another's: ours begins anew */
		atomic_compare_exchange_strong(&best->time, &best_time, 0);
	return true;
}

/* The first slot of TAG: if two processes have made one, both come to the same.
 * The empty exchange makes the page writable at its first touch. */
static struct limits_slot *slot_of(struct limits *l, uint64_t tag)
{
	struct limits_slot *bucket = l->page + SLOTS * ((tag >> 40) % BUCKETS);
	uint64_t none = 0;

	atomic_compare_exchange_strong(&bucket->tag, &none, 0);
	for (;;) {
		for (size_t i = 0; i < SLOTS; i++) {
			if (atomic_load(&bucket[i].tag) == tag)
				return &bucket[i];
		}
		claim(bucket, tag);
	}
}

/* ---- counting ------------------------------------------------------------ */

static int64_t seconds(uint64_t ns)
{
	return (int64_t)((ns + SECOND - 1) / SECOND);
}

int64_t limits_burst(int64_t per_minute)
{
	return per_minute >= 10 ? per_minute / 10 : 1;
}

struct limits_state limits_take(struct limits *l, int64_t per_minute)
{
	uint64_t period = MINUTE / (uint64_t)per_minute;
	uint64_t most = period * (uint64_t)limits_burst(per_minute);
	struct limits_slot *slot = slot_of(l, l->hash | 1);

	for (;;) {
		uint64_t time = atomic_load(&slot->time);
		uint64_t now =
		    now_ns(); /* read after the time, so never before */
		uint64_t used = ahead(time, now, most + SLACK);
		struct limits_state state = { .full_in = seconds(used) };

		if (used + period > most) {
			state.wait = seconds(used + period - most);
			return state;
		}
		used += period;
		if (!atomic_compare_exchange_weak(
			&slot->time, &time, now + used))
			continue;
		state.allowed = true;
		state.left = (int64_t)((most - used) / period);
		state.full_in = seconds(used);
		return state;
	}
}

int64_t limits_guess(struct limits *l, unsigned most)
{
	uint64_t tag = (l->hash * UINT64_C(0x9E3779B97F4A7C15)) ^ l->hash >> 32;
	struct limits_slot *slot = slot_of(l, tag & ~UINT64_C(1));

	for (;;) {
		uint64_t time = atomic_load(&slot->time);
		uint64_t now = now_ns();
		uint64_t end = time & ~(uint64_t)GUESS_BITS;
		uint64_t left = ahead(end, now, LONGEST);

		if (left && (time & GUESS_BITS) >= most)
			return seconds(left);
		end = (now + MINUTE) & ~(uint64_t)GUESS_BITS;
		if (atomic_compare_exchange_weak(
			&slot->time, &time, left ? time + 1 : end + 1))
			return 0;
	}
}
