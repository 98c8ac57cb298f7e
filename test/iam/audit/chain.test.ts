import { describe, expect, it } from 'vitest'
import { openAuditLog } from '../../../src/iam/audit/audit-log.ts'
import { canonicalText } from '../../../src/iam/audit/canonical-text.ts'
import { CHAIN_START, chained, chainHash } from '../../../src/iam/audit/chain.ts'
import { MemoryAuditRows } from '../../../src/iam/audit/memory-rows.ts'
import { isSealed, sealedHead } from '../../../src/iam/audit/seal.ts'
import { verifyChain } from '../../../src/iam/audit/verify-chain.ts'
import { sealerOf } from '../../../src/iam/sealing.ts'
import type { AuditHead, AuditRow } from '../../../src/iam/store-port.ts'
import fc, { fixedBytes } from '../../fixed-seed.ts'

const sealer = sealerOf(new Uint8Array(32).fill(1), fixedBytes)
const otherSealer = sealerOf(new Uint8Array(32).fill(2), fixedBytes)

const textAt = (index: number): string => canonicalText({ eventName: `Call${index}` })
const logOf = (count: number): readonly AuditRow[] =>
  chained(
    CHAIN_START,
    Array.from({ length: count }, (_, index) => textAt(index + 1)),
  )

interface Asked {
  readonly head?: AuditHead | null
  readonly noted?: { readonly sequence: number; readonly hash: string } | null
  readonly key?: typeof sealer | null
}

function verdict(rows: readonly AuditRow[], { head, noted = null, key = sealer }: Asked = {}) {
  const sorted = [...rows].sort((a, b) => a.sequence - b.sequence)
  return verifyChain({
    rows: sorted,
    head: head === undefined ? sealedHead(sorted.at(-1) ?? CHAIN_START, sealer) : head,
    sealer: key,
    sequenceOf: (hash) => sorted.find((row) => row.hash === hash)?.sequence ?? null,
    noted,
  })
}

/** The rest moves up by one, as somebody would have it who hides that there was one. */
const renumbered = (rows: readonly AuditRow[]): readonly AuditRow[] =>
  rows.map((row, index) => ({ ...row, sequence: index + 1 }))

describe('the chain of an audit log', () => {
  it('is SHA-256 over the hash before, a line feed and the canonical text', () => {
    expect(canonicalText({ b: [{ d: 1, c: null }], a: 'é"', left: undefined })).toBe(
      '{"a":"é\\"","b":[{"c":null,"d":1}]}',
    )
    // `printf '%064d\n{"a":1}' 0 | sha256sum`
    expect(chainHash(CHAIN_START.hash, canonicalText({ a: 1 }))).toBe(
      'f21735afd2cd6af4fc5804b0045cebfd545aef8396d29d030c39cb8880b45b7f',
    )
    expect(verdict(logOf(5))).toMatchObject({ records: 5, problem: null, seal: 'holds' })
    expect(verdict([])).toMatchObject({ records: 0, end: null, problem: null })
  })

  it('names the first record that was changed, removed, put in or moved', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 12 }).chain((count) =>
          fc.record({
            count: fc.constant(count),
            at: fc.integer({ min: 1, max: count }),
            to: fc.integer({ min: 1, max: count }),
          }),
        ),
        ({ count, at, to }) => {
          const rows = logOf(count)
          const head = sealedHead(rows.at(-1) ?? CHAIN_START, sealer)
          const row = rows[at - 1] as AuditRow
          const without = rows.filter((each) => each !== row)
          const problem = (of: readonly AuditRow[]) => verdict(of, { head }).problem

          // A value of it.
          const changed = rows.map((each) => (each === row ? { ...each, text: textAt(99) } : each))
          expect(problem(changed)).toEqual({ kind: 'changed', sequence: at })
          // With a hash that fits.
          const text = textAt(99)
          const rehashed = rows.map((each) =>
            each === row ? { ...each, text, hash: chainHash(each.previous, text) } : each,
          )
          const after = problem(rehashed)
          expect(after?.sequence).toBe(at === count ? count : at + 1)
          expect(after?.kind).toBe(at === count ? 'rewritten' : 'removed')

          expect(problem(without)).toEqual({ kind: at === count ? 'cut-off' : 'removed', sequence: at })
          expect(problem(renumbered(without))).toEqual({
            kind: at === count ? 'cut-off' : 'removed',
            sequence: at,
          })

          // One that follows the chain, and one that is there already.
          const forged = { previous: row.hash, text, hash: chainHash(row.hash, text), sequence: 0 }
          for (const added of [forged, row]) {
            const inserted = renumbered([...rows.slice(0, at), added, ...rows.slice(at)])
            const found = problem(inserted)
            const isAtEnd = at === count && added === forged
            expect(found).toEqual({ kind: isAtEnd ? 'unsealed' : 'inserted', sequence: at + 1 })
          }

          if (at === to) return
          const moved = [...without.slice(0, to - 1), row, ...without.slice(to - 1)]
          const first = moved.findIndex((each, index) => each !== rows[index]) + 1
          expect(problem(renumbered(moved))).toEqual({ kind: 'reordered', sequence: first })
        },
      ),
    )
  })

  it('cut off at the end shows by the seal, or by an end that was noted', () => {
    const rows = logOf(6)
    const head = sealedHead(rows[5] as AuditRow, sealer)
    const cut = rows.slice(0, 4)
    expect(verdict(cut, { head }).problem).toEqual({ kind: 'cut-off', sequence: 5 })
    // The whole of it.
    expect(verdict([], { head }).problem).toEqual({ kind: 'cut-off', sequence: 1 })
    // By whoever also puts an end there that isn't sealed.
    for (const forged of [
      null,
      { ...head, sequence: 4, hash: rows[3]?.hash ?? '' },
      sealedHead(rows[3] as AuditRow, otherSealer),
    ])
      expect(verdict(cut, { head: forged }).problem).toEqual({ kind: 'unsealed', sequence: 4 })
    // By whoever has kept an earlier seal, or has the master key: only who has noted the end notices.
    const earlier = sealedHead(rows[3] as AuditRow, sealer)
    expect(verdict(cut, { head: earlier }).problem).toBeNull()
    expect(verdict(cut, { head: earlier, noted: rows[5] as AuditRow }).problem).toEqual({
      kind: 'cut-off',
      sequence: 5,
    })
    const anew = chained(CHAIN_START, ['{}', ...rows.slice(1).map(({ text }) => text)])
    expect(verdict(anew).problem).toBeNull()
    expect(verdict(anew, { noted: rows[2] as AuditRow }).problem).toEqual({ kind: 'rewritten', sequence: 3 })
    // Without the master key that is not known.
    expect(verdict(cut, { head: earlier, key: null })).toMatchObject({ problem: null, seal: 'unknown' })
  })
})

describe('writing on', () => {
  const opened = (rows: MemoryAuditRows, key = sealer) =>
    openAuditLog({
      rows,
      sealer: key,
      sealRenewed: (why) => canonicalText({ eventName: 'AuditSealRenewed', why }),
    })
  const headOf = async (rows: MemoryAuditRows): Promise<AuditHead> => {
    let found: AuditHead | null = null
    await rows.append((head) => {
      found = head
      return { added: [], head: head as AuditHead }
    })
    return found as unknown as AuditHead
  }

  it('goes behind whoever else wrote, and seals the end', async () => {
    const rows = new MemoryAuditRows(100)
    await opened(rows).append([textAt(1), textAt(2)])
    const end = await opened(rows).append([textAt(3)])
    expect(rows.rows).toEqual(logOf(3))
    expect(end).toMatchObject({ sequence: 3, hash: logOf(3)[2]?.hash })
    expect(isSealed(await headOf(rows), sealer)).toBe(true)
  })

  it('covers up no hole', async () => {
    const rows = new MemoryAuditRows(100)
    await opened(rows).append([textAt(1), textAt(2), textAt(3)])
    const head = await headOf(rows)
    const cut = new MemoryAuditRows(100)
    await cut.append(() => ({ added: logOf(2), head }))
    await opened(cut).append([textAt(4)])
    expect(cut.rows.map(({ sequence }) => sequence)).toEqual([1, 2, 4])
    expect(verdict(cut.rows, { head: await headOf(cut) }).problem).toEqual({ kind: 'removed', sequence: 3 })
  })

  it('says in the log that a seal was broken', async () => {
    const rows = new MemoryAuditRows(100)
    await opened(rows).append([textAt(1)])
    await opened(rows, otherSealer).append([textAt(2)])
    expect(rows.rows.map(({ text }) => text)).toEqual([
      textAt(1),
      '{"eventName":"AuditSealRenewed","why":"the seal of the end is not by this master key"}',
      textAt(2),
    ])
    const found = verdict(rows.rows, { head: await headOf(rows), key: otherSealer })
    expect(found).toMatchObject({ problem: null, renewed: [2] })
  })
})
