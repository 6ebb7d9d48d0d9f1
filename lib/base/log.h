/* log.h - the log: a JSON line an event, a file a UTC day, a write each. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/attr.h"

enum log_kind { LOG_API, LOG_X, LOG_ERROR };

/* Starts logging to FOLDER ("api-DATE.log", "x-DATE.log", "error-DATE.log");
 * files older than KEEP_DAYS are deleted when a new day's file is created. Both
 * texts must outlive the log. Before this call, and if a file cannot be
 * written, lines are dropped: logging never fails a request. */
void log_open(const char *folder, int keep_days, const char *request_id);

/* The id given to log_open; "" before that. */
const char *log_request_id(void);

/* Writes a line: {"time":…,"request_id":…}, then the members of LINE. */
void log_write(enum log_kind kind, cJSON *line);

/* An error line with cause, file, line and request id. */
void log_error(const char *file, int line, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* Deletes log files older than KEEP_DAYS; gives their number. */
int log_prune(void);

#define LOG_CAUSE(...) log_error(__FILE__, __LINE__, __VA_ARGS__)

#endif
