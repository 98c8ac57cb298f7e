import { entityArn } from '../../../src/model/index.ts'
import { given, observedTags } from '../../../src/reconcile/api-values.ts'
import type { EntityObservation } from '../../../src/reconcile/observe-kind.ts'
import { ACCOUNT } from '../../arbitraries/policy.ts'
import type { ToyReads } from './iam.ts'
import { TOY, type ToyState } from './kind.ts'

/** What the reader of a target that has toys answers besides. */
interface ToyReader {
  read(operation: 'ListInstanceProfiles', input: object): Promise<ToyReads['ListInstanceProfiles']['output']>
}

export const toy: EntityObservation<ToyState> = {
  filter: null,
  read: async ({ reader }) => {
    // The reader of `src` is typed by the operations of its own kinds.
    const { InstanceProfiles } = await (reader as unknown as ToyReader).read('ListInstanceProfiles', {})
    return InstanceProfiles.map(({ InstanceProfileName, Path, Roles, Tags }) => ({
      kind: 'toy',
      name: given(InstanceProfileName),
      path: given(Path),
      arn: entityArn(ACCOUNT, TOY, given(Path), given(InstanceProfileName)),
      roles: (Roles ?? []).map(({ RoleName }) => given(RoleName)),
      tags: observedTags(Tags),
    }))
  },
}
