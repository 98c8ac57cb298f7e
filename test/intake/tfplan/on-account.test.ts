import { describe, expect, it } from 'vitest'
import { SourceTexts } from '../../../src/diagnostics/index.ts'
import type { Intake } from '../../../src/intake/intake.ts'
import { withResourcePolicies } from '../../../src/intake/resource-policies.ts'
import { readTfplan } from '../../../src/intake/tfplan/read-tfplan.ts'
import { gaadIn } from '../read-back.ts'
import { type Planned, planBytes, planJson } from './plan-json.ts'
import { readOn } from './read-on.ts'
import { allowing, codesOf, findingsOf, roleOf, shown, trusting } from './read-plan.ts'

const ID = '111122223333'
const arn = (rest: string, id = ID) => `arn:aws:iam::${id}:${rest}`
const AUDIT = 'arn:aws:iam::aws:policy/SecurityAudit'

interface Parts {
  readonly roles?: readonly object[]
  readonly users?: readonly object[]
  readonly groups?: readonly object[]
  readonly policies?: readonly object[]
}
const exported = ({ roles = [], users = [], groups = [], policies = [] }: Parts = {}) =>
  JSON.stringify({
    UserDetailList: users,
    GroupDetailList: groups,
    RoleDetailList: [DEPLOY, ...roles],
    Policies: policies,
  })
const roleDetail = (name: string, rest: object = {}) => ({
  Path: '/',
  RoleName: name,
  RoleId: `AROA${name.toUpperCase()}`,
  Arn: arn(`role/${name}`),
  AssumeRolePolicyDocument: trusting('ec2.amazonaws.com'),
  RolePolicyList: [{ PolicyName: 'own', PolicyDocument: allowing('s3:GetObject') }],
  AttachedManagedPolicies: [{ PolicyName: 'SecurityAudit', PolicyArn: AUDIT }],
  Tags: [{ Key: 'team', Value: 'a' }],
  ...rest,
})
const DEPLOY = roleDetail('deploy')
const userDetail = (name: string, groups: readonly string[]) => ({
  Path: '/',
  UserName: name,
  Arn: arn(`user/${name}`),
  GroupList: groups,
  AttachedManagedPolicies: [],
})

const attaches = (policy: string, rest: Partial<Planned> = {}): Planned => ({
  type: 'aws_iam_role_policy_attachment',
  name: 'p',
  before: null,
  after: { role: 'deploy', policy_arn: policy },
  ...rest,
})

const accountOf = ({ estate }: Intake) => {
  const [state] = estate.accounts
  if (state === undefined) throw new Error('an account was expected')
  return state
}
const roleIn = (intake: Intake, name = 'deploy') => accountOf(intake).entities.role.get(name)

describe('a plan on an exported account', () => {
  it('gives a role that only the export has what it attaches, and leaves it the rest', () => {
    const plan = [attaches('arn:aws:iam::aws:policy/AdministratorAccess')]
    expect(roleIn(readOn(exported(), plan, 'before'))?.managedPolicies).toEqual([AUDIT])
    const after = readOn(exported(), plan)
    expect(roleIn(after)?.managedPolicies).toEqual([AUDIT, 'arn:aws:iam::aws:policy/AdministratorAccess'])
    expect([...(roleIn(after)?.inlinePolicies.keys() ?? [])]).toEqual(['own'])
    expect(shown(roleIn(after)?.trustPolicy)).toEqual(trusting('ec2.amazonaws.com').Statement)
    expect(after.sources.get(arn('role/deploy'))).toEqual({
      file: 'account.json',
      address: 'RoleDetailList[0]',
    })
  })

  it('takes from it what it detaches', () => {
    const plan = [attaches(AUDIT, { before: { role: 'deploy', policy_arn: AUDIT }, after: null })]
    expect(roleIn(readOn(exported(), plan, 'before'))?.managedPolicies).toEqual([AUDIT])
    expect(roleIn(readOn(exported(), plan))?.managedPolicies).toEqual([])
  })

  it('has what the plan creates, and not what it deletes, with the place of each', () => {
    const old = roleDetail('old')
    const plan = [
      roleOf('new'),
      roleOf('old', { before: { name: 'old', arn: arn('role/old') }, after: null }),
    ]
    const [before, after] = [
      readOn(exported({ roles: [old] }), plan, 'before'),
      readOn(exported({ roles: [old] }), plan),
    ]
    expect([...accountOf(before).entities.role.keys()]).toEqual(['deploy', 'old'])
    expect([...accountOf(after).entities.role.keys()]).toEqual(['deploy', 'new'])
    expect(after.sources.get(arn('role/new'))).toEqual({ file: 'plan.json', address: 'aws_iam_role.new' })
    expect(after.sources.get(arn('role/old'))).toBeUndefined()
    expect(after.estate.uniqueIds?.get(arn('role/old'))).toBeUndefined()
  })

  it('has names in whatever case', () => {
    const plan = [
      attaches(AUDIT, { after: { role: 'DEPLOY', policy_arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' } }),
    ]
    const { role } = accountOf(readOn(exported(), plan)).entities
    expect([...role.keys()]).toEqual(['deploy'])
    expect(role.get('deploy')?.managedPolicies).toHaveLength(2)
  })

  it('keeps what a role of the plan has from elsewhere, and its tags where the plan tells none', () => {
    const values = {
      name: 'deploy',
      arn: arn('role/deploy'),
      assume_role_policy: JSON.stringify(trusting('lambda.amazonaws.com')),
    }
    const read = { ...values, managed_policy_arns: [AUDIT] }
    const plan = [roleOf('deploy', { before: read, after: { ...values, description: 'x' } })]
    const role = roleIn(readOn(exported(), plan))
    expect(role?.managedPolicies).toEqual([AUDIT])
    expect([...(role?.inlinePolicies.keys() ?? [])]).toContain('own')
    expect([...(role?.tags ?? [])]).toEqual([['team', 'a']])
    expect(shown(role?.trustPolicy)).toEqual(trusting('lambda.amazonaws.com').Statement)
  })

  it('takes away what others attached where the plan newly says that there is nothing besides', () => {
    const exclusive = (before: object | null): Planned => ({
      type: 'aws_iam_role_policy_attachments_exclusive',
      name: 'x',
      before: before as Planned['before'],
      after: { role_name: 'deploy', policy_arns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
    })
    const held = (before: object | null, side: 'before' | null) =>
      roleIn(readOn(exported(), [exclusive(before)], side))?.managedPolicies
    expect(held(null, null)).toEqual(['arn:aws:iam::aws:policy/ReadOnlyAccess'])
    expect(held(null, 'before')).toEqual([AUDIT])
    // Attached since Terraform looked: the apply doesn't touch it.
    expect(
      held({ role_name: 'deploy', policy_arns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }, null),
    ).toContain(AUDIT)
  })

  it('changes memberships, and nobody is in a group that is deleted', () => {
    const groups = ['a', 'b'].map((name) => ({
      Path: '/',
      GroupName: name,
      Arn: arn(`group/${name}`),
      GroupPolicyList: [],
      AttachedManagedPolicies: [],
    }))
    const plan: readonly Planned[] = [
      { type: 'aws_iam_group', name: 'a', before: { name: 'a', arn: arn('group/a') }, after: null },
      {
        type: 'aws_iam_user_group_membership',
        name: 'm',
        before: null,
        after: { user: 'eve', groups: ['b'] },
      },
    ]
    const users = [userDetail('ada', ['a', 'b']), userDetail('eve', ['a'])]
    const { user, group } = accountOf(readOn(exported({ groups, users }), plan)).entities
    expect([...group.keys()]).toEqual(['b'])
    expect([user.get('ada')?.groups, user.get('eve')?.groups]).toEqual([['b'], ['b']])
  })

  it('replaces a policy, and knows one that is only looked up by the export', () => {
    const policies = [
      {
        PolicyName: 'p',
        Arn: arn('policy/p'),
        Path: '/',
        DefaultVersionId: 'v1',
        PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: allowing('s3:GetObject') }],
      },
    ]
    const said = (resource: Planned) =>
      shown(accountOf(readOn(exported({ policies }), [resource])).entities.policy.get('p')?.document)
    const after = { name: 'p', arn: arn('policy/p'), policy: JSON.stringify(allowing('s3:*')) }
    expect(said({ type: 'aws_iam_policy', name: 'p', after })).toEqual(allowing('s3:*').Statement)
    const { policy: _, ...named } = after
    expect(said({ type: 'aws_iam_policy', name: 'p', mode: 'data', after: named })).toEqual(
      allowing('s3:GetObject').Statement,
    )
  })

  it('matches the role of a permission set by what its name has before the suffix', () => {
    const set = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1'
    const name = 'AWSReservedSSO_Ops_0123456789abcdef'
    const path = '/aws-reserved/sso.amazonaws.com/eu-west-1/'
    const role = { ...roleDetail(name), Path: path, Arn: arn(`role${path}${name}`) }
    const plan: readonly Planned[] = [
      { type: 'aws_ssoadmin_permission_set', name: 'ops', after: { name: 'Ops', arn: set } },
      {
        type: 'aws_ssoadmin_account_assignment',
        name: 'ops',
        after: { permission_set_arn: set, target_id: ID },
      },
      {
        type: 'aws_ssoadmin_managed_policy_attachment',
        name: 'ops',
        before: null,
        after: { permission_set_arn: set, managed_policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      },
    ]
    const { role: roles } = accountOf(readOn(exported({ roles: [role] }), plan)).entities
    expect([...roles.keys()]).toEqual(['deploy', name])
    expect(roles.get(name)?.arn).toBe(role.Arn)
    expect(roles.get(name)?.managedPolicies).toEqual([AUDIT, 'arn:aws:iam::aws:policy/AdministratorAccess'])
  })

  it('says what neither holds, once', () => {
    const { estate, findings } = readOn(exported(), [attaches(AUDIT)])
    expect([...(estate.unseen ?? [])].sort()).toEqual([
      'accessKeys',
      'controlPolicies',
      'passwords',
      'providers',
      'resourcePolicies',
    ])
    expect(findings.filter(({ code }) => code === 'intake.not-held').map(({ message }) => message)).toEqual([
      '`plan.json on account.json` does not hold resource policies other than trust policies, control policies, identity providers, access keys and passwords: answers are by what it holds',
    ])
  })

  it('tells somebody whom neither has as unknown, and what is there already', () => {
    const stranger = readOn(exported(), [attaches(AUDIT, { after: { role: 'gone', policy_arn: AUDIT } })])
    expect(shown(roleIn(stranger, 'gone')?.trustPolicy)).toMatchObject({ unknown: 'not-held' })
    expect(codesOf(readOn(exported(), [roleOf('deploy')]))).toContain('intake.there-already')
  })

  it('changes that are not looked at are unseen', () => {
    const plan: readonly Planned[] = [
      { type: 'aws_kms_grant', name: 'x', before: null, after: { name: 'x' } },
    ]
    expect(readOn(exported(), plan).estate.unseen?.has('changes')).toBe(true)
  })
})

describe('the account that a plan is put on', () => {
  it('is that of what tells none', () => {
    const intake = readOn(exported(), [roleOf('new')])
    expect(roleIn(intake, 'new')?.arn).toBe(arn('role/new'))
    expect(codesOf(intake)).not.toContain('intake.account-assumed')
  })

  it('of another plan is refused', () => {
    const other = { name: 'a', arn: arn('role/a', '444455556666') }
    expect(() => readOn(exported(), [roleOf('a', { before: other })])).toThrow(
      /is a plan for 444455556666, and `account.json` an export of 111122223333/,
    )
    expect(() => readOn(exported(), [roleOf('a')], null, '444455556666')).toThrow(/another|is a plan for/)
  })

  it('of several is the one that matches; of the others what the plan has is all that is known', () => {
    const there = { assume_role_policy: JSON.stringify(trusting('ec2.amazonaws.com')) }
    const role = (name: string, id: string, provider: string): Planned => ({
      type: 'aws_iam_role',
      name,
      provider,
      after: { ...there, name, arn: arn(`role/${name}`, id) },
      configuredAs: { ...there, name },
    })
    const intake = readOn(
      exported(),
      [role('here', ID, 'aws'), role('far', '444455556666', 'aws.far')],
      null,
      null,
      { providers: { aws: {}, 'aws.far': {} } },
    )
    expect(intake.estate.accounts.map(({ account }) => account.id)).toEqual([ID, '444455556666'])
    expect([...accountOf(intake).entities.role.keys()]).toEqual(['deploy', 'here'])
    expect(intake.estate.unseen?.has('principals')).toBe(true)
    expect([...(intake.estate.inventories ?? [])]).toEqual([ID])
    expect(findingsOf(intake).map(({ code }) => code)).toContain('intake.beyond-export')
  })
})

describe('what a plan of several accounts deletes', () => {
  it('may be in any of them: nothing is proved of what changes', () => {
    const there = { assume_role_policy: JSON.stringify(trusting('ec2.amazonaws.com')) }
    const far: Planned = {
      type: 'aws_iam_role',
      name: 'far',
      provider: 'aws.far',
      after: { ...there, name: 'far', arn: arn('role/far', '444455556666') },
      configuredAs: there,
    }
    const here: Planned = {
      ...far,
      name: 'here',
      provider: 'aws',
      after: { ...there, name: 'here', arn: arn('role/here') },
    }
    const gone = attaches(AUDIT, { before: { role: 'deploy', policy_arn: AUDIT }, after: null })
    const role = { name: 'deploy', ...there, arn: arn('role/deploy', '444455556666') }
    const deleted = roleOf('deploy', { before: role, after: null })
    const on = (...plan: readonly Planned[]) =>
      readOn(exported(), [here, far, ...plan], null, null, { providers: { aws: {}, 'aws.far': {} } })
    expect(on().estate.unseen?.has('changes')).toBe(false)
    expect(on(gone).estate.unseen?.has('changes')).toBe(true)
    expect(on(deleted).estate.unseen?.has('changes')).toBe(true)
    // What says itself that it was somewhere else is not taken away here.
    expect(roleIn(on(deleted))?.managedPolicies).toEqual([AUDIT])
  })
})

describe('policies of resources that are given with an export', () => {
  const FUNCTION = `arn:aws:lambda:eu-west-1:${ID}:function:f`
  const statement = (Sid: string) => ({
    Sid,
    Effect: 'Allow',
    Principal: '*',
    Action: 'lambda:InvokeFunction',
    Resource: FUNCTION,
  })
  const read = (resources: readonly Planned[], policies: object): Intake => {
    const texts = new SourceTexts()
    const intake = withResourcePolicies(
      gaadIn(exported(), texts),
      [{ file: 'all.json', name: 'all', bytes: planBytes(policies) }],
      texts,
    )
    return readTfplan({
      file: 'plan.json',
      bytes: planBytes(planJson(resources)),
      side: null,
      account: { id: null, partition: null },
      on: { file: 'account.json', bytes: new Uint8Array(), intake },
      texts,
    })
  }

  it('are replaced, and taken away, by the plan', () => {
    const document = (action: string) => ({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: action, Resource: '*' }],
    })
    const policyOf = (bucket: string, before: object, after: object | null): Planned => ({
      type: 'aws_s3_bucket_policy',
      name: bucket,
      before: { bucket, policy: JSON.stringify(before) },
      after: after === null ? null : { bucket, policy: JSON.stringify(after) },
    })
    const was = document('s3:GetObject')
    const { estate } = read([policyOf('a', was, document('s3:PutObject')), policyOf('b', was, null)], {
      'arn:aws:s3:::a': was,
      'arn:aws:s3:::b': was,
      'arn:aws:s3:::c': was,
    })
    expect(
      ['a', 'b', 'c'].map((name) => shown(estate.resources.get(`arn:aws:s3:::${name}`)?.policy)),
    ).toEqual([document('s3:PutObject').Statement, null, was.Statement])
    expect(estate.unseen?.has('resourcePolicies')).toBe(false)
  })

  it('of a function keep the statements that the plan does not manage', () => {
    const permission = (sid: string, after: boolean): Planned => {
      const values = {
        statement_id: sid,
        function_name: 'f',
        action: 'lambda:InvokeFunction',
        principal: '*',
      }
      return {
        type: 'aws_lambda_permission',
        name: sid,
        before: after ? null : values,
        after: after ? values : null,
      }
    }
    const { estate } = read([permission('new', true), permission('old', false)], {
      [FUNCTION]: { Version: '2012-10-17', Statement: [statement('old'), statement('other')] },
    })
    const said = shown(estate.resources.get(FUNCTION)?.policy) as readonly { readonly Sid: string }[]
    expect(said.map(({ Sid }) => Sid)).toEqual(['other', 'new'])
  })
})
