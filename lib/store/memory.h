/* memory.h - the memory that SQLite takes: small blocks from chunks of our own,
 * which costs a third of malloc. */
#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include <sqlite3.h>

/* For SQLITE_CONFIG_MALLOC, in a process with one thread. A small block that is
 * freed is kept for the next of its size; a large one goes back to malloc. NULL
 * when memory is exhausted. */
extern const sqlite3_mem_methods memory_methods;

#endif
