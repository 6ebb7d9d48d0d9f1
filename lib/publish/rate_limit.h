/* rate_limit.h - X's rate limits, as its answers report them, and our calls. */
#ifndef PUBLISH_RATE_LIMIT_H
#define PUBLISH_RATE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "base/json.h"
#include "x/x.h"

/* Counts the call and stores what X's headers said. */
enum err rate_limit_store(struct app *app, const struct x_call *call)
    MUST_CHECK;

/* Whether the account's timeline may be read now. */
enum err rate_limit_timeline_open(struct app *app, int64_t account, bool *open)
    MUST_CHECK;

/* Seconds until the window opens again, as X says; 0: it is open. */
int64_t rate_limit_closed(
    const struct x_call *call, const struct x_window *window);

/* {app:{..},accounts:[..]}: limits, calls, and who waits until when. */
enum err rate_limit_json(struct app *app, cJSON **out) MUST_CHECK;

#endif
