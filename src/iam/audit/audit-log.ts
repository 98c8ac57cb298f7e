import type { Sealer } from '../sealing.ts'
import type { AuditHead, AuditRow, AuditRows } from '../store-port.ts'
import { CHAIN_START, type ChainEnd, chained } from './chain.ts'
import { isSealed, sealedHead } from './seal.ts'

/** The end of a log was not as its writers leave it. */
type BrokenSeal = 'the seal of the end is missing' | 'the seal of the end is not by this master key'

interface AuditLogParts {
  readonly rows: AuditRows
  readonly sealer: Sealer
  /** A record's text, by which whoever reads the log learns that its seal was renewed. */
  readonly sealRenewed: (why: BrokenSeal) => string
}

interface AuditLog {
  /**
   * Adds records behind whatever any process has added before.
   * @param texts canonical
   * @returns where the log ends then
   * @throws StoreBusyError; DiagnosticError `store.*`
   */
  append(texts: readonly string[]): Promise<ChainEnd>
}

/**
 * INVARIANT: what was done to a log is not covered up by writing on. Where records are missing before a sealed end, the next
 * one follows that end, so that the hole stays; where the seal is broken, the log itself says so.
 */
export const openAuditLog = ({ rows, sealer, sealRenewed }: AuditLogParts): AuditLog => ({
  append: (texts) =>
    rows.append((head, last) => {
      const broken = brokenSeal(head, last, sealer)
      const all = broken === null ? texts : [sealRenewed(broken), ...texts]
      const added = chained(broken === null ? endOf(head, last) : (last ?? CHAIN_START), all)
      return { added, head: sealedHead(added.at(-1) ?? endOf(head, last), sealer) }
    }),
})

function brokenSeal(head: AuditHead | null, last: AuditRow | null, sealer: Sealer): BrokenSeal | null {
  if (head === null) return last === null ? null : 'the seal of the end is missing'
  return isSealed(head, sealer) ? null : 'the seal of the end is not by this master key'
}

/** Behind what was sealed, and behind what somebody has put after it. */
function endOf(head: AuditHead | null, last: AuditRow | null): ChainEnd {
  if (head === null) return CHAIN_START
  return { sequence: Math.max(head.sequence, last?.sequence ?? 0), hash: head.hash }
}
