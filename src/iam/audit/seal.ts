import type { Sealer } from '../sealing.ts'
import type { AuditHead } from '../store-port.ts'
import type { ChainEnd } from './chain.ts'

/** INVARIANT: nothing else is sealed about this. */
const ABOUT = 'audit log end'

const textOf = ({ sequence, hash }: ChainEnd): string => `${sequence} ${hash}`

/** What only whoever has the master key can say of the end of a log: that it is there. */
export const sealedHead = ({ sequence, hash }: ChainEnd, sealer: Sealer): AuditHead => ({
  sequence,
  hash,
  seal: sealer.seal(textOf({ sequence, hash }), ABOUT),
})

export const isSealed = (head: AuditHead, sealer: Sealer): boolean =>
  sealer.open(head.seal, ABOUT) === textOf(head)
