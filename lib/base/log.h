/* log.h - one JSON line an event, in a file a UTC day, one write each. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/attr.h"

enum log_kind { LOG_API, LOG_X, LOG_ERROR };

/* Logs go to FOLDER ("api-DATE.log", "x-DATE.log", "error-DATE.log"), files
 * older than KEEP_DAYS go when a new day's file is made. Both texts must
 * outlive the log. Until then, and where a file cannot be written, lines are
 * dropped: a log never fails a request. */
void log_open(const char *folder, int keep_days, const char *request_id);

/* The id given to log_open; "" before it. */
const char *log_request_id(void);

/* Writes the line: {"time":..,"request_id":..} and then LINE's own members. */
void log_write(enum log_kind kind, cJSON *line);

/* An error line with cause, file, line and request id. */
void log_error(const char *file, int line, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* Removes log files older than KEEP_DAYS; gives how many went. */
int log_prune(void);

#define LOG_CAUSE(...) log_error(__FILE__, __LINE__, __VA_ARGS__)

#endif
