import { Connection } from '../connection.ts'

/** What a database has that has had all of a schema's history. */
interface MadeSchema {
  /** What makes its tables and indexes where there is nothing yet. */
  readonly script: string
  /** Its tables, columns and indexes, as `SHAPE` has them. */
  readonly shape: readonly string[]
}

/** All tables, columns and indexes as texts. The texts that made them differ from version to version of SQLite; these don't. */
export const SHAPE = `
SELECT 'table ' || m.name || '|' || t.strict || '|' || c.name || '|' || c.type || '|' || c."notnull" || '|' || c.pk AS part
FROM sqlite_master m, pragma_table_list(m.name) t, pragma_table_xinfo(m.name) c WHERE m.type = 'table'
UNION ALL SELECT 'index ' || name || '|' || tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`

/** Indexes of primary keys come with their tables, and have no text. */
const STATEMENTS = 'SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid'

const known = new WeakMap<readonly string[], MadeSchema>()

/**
 * Runs a schema's history once in a process, in memory.
 * INVARIANT: no migration puts a row into a database that has none, so that the script alone makes a new one.
 */
export function madeBy(migrations: readonly string[]): MadeSchema {
  const before = known.get(migrations)
  if (before !== undefined) return before
  const connection = new Connection(':memory:')
  try {
    for (const migration of migrations) connection.exec(migration)
    const made = {
      script: connection
        .all<{ readonly sql: string }>(STATEMENTS)
        .map(({ sql }) => `${sql};\n`)
        .join(''),
      shape: connection.all<{ readonly part: string }>(SHAPE).map(({ part }) => part),
    }
    known.set(migrations, made)
    return made
  } finally {
    connection.close()
  }
}
