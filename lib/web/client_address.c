/*
 * client_address.c - the address from which a request comes.
 *
 * Everyone can send X-Forwarded-For, so it counts only as far as proxies of
 * ours have written it. Two variables of that name are two headers, one of them
 * perhaps a client's X_Forwarded_For, and nobody can tell which: then neither
 * counts, and the address is the proxy's.
 */
#include "web/client_address.h"

#include <string.h>

#include "base/env.h"

#define FORWARDED "HTTP_X_FORWARDED_FOR"

/* The header as the proxy sent it; empty if there is none, or two. */
static struct str forwarded(void)
{
	const char *found = NULL;
	size_t n = sizeof(FORWARDED) - 1;

	for (char **e = environ; *e; e++) {
		if (strncmp(*e, FORWARDED "=", n + 1) != 0)
			continue;
		if (found)
			return str_of(NULL);
		found = *e + n + 1;
	}
	return str_of(found);
}

/* Cuts the part after the last comma off *list and gives it. */
static struct str cut_last(struct str *list)
{
	size_t n = list->n;

	while (n && list->p[n - 1] != ',')
		n--;

	struct str last = { list->p + n, list->n - n };

	list->n = n ? n - 1 : 0;
	return last;
}

bool client_ip(const struct call *c, struct ip *out)
{
	const struct ip_list *trusted = &c->app->config.trusted_proxies;
	struct ip next;

	if (!ip_read(str_of(env_process("REMOTE_ADDR")), out))
		return false;
	if (!trusted->count || !ip_is_in(out, trusted))
		return true;

	struct str list = forwarded();

	while (list.n && ip_is_in(out, trusted)) {
		if (!ip_read(cut_last(&list), &next))
			break; /* a proxy of ours wrote what we cannot read */
		*out = next;
	}
	return true;
}

const char *client_address(struct call *c)
{
	struct ip ip;

	return client_ip(c, &ip) ? ip_text(c->arena, &ip) : NULL;
}

bool client_is_forwarded(const struct call *c)
{
	struct str list = str_of(env_process(FORWARDED));
	struct ip direct;
	struct ip named;

	if (!ip_read(str_of(env_process("REMOTE_ADDR")), &direct) ||
	    ip_is_in(&direct, &c->app->config.trusted_proxies))
		return false;
	return ip_read(cut_last(&list), &named) &&
	       memcmp(&direct, &named, sizeof(named)) != 0;
}
