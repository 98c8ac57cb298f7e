import { given } from '../../reconcile/api-values.ts'
import type { ChildObservation } from '../../reconcile/observe-kind.ts'
import { readPages } from '../../reconcile/pages.ts'

export const mfaDevice: ChildObservation = {
  read: async (reader, UserName) => {
    const pages = await readPages((page) => reader.read('ListMFADevices', { UserName, ...page }))
    return pages.flatMap(({ MFADevices = [] }) =>
      MFADevices.map(({ SerialNumber }) => {
        const id = given(SerialNumber)
        return { id, identity: id, status: 'active' as const }
      }),
    )
  },
}
