import { beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_QUOTAS } from '../../src/catalog/quotas.ts'
import { declaredState } from '../../src/checks/declared-state.ts'
import { createEvaluator, type Evaluator, estateOf } from '../../src/evaluator/estate/evaluator.ts'
import { MFA_POLICY } from '../../src/kinds/attributes/mfa-policy.ts'
import { PLAN_KINDS, SETTING_PLANS } from '../../src/kinds/plan.ts'
import { CHILD_KINDS, CHILDREN } from '../../src/model/index.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import { rendered } from '../manifest/sample.ts'
import { load, planOf } from '../plan/plan-of.ts'

const ALL = '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "*", Resource: "*" }] }'
const ENFORCED = '{ required: true, enforce: true }'
const users = (mfa: string, more = '') =>
  `users: { ada: { path: /eng/, mfa: ${mfa}${more} }, bob: {} }\npolicies: { all: { document: ${ALL} } }`
const PLAIN = users('required', ', managedPolicies: [all]')
const WITH = users(ENFORCED, ', managedPolicies: [all]')

const ARN = 'arn:aws:iam::111122223333:user'
const OWN = `${ARN}/eng/ada`

/** What may be asked without MFA: of her own user, of devices, of nothing. */
const SPARED: readonly (readonly [action: string, resource: string])[] = [
  ['iam:CreateVirtualMFADevice', 'arn:aws:iam::111122223333:mfa/ada'],
  ['iam:ListVirtualMFADevices', '*'],
  ['iam:EnableMFADevice', OWN],
  ['iam:ResyncMFADevice', OWN],
  ['iam:ListMFADevices', OWN],
  ['iam:GetMFADevice', OWN],
  ['iam:GetUser', OWN],
  ['iam:ChangePassword', OWN],
  ['iam:GetAccountPasswordPolicy', '*'],
  ['sts:GetSessionToken', '*'],
  ['sts:GetCallerIdentity', '*'],
]
const DENIED: readonly (readonly [action: string, resource: string])[] = [
  ['iam:DeactivateMFADevice', OWN],
  ['iam:DeleteVirtualMFADevice', 'arn:aws:iam::111122223333:mfa/ada'],
  ['iam:DeleteUserPolicy', OWN],
  ['iam:CreateAccessKey', OWN],
  ['iam:UpdateLoginProfile', OWN],
  ['iam:EnableMFADevice', `${ARN}/bob`],
  ['iam:ChangePassword', `${ARN}/bob`],
  ['iam:ResyncMFADevice', `${ARN}/ada`],
  ['iam:GetUser', `${ARN}/bob`],
  ['sts:DecodeAuthorizationMessage', '*'],
  ['sts:GetFederationToken', 'arn:aws:sts::111122223333:federated-user/x'],
  ['s3:GetObject', 'arn:aws:s3:::data/x'],
  ['ec2:RunInstances', '*'],
]

let evaluator: Evaluator
beforeAll(async () => {
  const state = declaredState(load(WITH).desired)
  evaluator = await createEvaluator(estateOf(state), { documentOf: () => null, now: new Date('2026-01-01') })
})

/** @param mfa undefined: by an access key, which says nothing of it */
const decide = (action: string, resource: string, mfa: string | undefined) => {
  const context = new Map(mfa === undefined ? [] : [['aws:MultiFactorAuthPresent', [mfa]]])
  const { answer } = evaluator.evaluate({
    principal: OWN,
    action,
    resource,
    account: '111122223333',
    context,
  })
  return answer?.decision
}

describe('the policy that `enforce` generates', () => {
  it('spares what it takes to have a device and a session, with whatever credentials', () => {
    for (const mfa of [undefined, 'false', 'true'])
      for (const [action, resource] of SPARED)
        expect(decide(action, resource, mfa), `${action} ${resource} ${mfa}`).toBe('allow')
  })

  it('denies all else by an access key and in a session without MFA, and nothing with it', () => {
    for (const [action, resource] of DENIED) {
      expect(decide(action, resource, undefined), `${action} by a key`).toBe('explicit_deny')
      expect(decide(action, resource, 'false'), `${action} without`).toBe('explicit_deny')
      expect(decide(action, resource, 'true'), `${action} with`).toBe('allow')
    }
  })
})

const steps = (result: ReturnType<typeof planOf>) =>
  result.plan.steps.map(
    ({ operation, input }) => `${operation} ${'PolicyName' in input ? input.PolicyName : ''}`,
  )

describe('a user of whom MFA is enforced', () => {
  it('gets the policy beside what nobody declares, and a second plan is empty', () => {
    const before = `users: { ada: { path: /eng/, inlinePolicies: { hand: ${ALL} } }, bob: {} }`
    const after = `users: { ada: { path: /eng/, mfa: ${ENFORCED} }, bob: {} }`
    expect(steps(planOf({ before, after, declared: '' }))).toEqual([`PutUserPolicy ${MFA_POLICY}`])
    expect(steps(planOf({ before: after, after }))).toEqual([])
  })

  it('keeps it where all others are declared', () => {
    const after = users(ENFORCED, `, inlinePolicies: { own: ${ALL} }`)
    expect(steps(planOf({ before: after, after }))).toEqual([])
    expect(steps(planOf({ before: after, after: users(ENFORCED, ', inlinePolicies: {}') }))).toEqual([
      'DeleteUserPolicy own',
    ])
  })

  it('has it put right where somebody changed it, and taken away with `enforce`', () => {
    const changed = planOf({
      before: WITH,
      after: WITH,
      observe: (state) => {
        const ada = state.entities.user.get('ada')
        if (ada === undefined) throw new Error('no ada')
        const weak = { located: null, json: { Version: '2012-10-17', Statement: [] } }
        const user = new Map(state.entities.user).set('ada', {
          ...ada,
          inlinePolicies: new Map([[MFA_POLICY, weak]]),
        })
        return { ...state, entities: { ...state.entities, user } }
      },
    })
    expect(steps(changed)).toEqual([`PutUserPolicy ${MFA_POLICY}`])
    expect(steps(planOf({ before: WITH, after: PLAIN }))).toEqual([`DeleteUserPolicy ${MFA_POLICY}`])
    expect(steps(planOf({ before: WITH, after: PLAIN, declared: PLAIN }))).toEqual([])
  })

  it('may not declare one of that name, nor more than there is room for with it', () => {
    const named = rendered({
      'a.yaml': `users: { ada: { mfa: ${ENFORCED}, inlinePolicies: { ${MFA_POLICY}: ${ALL} } } }`,
    })
    expect(named).toContain('error[manifest.reserved-policy]')
    const long = `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:Get*", Resource: "arn:aws:s3:::${'x'.repeat(1800)}" }] }`
    expect(rendered({ 'a.yaml': `users: { ada: { inlinePolicies: { long: ${long} } } }` })).toBe('')
    expect(
      rendered({ 'a.yaml': `users: { ada: { mfa: ${ENFORCED}, inlinePolicies: { long: ${long} } } }` }),
    ).toContain('error[policy.too-large]: with what is generated')
  })

  it.each([
    'true',
    '{ enforce: true }',
    '{ required: true, keysWithoutMfa: allow }',
    '{ required: false }',
    '{ required: true, keysWithoutMfa: deny }',
  ])('`mfa: %s` is none of its forms', (mfa) => {
    expect(rendered({ 'a.yaml': `users: { ada: { mfa: ${mfa} } }` })).toMatch(/^error\[manifest\./)
  })

  it.each([
    ['an active key', 'active', WITH, ['plan.mfa-denies-keys']],
    ['one that is out of use', 'inactive', WITH, []],
    [
      'one, where that is said',
      'active',
      users('{ required: true, enforce: true, keysWithoutMfa: deny }'),
      [],
    ],
  ] as const)('is refused with %s, whoever made it', (_, status, manifest, expected) => {
    const { desired, project } = load(manifest)
    const { user } = PLAN_KINDS
    const keys = user.children?.sshPublicKey
    if (keys === undefined) throw new Error('no such kind')
    // As a kind of long-term keys has it.
    const sshPublicKey = { ...keys, facts: { ...keys.facts, isWithoutMfa: true as const } }
    const observed = declaredState(load(users('required')).desired)
    const { diagnostics } = planChanges({
      kinds: { ...PLAN_KINDS, user: { ...user, children: { ...user.children, sshPublicKey } } },
      settings: SETTING_PLANS,
      desired,
      observed: {
        ...observed,
        children: { sshPublicKey: new Map([['ada', [{ id: 'K', identity: 'k', status }]]]) },
      },
      declaredBefore: {},
      scopes: project.scopes,
      guard: project.guard,
      quotas: DEFAULT_QUOTAS,
    })
    expect(diagnostics.map(({ code }) => code).filter((code) => code !== 'plan.required-missing')).toEqual(
      expected,
    )
  })

  it('has to be told of access keys, which it would deny, unless that is said', () => {
    expect(load(WITH).desired.entities.user.get('ada')?.onlyWithMfa).toBeDefined()
    const said = users('{ required: true, enforce: true, keysWithoutMfa: deny }')
    expect(load(said).desired.entities.user.get('ada')?.onlyWithMfa).toBeUndefined()
    // A kind of long-term keys says so of itself: the plan and what is observed go by that.
    for (const kind of CHILD_KINDS)
      if (CHILDREN[kind].label === 'access key') expect(CHILDREN[kind].isWithoutMfa).toBe(true)
  })
})
