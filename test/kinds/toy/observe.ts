import { entityArn } from '../../../src/model/index.ts'
import type { ReadOperations } from '../../../src/model/operations.ts'
import { given, observedTags } from '../../../src/reconcile/api-values.ts'
import type { EntityObservation } from '../../../src/reconcile/observe-kind.ts'
import type { IamReader } from '../../../src/target/ports.ts'
import { ACCOUNT } from '../../arbitraries/policy.ts'
import type { ToyAndRole, ToyReads } from './iam.ts'
import { TOY, type ToyState } from './kind.ts'

export const toy: EntityObservation<ToyState, ReadOperations & ToyReads> = {
  filter: null,
  read: async ({ reader }) => {
    const { Toys } = await reader.read('ListToys', {})
    return Toys.map(({ ToyName, Path, Roles, Tags }) => ({
      kind: 'toy',
      name: given(ToyName),
      path: given(Path),
      arn: entityArn(ACCOUNT, TOY, given(Path), given(ToyName)),
      roles: Roles.map(({ RoleName }) => given(RoleName)),
      tags: observedTags(Tags),
    }))
  },
}

interface ToyLostAnswers {
  readonly AddRoleToToy: (iam: IamReader<ToyReads>, input: ToyAndRole) => Promise<boolean>
}

/** A toy takes one role: adding it again is refused as one too many. */
export const lostToyAnswers: ToyLostAnswers = {
  AddRoleToToy: async (reader, { ToyName, RoleName }) => {
    const { Toys } = await reader.read('ListToys', {})
    return Toys.some(
      (listed) => listed.ToyName === ToyName && listed.Roles.some((role) => role.RoleName === RoleName),
    )
  },
}
