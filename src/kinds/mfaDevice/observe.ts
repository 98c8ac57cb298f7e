import type { ChildState } from '../../model/index.ts'
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
  everybody: async (reader) => {
    const pages = await readPages((page) =>
      reader.read('ListVirtualMFADevices', { AssignmentStatus: 'Assigned', ...page }),
    )
    const found = new Map<string, ChildState[]>()
    for (const { User, SerialNumber } of pages.flatMap(({ VirtualMFADevices = [] }) => VirtualMFADevices)) {
      // The root user's has no name.
      const name = User?.UserName
      if (name === undefined) continue
      const id = given(SerialNumber)
      found.set(name, [...(found.get(name) ?? []), { id, identity: id, status: 'active' }])
    }
    return found
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
