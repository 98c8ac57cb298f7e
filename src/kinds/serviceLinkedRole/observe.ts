import { given, orWhenMissing } from '../../reconcile/api-values.ts'
import type { EntityObservation, LostAnswers } from '../../reconcile/observe-kind.ts'
import { readPages } from '../../reconcile/pages.ts'
import { linkedNameOf, linkedRoleOf, type ServiceLinkedRoleState } from './kind.ts'

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

/** A second one is refused as a name that is taken, which may as well be somebody else's. */
export const lostLinkedRoleAnswers: LostAnswers = {
  CreateServiceLinkedRole: async (reader, { AWSServiceName, CustomSuffix }) => {
    const made = linkedRoleOf(given(AWSServiceName), CustomSuffix ?? null)
    if (made === null) return false
    const { roleName, path } = made
    const answer = await orWhenMissing(null, reader.read('GetRole', { RoleName: roleName }))
    return answer?.Role?.Path === path
  },
}
