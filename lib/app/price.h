/* price.h - what X charges for a post. */
#ifndef APP_PRICE_H
#define APP_PRICE_H

#include "base/arena.h"
#include "base/json.h"

/* {kind,usd,as_of}: the price of posting TEXT by X's public price list, and the
 * day on which that was read. */
cJSON *price_json(struct arena *a, const char *text);

#endif
