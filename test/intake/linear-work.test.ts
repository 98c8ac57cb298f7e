import { describe, expect, it } from 'vitest'
import { elementsLookedAt } from './looked-at.ts'
import { gaadIn } from './read-back.ts'
import { type Planned, planBytes, planJson } from './tfplan/plan-json.ts'
import { allowing, readBytes, roleOf, trusting } from './tfplan/read-plan.ts'

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at)

/** Plans that have many of one thing, each as a real one may have it. */
const PLANS: Readonly<Record<string, (count: number) => readonly Planned[]>> = {
  'roles of one `for_each`, and what is attached to each': (count) => [
    ...range(count).map((at) => roleOf('each', { key: `r${at}`, after: { name: `r${at}` } })),
    ...range(count).map(
      (at): Planned => ({
        type: 'aws_iam_role_policy_attachment',
        name: 'each',
        key: `r${at}`,
        before: null,
        after: { policy_arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
        unknown: { role: ['aws_iam_role.each', 'each.key'] },
        forEach: ['aws_iam_role.each'],
      }),
    ),
  ],
  'resources of access that are not read': (count) =>
    range(count).map((at) => ({ type: 'aws_iam_access_key', name: `k${at}`, after: { user: `u${at}` } })),
  'assignments of one permission set': (count) => [
    { type: 'aws_ssoadmin_permission_set', name: 'set', after: { name: 'set', arn: SET } },
    ...range(count).map(
      (at): Planned => ({
        type: 'aws_ssoadmin_account_assignment',
        name: `a${at}`,
        after: { permission_set_arn: SET, target_id: String(100_000_000_000 + at) },
      }),
    ),
  ],
  'permissions of one function': (count) =>
    range(count).map((at) => ({
      type: 'aws_lambda_permission',
      name: `p${at}`,
      after: { function_name: 'f', action: 'lambda:InvokeFunction', principal: 'sns.amazonaws.com' },
    })),
  'roles that are not known, of providers and regions of their own': (count) =>
    range(count).map((at) =>
      roleOf(`r${at}`, { provider: `aws.p${at}`, after: { name: `r${at}`, region: `eu-x${letters(at)}-1` } }),
    ),
  'buckets with policies, in modules of their own': (count) =>
    range(count).flatMap((at): readonly Planned[] => [
      { type: 'aws_s3_bucket', name: 'b', module: `module.m["${at}"]`, after: { bucket: `b${at}` } },
      {
        type: 'aws_s3_bucket_policy',
        name: 'b',
        module: `module.m["${at}"]`,
        after: { bucket: `b${at}`, policy: JSON.stringify(allowing('s3:GetObject')) },
      },
    ]),
  'resources at one address': (count) => range(count).map(() => roleOf('same')),
}

const SET = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1'
const letters = (at: number): string =>
  String(at).replace(/\d/g, (digit) => String.fromCharCode(97 + Number(digit)))

/** Twice as much is looked at for twice as many, with a little to spare. */
const expectLinear = (work: (count: number) => () => void): void => {
  const [once, twice] = [elementsLookedAt(work(300)), elementsLookedAt(work(600))]
  expect(once).toBeGreaterThan(300)
  expect(twice / once).toBeLessThan(2.1)
}

describe('reading a plan looks at each thing some times only, however many there are:', () => {
  it.each(Object.keys(PLANS))('%s', (name) =>
    expectLinear((count) => {
      const bytes = planBytes(planJson(PLANS[name]?.(count) ?? []))
      return () => readBytes(bytes)
    }),
  )

  it('modules without anything in them', () =>
    expectLinear((count) => {
      const bytes = planBytes(
        planJson([roleOf('one')], {
          extra: {
            prior_state: { values: { root_module: { child_modules: range(count).map(() => ({})) } } },
          },
        }),
      )
      return () => readBytes(bytes)
    }))
})

describe('reading an export looks at each thing some times only:', () => {
  const identity = (kind: string, name: string) => ({
    Path: '/',
    Arn: `arn:aws:iam::111122223333:${kind}/${name}`,
  })
  const exportOf = (count: number): Readonly<Record<string, readonly object[]>> => ({
    UserDetailList: range(count).map((at) => ({ ...identity('user', `u${at}`), GroupList: ['g0'] })),
    GroupDetailList: range(count).map((at) => identity('group', `g${at}`)),
    RoleDetailList: range(count).map((at) => ({
      ...identity('role', `r${at}`),
      AssumeRolePolicyDocument: trusting('ec2.amazonaws.com'),
    })),
    Policies: [],
  })

  it('users, groups and roles', () =>
    expectLinear((count) => {
      const text = JSON.stringify(exportOf(count))
      return () => gaadIn(text)
    }))

  it('a page for each of them', () =>
    expectLinear((count) => {
      const { UserDetailList: users = [] } = exportOf(count)
      const text = users.map((user) => JSON.stringify({ UserDetailList: [user] })).join('\n')
      return () => gaadIn(text)
    }))
})
