import type { Sealer } from '../sealing.ts'
import type { AuditHead, AuditRow } from '../store-port.ts'
import { CHAIN_START, type ChainEnd, chainHash } from './chain.ts'
import { SEAL_RENEWED } from './log-events.ts'
import { isSealed } from './seal.ts'

/** What is wrong with a log, and with which record it begins. */
export interface ChainProblem {
  readonly kind: 'changed' | 'removed' | 'inserted' | 'reordered' | 'cut-off' | 'rewritten' | 'unsealed'
  /** By the number that it has, or had. */
  readonly sequence: number
}

export interface ChainVerdict {
  readonly records: number
  /** null: there are none. */
  readonly end: ChainEnd | null
  /** The first; null: all that can be known is as it was written. */
  readonly problem: ChainProblem | null
  /** Whether whoever has the master key wrote the end; `unknown`: there is no master key to ask. */
  readonly seal: 'holds' | 'unknown'
  /** Records by which the log says that its seal was broken, by number. */
  readonly renewed: readonly number[]
}

interface ChainParts {
  /** By number. */
  readonly rows: Iterable<AuditRow>
  readonly head: AuditHead | null
  /** null: it isn't at hand. */
  readonly sealer: Sealer | null
  /** The first record that has this hash; null: none has. */
  sequenceOf(hash: string): number | null
  /** An end that somebody noted down; null: nobody did. */
  readonly noted: ChainEnd | null
}

/** Reads a whole log, and says whether each record is as it was written, where it was written. */
export function verifyChain(parts: ChainParts): ChainVerdict {
  const { head, sealer, noted } = parts
  let end = CHAIN_START
  let records = 0
  let problem: ChainProblem | null = null
  const renewed: number[] = []
  const hashesAt = new Map<number, string>()
  for (const row of parts.rows) {
    records += 1
    if (row.text.includes(SEAL_RENEWED)) renewed.push(row.sequence)
    problem ??= problemOf(row, end, parts)
    for (const each of [head, noted])
      if (each?.sequence === row.sequence) hashesAt.set(row.sequence, row.hash)
    end = { sequence: row.sequence, hash: row.hash }
  }
  problem ??= problemOfEnd(end, hashesAt, parts)
  return {
    records,
    end: records === 0 ? null : end,
    problem,
    seal: sealer === null && head !== null ? 'unknown' : 'holds',
    renewed,
  }
}

function problemOf(
  { sequence, previous, hash, text }: AuditRow,
  end: ChainEnd,
  { sequenceOf }: ChainParts,
): ChainProblem | null {
  if (chainHash(previous, text) !== hash) return { kind: 'changed', sequence }
  if (previous === end.hash && sequence === end.sequence + 1) return null
  if (previous === end.hash) return { kind: 'removed', sequence: end.sequence + 1 }
  if ((sequenceOf(hash) ?? sequence) < sequence) return { kind: 'inserted', sequence }
  const follows = previous === CHAIN_START.hash ? 0 : sequenceOf(previous)
  if (follows !== null && follows > sequence) return { kind: 'reordered', sequence }
  // It follows an earlier one: what stands between came later.
  if (follows !== null && follows < end.sequence) return { kind: 'inserted', sequence: follows + 1 }
  return { kind: 'removed', sequence: end.sequence + 1 }
}

/** What the records themselves can't tell: whether there were more, and whether the whole chain was made anew. */
function problemOfEnd(
  end: ChainEnd,
  hashesAt: ReadonlyMap<number, string>,
  { head, sealer, noted }: ChainParts,
): ChainProblem | null {
  const isThere = (each: ChainEnd) => each.sequence === 0 || hashesAt.get(each.sequence) === each.hash
  if (noted !== null && !isThere(noted))
    return noted.sequence > end.sequence
      ? { kind: 'cut-off', sequence: end.sequence + 1 }
      : { kind: 'rewritten', sequence: noted.sequence }
  if (head === null) return end.sequence === 0 ? null : { kind: 'unsealed', sequence: end.sequence }
  if (sealer !== null && !isSealed(head, sealer)) return { kind: 'unsealed', sequence: end.sequence }
  if (head.sequence > end.sequence) return { kind: 'cut-off', sequence: end.sequence + 1 }
  if (head.sequence < end.sequence) return { kind: 'unsealed', sequence: head.sequence + 1 }
  return isThere(head) ? null : { kind: 'rewritten', sequence: head.sequence }
}
