import { given, withTags } from '../../reconcile/api-values.ts'
import type { EntityObservation, LostAnswers } from '../../reconcile/observe-kind.ts'
import { readPages } from '../../reconcile/pages.ts'
import type { InstanceProfileState } from './kind.ts'

/** The details of an account have only those with a role in them, and no tags; nor has the listing any. */
export const instanceProfile: EntityObservation<InstanceProfileState> = {
  filter: null,
  read: async ({ reader }) => {
    const pages = await readPages((page) => reader.read('ListInstanceProfiles', page))
    const untagged = pages.flatMap(({ InstanceProfiles = [] }) =>
      InstanceProfiles.map((listed) => ({
        kind: 'instanceProfile' as const,
        name: given(listed.InstanceProfileName),
        path: given(listed.Path),
        arn: given(listed.Arn),
        role: listed.Roles?.[0]?.RoleName ?? null,
      })),
    )
    return withTags(untagged, ({ name }, page) =>
      reader.read('ListInstanceProfileTags', { InstanceProfileName: name, ...page }),
    )
  },
}

/** A profile holds one role: adding it again is refused as one too many. */
export const lostProfileAnswers: LostAnswers = {
  AddRoleToInstanceProfile: async (reader, { InstanceProfileName, RoleName }) => {
    const { InstanceProfile } = await reader.read('GetInstanceProfile', { InstanceProfileName })
    return (InstanceProfile?.Roles ?? []).some((role) => role.RoleName === RoleName)
  },
}
