/* rate.h - X's rate limits, as its answers tell them, and our calls. */
#ifndef PUBLISH_RATE_H
#define PUBLISH_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "base/json.h"
#include "x/x.h"

/* Counts the call and keeps what X's headers said. */
enum err rate_note(struct app *app, const struct x_call *call) MUST_CHECK;

/* Whether the account's timeline may be read now. */
enum err rate_timeline_open(struct app *app, int64_t account, bool *open)
    MUST_CHECK;

/* For how many seconds the window stays closed by what X said; 0: open. */
int64_t rate_closed(const struct x_call *call, const struct x_window *window);

/* {app:{..},accounts:[..]}: limits, calls, and what is held back until when. */
enum err rate_json(struct app *app, cJSON **out) MUST_CHECK;

#endif
