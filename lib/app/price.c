/* price.c - what X charges for a post (pay-per-use, per request). */
#include "app/price.h"

#include "base/utf8.h"
#include "length/length.h"

static const char as_of[] = "2026-08-22";

static const struct {
	const char *kind;
	const char *usd;
} prices[] = {
	{ "post", "0.015" },
	{ "post_with_url", "0.200" },
};

cJSON *price_json(struct arena *a, const char *text)
{
	struct length_urls *urls = length_urls(a, utf8_nfc(a, text));
	struct str url;
	size_t i = length_next_url(urls, &url) ? 1 : 0;
	cJSON *json = json_object();

	json_add_text(json, "kind", prices[i].kind);
	json_add(json, "usd", cJSON_CreateRaw(prices[i].usd));
	json_add_text(json, "as_of", as_of);
	return json;
}
