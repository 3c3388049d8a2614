#include <sqlite3.h>

// sqlite3_db_config takes variable arguments, which Swift cannot pass.

/// Makes "name" a name and nothing else: SQLite would take one that it does not know as a text.
static inline int logq_sqlite3_refuse_quoted_texts(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, (int *)0);
}
