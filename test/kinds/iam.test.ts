import { describe, expect, it } from 'vitest'
import { openIam } from '../../src/iam/embedded-iam.ts'
import { accountAlias } from '../../src/kinds/accountAlias/iam.ts'
import { group } from '../../src/kinds/group/iam.ts'
import { IAM_KINDS } from '../../src/kinds/iam.ts'
import { passwordPolicy } from '../../src/kinds/passwordPolicy/iam.ts'
import { policy } from '../../src/kinds/policy/iam.ts'
import { role } from '../../src/kinds/role/iam.ts'
import { user } from '../../src/kinds/user/iam.ts'
import type { ReadOperations, WriteOperations } from '../../src/model/operations.ts'
import { ACCOUNT, AWS_POLICIES } from '../iam/account.ts'
import { openWritable } from '../store/open-sqlite.ts'

/** A forgotten operation is a missing property here, which the compiler tells. */
const HANDLERS: Readonly<Record<keyof ReadOperations | keyof WriteOperations, unknown>> = {
  // Of all kinds: the machinery's own.
  GetAccountAuthorizationDetails: null,
  ...user.reads,
  ...user.writes,
  ...group.reads,
  ...group.writes,
  ...role.reads,
  ...role.writes,
  ...policy.reads,
  ...policy.writes,
  ...passwordPolicy.reads,
  ...passwordPolicy.writes,
  ...accountAlias.reads,
  ...accountAlias.writes,
}

describe('operations of the embedded IAM', () => {
  it('each one is of one kind, and has a handler', () => {
    const named = Object.values(IAM_KINDS).flatMap(({ reads, writes }) => [
      ...Object.keys(reads),
      ...Object.keys(writes),
    ])
    expect(named.toSorted()).toEqual([...new Set(named)].toSorted())
    expect(['GetAccountAuthorizationDetails', ...named].toSorted()).toEqual(Object.keys(HANDLERS).toSorted())
  })

  it('no two kinds may have the same, and what no kind has is a defect', async () => {
    const { iam: store, close } = await openWritable({ file: ':memory:', account: ACCOUNT })
    const parts = {
      account: ACCOUNT,
      store,
      awsPolicies: AWS_POLICIES,
      clock: () => 0,
      randomBytes: (count: number) => new Uint8Array(count),
    }
    expect(() => openIam({ ...parts, kinds: { ...IAM_KINDS, other: user } })).toThrow(
      'two kinds have the operation',
    )
    const { user: _, ...others } = IAM_KINDS
    const iam = openIam({ ...parts, kinds: others })
    await expect(iam.write('CreateUser', { UserName: 'a' })).rejects.toThrow(
      'no kind has the operation CreateUser',
    )
    await close()
  })
})
