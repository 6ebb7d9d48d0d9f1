/* db_private.h - what the files of this room share about a connection. */
#ifndef STORE_DB_PRIVATE_H
#define STORE_DB_PRIVATE_H

/* How long a writer waits for another. */
enum { DB_BUSY_MS = 10000 };

#endif
