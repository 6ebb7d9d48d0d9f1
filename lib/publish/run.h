/* run.h - one publishing run, as its parts share it. */
#ifndef PUBLISH_RUN_H
#define PUBLISH_RUN_H

#include "publish/lane.h"
#include "publish/publish.h"

struct run {
	struct app *app;
	struct x x;
	bool mock;
	bool begin; /* new calls may begin */
	struct publish_order order;
	int64_t tweet; /* only this one; 0: whatever is ready */
	struct lane *lanes;
	size_t count; /* of lanes */

	/* steps may change these, beside their lanes */
	int64_t begun;  /* tweets handed to X */
	int64_t x_date; /* what X's clock said last; 0: not known */

	/* all that steps may change, as it was before this round */
	struct {
		struct lane *lanes;
		int64_t begun;
		int64_t x_date;
	} saved;
};

#endif
