/*
 * ca.c - finds the certificate authorities that TLS trusts.
 *
 * libcurl looks where the distribution it was built for keeps the file, and the
 * archive may run on another one. The system's file is kept up to date, so the
 * archive's own copy is the last resort.
 */
#include "net/ca.h"

#include <stddef.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/env.h"
#include "base/file.h"

const char *ca_file(struct arena *a, const char *set)
{
	static const char *const usual[] = {
		"/etc/ssl/certs/ca-certificates.crt", /* Debian, Alpine */
		"/etc/pki/tls/certs/ca-bundle.crt",   /* Red Hat */
		"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
		"/etc/ssl/ca-bundle.pem", /* SUSE */
		"/etc/ssl/cert.pem",
	};

	if (set)
		return set;
	for (size_t i = 0; i < COUNT(usual); i++) {
		if (access(usual[i], R_OK) == 0)
			return usual[i];
	}

	const char *private = env_private(a);

	if (!private)
		return NULL;
	set = file_join(a, private, "lib/ca-certificates.crt");
	return access(set, R_OK) == 0 ? set : NULL;
}
