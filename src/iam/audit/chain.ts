import { createHash } from 'node:crypto'
import type { AuditRow } from '../store-port.ts'

/** Where a chain stands after a record. */
export interface ChainEnd {
  /** How many records there are, from 1. */
  readonly sequence: number
  readonly hash: string
}

/** Before the first record. */
export const CHAIN_START: ChainEnd = { sequence: 0, hash: '0'.repeat(64) }

/**
 * SHA-256 in hexadecimal, over the hash of the record before, a line feed, and the record's own text. The number of a record is
 * not in it: the hash before it says its place.
 */
export const chainHash = (previous: string, text: string): string =>
  createHash('sha256').update(`${previous}\n${text}`).digest('hex')

/** Records that follow others. @param texts canonical */
export function chained(after: ChainEnd, texts: readonly string[]): readonly AuditRow[] {
  let end = after
  return texts.map((text) => {
    const { hash: previous } = end
    end = { sequence: end.sequence + 1, hash: chainHash(previous, text) }
    return { ...end, previous, text }
  })
}
