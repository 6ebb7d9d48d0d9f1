/* openapi.h - the description of the whole API (OpenAPI 3.1), made while
 * building: see cgi-bin/openapi. */
#ifndef WEB_OPENAPI_H
#define WEB_OPENAPI_H

/* JSON text, which ends with NUL. */
extern const unsigned char openapi_json[];

#endif
