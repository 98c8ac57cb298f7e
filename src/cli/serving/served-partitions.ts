import type { Partition } from '../../model/index.ts'
import type { ReceivedRequest } from '../../server/calls/answer-call.ts'
import type { ApiParts } from '../../server/calls/ports.ts'
import type { OpenedAccount } from './opened-account.ts'
import { signedPartition } from './region-partition.ts'
import type { ServedAudit } from './served-audit.ts'

/** An account that is served, with the records of its calls. */
export interface ServedUnit {
  readonly opened: OpenedAccount
  readonly audit: ServedAudit
  /** As it is now. */
  api(): ApiParts
}

/** Which account a request is for. */
export interface ServedPartitions {
  apiFor(request: ReceivedRequest): Promise<ApiParts>
  units(): Promise<readonly ServedUnit[]>
}

/** One account for whatever region a request is signed for. */
export const anyRegion = (main: ServedUnit): ServedPartitions => ({
  apiFor: async () => main.api(),
  units: async () => [main],
})

/**
 * As at AWS, where an account of one partition is nothing to another: of an account in memory there is one for each, made when it is first
 * asked for; of one that is kept a key is nobody's in the regions of another partition.
 * @param unitOf serves another account
 */
export function byRegion(
  main: ServedUnit,
  unitOf: (opened: OpenedAccount) => Promise<ServedUnit>,
): ServedPartitions {
  const { account, elsewhere } = main.opened
  const others = new Map<Partition, Promise<ServedUnit>>()
  return {
    apiFor: async (request) => {
      const partition = signedPartition(request) ?? account.partition
      if (partition === account.partition) return main.api()
      if (elsewhere === null) return { ...main.api(), credentialOf: async () => null }
      const known = others.get(partition)
      if (known !== undefined) return (await known).api()
      const unit = elsewhere(partition).then(unitOf)
      others.set(partition, unit)
      unit.catch(() => others.delete(partition))
      return (await unit).api()
    },
    units: async () => [main, ...(await Promise.all(others.values()))],
  }
}
