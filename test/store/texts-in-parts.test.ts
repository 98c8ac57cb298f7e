import { describe, expect, test } from 'vitest'
import { DiagnosticError } from '../../src/diagnostics/index.ts'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { assertTexts } from '../../src/store/sqlite/schema/damage.ts'

const ROWS = 45_000

/** @param last SQL of the text in the last row */
function databaseWith(last: string): Connection {
  const connection = new Connection(':memory:')
  connection.exec(`CREATE TABLE t (a TEXT, b TEXT) STRICT;
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
    INSERT INTO t SELECT 'row', CASE i WHEN ${ROWS} THEN ${last} ELSE 'text' END FROM n`)
  return connection
}

describe('looking at every text of a database', () => {
  test('goes through a large table in parts', () => {
    const connection = databaseWith(`'text'`)
    const sizes: number[] = []
    const first = connection.first.bind(connection)
    connection.first = <Row>(sql: string, ...values: (string | number | null)[]): Row | null => {
      const row = first<Row & { readonly texts?: Uint8Array | null }>(sql, ...values)
      sizes.push(row?.texts?.byteLength ?? 0)
      return row
    }
    assertTexts(connection, 'x.db')
    const all = sizes.reduce((sum, size) => sum + size, 0)
    expect(all).toBeGreaterThan(ROWS * 'row text'.length)
    expect(Math.max(...sizes)).toBeLessThan(all / 2)
    connection.close()
  })

  test('finds bytes that are no text in the last row of it', () => {
    const connection = databaseWith(`CAST(x'ff' AS TEXT)`)
    expect(() => assertTexts(connection, 'x.db')).toThrow(DiagnosticError)
    connection.close()
  })
})
