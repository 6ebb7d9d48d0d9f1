/* price.h - what X charges for a post. */
#ifndef APP_PRICE_H
#define APP_PRICE_H

#include "base/arena.h"
#include "base/json.h"

/* {kind,usd,as_of}: the price of posting TEXT according to X's public price
 * list, and the date of that list. */
cJSON *price_json(struct arena *a, const char *text);

#endif
