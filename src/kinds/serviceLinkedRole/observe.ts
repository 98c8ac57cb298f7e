import { given } from '../../reconcile/api-values.ts'
import type { EntityObservation } from '../../reconcile/observe-kind.ts'
import { readPages } from '../../reconcile/pages.ts'
import { linkedNameOf, type ServiceLinkedRoleState } from './kind.ts'

/** Those of services of which something is known; the others are roles of the account, and no more. */
export const serviceLinkedRole: EntityObservation<ServiceLinkedRoleState> = {
  filter: null,
  read: async ({ reader }) => {
    const pages = await readPages((page) =>
      reader.read('ListRoles', { PathPrefix: '/aws-service-role/', ...page }),
    )
    return pages.flatMap(({ Roles = [] }) =>
      Roles.flatMap(({ Path, RoleName, Arn, Description }) => {
        const path = given(Path)
        const name = linkedNameOf(path, given(RoleName))
        if (name === null) return []
        return [
          { kind: 'serviceLinkedRole' as const, name, path, arn: given(Arn), description: Description ?? '' },
        ]
      }),
    )
  },
}
