/* test_tweet_life.c - the arrows of the diagram in tweet_life.h, one by one. */
#include "unit/test.h"

#include <string.h>

#include "app/tweet_life.h"
#include "app/tweet_state.h"
#include "base/clock.h"
#include "unit/fixture.h"

enum { NOW = FIXTURE_NOW };

static const char rows[] =
    "INSERT INTO twitter_account(id, username, access_token)"
    " VALUES (1, 'a', 'x');"
    "INSERT INTO tweet(id, twitter_account_id, content)"
    " VALUES (1, 1, 'one')";

/* The rows from which the cases start. */
#define AS_DRAFT   "UPDATE tweet SET draft = 1"
#define AS_PENDING "UPDATE tweet SET status = 'pending'"
#define AS_DUE     "UPDATE tweet SET scheduled_at = '2026-03-01 11:00:00'"
#define AS_HELD    AS_DUE ", late = 'held'"
#define AS_HELD_BACK                                         \
	"UPDATE tweet SET retry_at = '2026-03-01 13:00:00'," \
	" code = 'rate_limited', reason = 'old'"
#define AS_FAILED                                                         \
	"UPDATE tweet SET status = 'failed', code = 'duplicate_content'," \
	" reason = 'old'"
#define AS_UNCONFIRMED \
	"UPDATE tweet SET status = 'failed', code = 'outcome_unknown'"
#define AS_UNKNOWN                                               \
	"UPDATE tweet SET code = 'x_timeout';"                   \
	"INSERT INTO attempt(tweet_id, sent_at, look_at) VALUES" \
	" (1, '2026-03-01 11:59:00', '2026-03-01 12:00:00')"
#define AS_SENDING                                                         \
	"UPDATE twitter_account SET lease_until = '2026-03-01 12:01:00'; " \
	"INSERT INTO attempt(tweet_id, sent_at) VALUES"                    \
	" (1, '2026-03-01 12:00:00')"
#define CLOSED ";UPDATE attempt SET ended_at = sent_at"

/* "state code reason" of the tweet. */
static const char *life(struct fixture *f)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	assert_int_equal(
	    db_prepare(&q, &f->app.db,
		"SELECT " TWEET_STATE " || ' ' || coalesce(t.code, '-')"
		" || ' ' || coalesce(t.reason, '-') FROM " TWEET_TABLES),
	    OK);
	db_bind_text(&q, 1, "2026-03-01 12:00:00");
	assert_int_equal(db_step(&q, &row), OK);
	return db_text(&q, 0);
}

enum move {
	SENDING,
	POSTED,
	FAILED,
	UNCONFIRMED,
	DEFER,
	DEFER_AN_HOUR,
	REQUEUE,
	REQUEUE_FAILED,
	HOLD_LATE,
	RELEASE,
	EDIT,
	EDIT_DRAFT,
	UNDRAFT,
	RESCHEDULE
};

static enum err make(struct app *app, enum move move)
{
	struct tweet_changes text = { .text = "new" };
	struct tweet_changes draft = { .new_draft = true, .draft = true };
	struct tweet_changes ready = { .new_draft = true };
	struct tweet_changes later = { .new_time = true,
		.scheduled_at = NOW + 60 };
	int64_t n = 0;
	bool released = false;

	switch (move) {
	case SENDING:
		return tweet_mark_sending(app, 1);
	case POSTED:
		return tweet_mark_posted(app, 1, "9", NOW, false);
	case FAILED:
		return tweet_mark_failed(app, 1, ERR_DUPLICATE, "why");
	case UNCONFIRMED:
		return tweet_mark_unconfirmed(app, 1);
	case DEFER:
		return tweet_defer(app, 1, ERR_NEEDS_REAUTH, NULL, 0);
	case DEFER_AN_HOUR:
		return tweet_defer(app, 1, ERR_RATE_LIMITED, "why", 3600);
	case REQUEUE:
		return tweet_requeue(app, 1);
	case REQUEUE_FAILED:
		return tweet_requeue_failed(app, 0, ERR_DUPLICATE, &n);
	case HOLD_LATE:
		return tweet_hold_late(app, "2026-03-01 11:30:00", &n);
	case RELEASE:
		return tweet_release(app, 1, &released);
	case EDIT:
		return tweet_edit(app, 1, &text, true, true);
	case EDIT_DRAFT:
		return tweet_edit(app, 1, &draft, false, false);
	case UNDRAFT:
		return tweet_edit(app, 1, &ready, false, true);
	case RESCHEDULE:
		return tweet_edit(app, 1, &later, false, false);
	}
	return ERR_INTERNAL;
}

static void each_arrow_leads_where_the_diagram_says(void **state)
{
	static const struct {
		const char *from;
		enum move move;
		const char *to;
	} cases[] = {
		{ AS_DRAFT, UNDRAFT, "pending - -" },
		{ AS_PENDING, EDIT_DRAFT, "draft - -" },
		{ AS_HELD_BACK, EDIT_DRAFT, "draft - -" },
		{ AS_DUE, HOLD_LATE, "held - -" },
		{ AS_DRAFT ", scheduled_at = '2026-03-01 11:00:00'", HOLD_LATE,
		    "draft - -" },
		{ AS_SENDING ";" AS_DUE, HOLD_LATE, "sending - -" },
		{ AS_HELD, RELEASE, "due - -" },
		{ AS_HELD ", late = 'released'", HOLD_LATE, "due - -" },
		{ AS_PENDING, RELEASE, "pending - -" },
		{ AS_HELD, SENDING, "due - -" },
		{ AS_HELD_BACK, SENDING, "pending - -" },
		{ AS_FAILED, SENDING, "pending - -" },
		{ AS_SENDING, POSTED, "posted - -" },
		{ AS_SENDING, FAILED, "failed duplicate_content why" },
		{ AS_SENDING CLOSED, DEFER, "pending needs_reauth -" },
		{ AS_SENDING CLOSED, DEFER_AN_HOUR,
		    "held_back rate_limited why" },
		{ AS_UNKNOWN, DEFER, "unknown needs_reauth -" },
		{ AS_UNKNOWN, POSTED, "posted - -" },
		{ AS_UNKNOWN CLOSED, UNCONFIRMED,
		    "unconfirmed outcome_unknown -" },
		{ AS_FAILED, UNCONFIRMED, "failed duplicate_content old" },
		/* what X said of it stays when it is the account after all */
		{ AS_FAILED, DEFER, "pending needs_reauth old" },
		{ AS_FAILED, REQUEUE, "pending - -" },
		{ AS_FAILED, REQUEUE_FAILED, "pending - -" },
		{ AS_FAILED, EDIT, "pending - -" },
		{ AS_UNCONFIRMED, REQUEUE, "pending - -" },
		{ AS_UNCONFIRMED, REQUEUE_FAILED,
		    "unconfirmed outcome_unknown -" },
		{ AS_UNCONFIRMED, POSTED, "posted - -" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		const char *to;

		fixture_open(&f, rows);
		scratch_sql(&f.app.db, cases[i].from);
		assert_int_equal(make(&f.app, cases[i].move), OK);
		to = life(&f);
		if (strcmp(to, cases[i].to) != 0)
			fail_msg("case %zu: %s", i, to);
	}
}

static void times_and_lateness_go_or_stay_with_the_arrow(void **state)
{
#define AT(time) "UPDATE tweet SET scheduled_at = '2026-03-01 " time "'"
	static const struct {
		const char *from;
		enum move move;
		const char *holds;
	} cases[] = {
		/* what was late once is not held again */
		{ AS_HELD, SENDING, "late = 'released'" },
		{ AS_HELD ", late = 'released'", SENDING, "late = 'released'" },
		{ AS_DUE, SENDING, "late IS NULL" },
		{ AS_HELD_BACK, SENDING, "retry_at IS NULL" },
		{ AS_PENDING, DEFER, "retry_at IS NULL" },
		{ AS_PENDING, DEFER_AN_HOUR,
		    "retry_at = '2026-03-01 13:00:00'" },
		{ AS_HELD_BACK, EDIT, "retry_at IS NULL" },
		{ AS_HELD_BACK, EDIT_DRAFT, "retry_at IS NULL" },
		{ AS_HELD_BACK, UNDRAFT, "retry_at IS NOT NULL" },
		/* a time that is over is no time for a new text */
		{ AT("12:00:00"), UNDRAFT, "scheduled_at IS NULL" },
		{ AT("12:00:01"), UNDRAFT, "scheduled_at IS NOT NULL" },
		{ AT("11:00:00"), EDIT_DRAFT, "scheduled_at IS NOT NULL" },
		{ AS_HELD, UNDRAFT, "late IS NULL" },
		{ AS_HELD, EDIT_DRAFT, "late = 'held'" },
		{ AS_HELD, RESCHEDULE,
		    "late IS NULL AND scheduled_at = '2026-03-01 12:01:00'" },
	};
#undef AT

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;

		fixture_open(&f, rows);
		scratch_sql(&f.app.db, cases[i].from);
		assert_int_equal(make(&f.app, cases[i].move), OK);
		if (!scratch_number(
			&f.app.db, arena_printf(&f.arena,
				       "SELECT %s FROM tweet", cases[i].holds)))
			fail_msg("case %zu: %s", i, cases[i].holds);
	}
}

static void a_tick_finds_again_what_has_no_time(void **state)
{
	static const struct {
		const char *from, *count;
	} cases[] = {
		{ AS_PENDING, "SELECT count(*) FROM tweet"
			      " WHERE retry_at = '2026-03-01 12:00:00'" },
		{ AS_DUE, "SELECT count(*) FROM tweet WHERE retry_at IS NULL" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;

		fixture_open(&f, rows);
		scratch_sql(&f.app.db, cases[i].from);
		assert_int_equal(tweet_let_tick_retry(&f.app, 1), OK);
		assert_int_equal(scratch_number(&f.app.db, cases[i].count), 1);
	}
}

static void a_posted_tweet_has_its_id_and_time(void **state)
{
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, rows);
	assert_int_equal(tweet_mark_posted(&f.app, 1, "9", NOW - 1, true), OK);
	assert_int_equal(
	    scratch_number(&f.app.db,
		"SELECT count(*) FROM tweet WHERE twitter_id = '9'"
		" AND posted_at = '2026-03-01 11:59:59' AND mock = 1"),
	    1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_arrow_leads_where_the_diagram_says),
		cmocka_unit_test(times_and_lateness_go_or_stay_with_the_arrow),
		cmocka_unit_test(a_tick_finds_again_what_has_no_time),
		cmocka_unit_test(a_posted_tweet_has_its_id_and_time),
	};

	return RUN_TESTS(tests);
}
