import { describe, expect, it } from 'vitest'
import { declaredState } from '../../src/checks/declared-state.ts'
import type { AccountState, RoleState, StateDocument } from '../../src/model/index.ts'
import { resultingState } from '../../src/plan/steps/resulting-state.ts'
import { type PlanCase, planOf, stepLines } from './plan-of.ts'

const DOCUMENT =
  '{ Version: "2012-10-17", Statement: [{ Sid: Read, Effect: Allow, Action: "s3:Get*", Resource: "*" }] }'
const TRUST =
  '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: "sts:AssumeRole" }] }'
const unknown = (text = 'x'): StateDocument => ({ unknown: 'not-json', text, place: null })

const ACCOUNT = `
users: { alice: { inlinePolicies: { own: ${DOCUMENT} }, managedPolicies: [read] } }
groups: { staff: { inlinePolicies: { own: ${DOCUMENT} } } }
roles: { ci: { trustPolicy: ${TRUST}, inlinePolicies: { own: ${DOCUMENT} } } }
policies: { read: { document: ${DOCUMENT} } }
`

/** The same account, of which nobody can read a document. */
const unreadable =
  (text?: string) =>
  ({ entities, ...state }: AccountState): AccountState => {
    const all = <T extends object>(of: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
      new Map(
        [...of].map(([name, entity]) => [
          name,
          {
            ...entity,
            ...('inlinePolicies' in entity ? { inlinePolicies: new Map([['own', unknown(text)]]) } : {}),
            ...('trustPolicy' in entity ? { trustPolicy: unknown(text) } : {}),
            ...('document' in entity ? { document: unknown(text) } : {}),
          },
        ]),
      )
    const { user, group, role, policy } = entities
    return {
      ...state,
      entities: { ...entities, user: all(user), group: all(group), role: all(role), policy: all(policy) },
    }
  }

const planned = (over: Partial<PlanCase> = {}) =>
  planOf({ before: ACCOUNT, after: ACCOUNT, observe: unreadable(), ...over })

describe('a document that nobody can read', () => {
  it('is said, whoever has it', () => {
    expect(
      planned().diagnostics.map(({ severity, code, message }) => `${severity} ${code} ${message}`),
    ).toEqual(
      [
        ['document', 'policy/read'],
        ['inlinePolicies.own', 'group/staff'],
        ['inlinePolicies.own', 'user/alice'],
        ['trustPolicy', 'role/ci'],
        ['inlinePolicies.own', 'role/ci'],
      ].map(
        ([path, of]) =>
          `warning plan.unknown-document what \`${path}\` of \`${of}\` says is not known: it isn't JSON`,
      ),
    )
  })

  it('is replaced by what is declared, and all that comes is shown as new', () => {
    const { plan, desired } = planned()
    expect(plan.steps.map(({ operation }) => operation).sort()).toEqual([
      'CreatePolicyVersion',
      'PutGroupPolicy',
      'PutRolePolicy',
      'PutUserPolicy',
      'UpdateAssumeRolePolicy',
    ])
    for (const { details } of plan.changes)
      expect(details).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ type: 'list', added: [], removed: ["(not known: it isn't JSON)"] }),
          expect.objectContaining({
            type: 'policy',
            before: null,
            statements: [expect.objectContaining({ change: 'added' })],
          }),
        ]),
      )
    const observed = unreadable()(declaredState(desired))
    const after = resultingState({ desired, observed }, plan)
    expect(planOf({ before: ACCOUNT, after: ACCOUNT, observe: () => after }).plan.changes).toEqual([])
  })

  it('stays where nobody declares it, and so does everything else', () => {
    const after = `users: { alice: {} }\nroles: { ci: { trustPolicy: ${TRUST} } }`
    const { plan } = planned({ after, declared: '', rules: 'scope: {}' })
    expect(stepLines({ plan, diagnostics: [], secrets: [], adopted: [] })).toEqual([
      expect.stringContaining('UpdateAssumeRolePolicy'),
    ])
  })

  it('goes with whoever is deleted', () => {
    const { plan } = planned({ after: '' })
    expect(plan.changes.map(({ action }) => action)).toEqual(['delete', 'delete', 'delete', 'delete'])
    expect(JSON.stringify(plan.changes)).toContain("(not known: it isn't JSON)")
  })

  it('may let somebody do more while two of them are replaced: the guard asks', () => {
    const both = `users: { alice: { inlinePolicies: { own: ${DOCUMENT}, other: ${DOCUMENT.replace('Get', 'Put')} } } }`
    const observe = (state: AccountState): AccountState => {
      const alice = state.entities.user.get('alice') ?? fail()
      const inlinePolicies = new Map([...alice.inlinePolicies.keys()].map((name) => [name, unknown(name)]))
      return {
        ...state,
        entities: { ...state.entities, user: new Map([['alice', { ...alice, inlinePolicies }]]) },
      }
    }
    const { plan } = planOf({ before: both, after: both, observe })
    expect(plan.steps).toHaveLength(2)
    expect(plan.changes[0]?.brieflyWider).toMatchObject({ principal: 'user/alice' })
    expect(plan.refusals).toMatchObject([{ rule: 'brieflyWider' }])
  })

  it('bears on the digest by its text', () => {
    const digestOf = (text: string) => planned({ observe: unreadable(text) }).plan.digest
    expect(digestOf('x')).toBe(digestOf('x'))
    expect(digestOf('x')).not.toBe(digestOf('y'))
  })

  it('may be a trust that a replacement would break: that is refused', () => {
    const moved = ACCOUNT.replace('ci: {', 'ci: { path: /moved/,')
    const other = (state: AccountState): AccountState => {
      const ci = state.entities.role.get('ci') ?? fail()
      const role = new Map<string, RoleState>([
        ...state.entities.role,
        ['other', { ...ci, name: 'other', arn: ci.arn.replace('/ci', '/other'), trustPolicy: unknown() }],
      ])
      return { ...state, entities: { ...state.entities, role } }
    }
    const { diagnostics } = planOf({ before: ACCOUNT, after: moved, observe: other, rules: 'scope: {}' })
    expect(diagnostics).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          code: 'plan.replace-loses-unmanaged',
          message: expect.stringContaining('perhaps the trust of `role/other`'),
        }),
      ]),
    )
  })
})

function fail(): never {
  throw new Error('it is not there')
}
