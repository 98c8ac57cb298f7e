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
  freed: async (reader, ids) => {
    const pages = await readPages((page) =>
      reader.read('ListVirtualMFADevices', { AssignmentStatus: 'Unassigned', ...page }),
    )
    return pages
      .flatMap(({ VirtualMFADevices = [] }) =>
        VirtualMFADevices.map(({ SerialNumber }) => given(SerialNumber)),
      )
      .filter((id) => ids.includes(id))
      .map((id) => ({ id, identity: id, status: 'inactive' }))
  },
}
