import { describe, expect, it } from 'vitest'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import type { AccountState } from '../../src/model/index.ts'
import { type PlanCase, planOf } from './plan-of.ts'

const HELD =
  'groups: { devs: {}, ops: {} }\nusers: { alice: { groups: [devs, ops], managedPolicies: [ReadOnlyAccess] } }'
const ignoring = (...entries: readonly string[]) =>
  `groups: { devs: {}, ops: {} }\nusers: { alice: { ignore: [${entries.join(', ')}] } }`
const OPS = '{ grant: groups/ops, reason: on call, until: 2027-01-31 }'
const DEVS = '{ grant: groups/devs, reason: leaves, until: 2027-03-01 }'
const READS = '{ grant: managedPolicies/ReadOnlyAccess, reason: audit, until: 2027-01-31 }'

/** What is told, and what is ignored, of what is held. */
const toldOf = (after: string, at: string) => {
  const { plan, diagnostics } = planOf({ before: HELD, after, declared: 'users: {}', at: Date.parse(at) })
  expect(plan.changes).toEqual([])
  const short = (why: string) => why.replace(/:.*|is a member of |arn.*\//g, '').trim()
  return {
    told: plan.unmanaged.map(({ why }) => short(why)),
    ignored: (plan.ignored ?? []).map(({ why, reason, until }) => `${short(why)}: ${reason}, ${until}`),
    said: diagnostics.map(({ severity, code, span }) => `${severity} ${code} at ${span?.start ?? ''}`),
  }
}

describe('a grant that is ignored until a day', () => {
  it('is told apart from what is left alone, until that day is over', () => {
    expect(toldOf(ignoring(OPS), '2027-01-31T23:59:59Z')).toEqual({
      told: ['group devs', 'holds ReadOnlyAccess'],
      ignored: ['group ops: on call, 2027-01-31'],
      said: [],
    })
    expect(toldOf(ignoring(OPS), '2027-02-01T00:00:00Z')).toEqual({
      told: ['group devs', 'group ops', 'holds ReadOnlyAccess'],
      ignored: [],
      said: [`warning plan.ignore-over at ${ignoring(OPS).indexOf(OPS)}`],
    })
    expect(toldOf(ignoring(OPS, DEVS, READS), '2027-01-01T00:00:00Z').told).toEqual([])
  })

  it('is no part of the digest: what is planned is the same', () => {
    const digestAt = (at: number) =>
      planOf({ before: HELD, after: ignoring(OPS), declared: 'users: {}', at }).plan.digest
    expect(digestAt(Date.parse('2027-01-01'))).toBe(digestAt(Date.parse('2028-01-01')))
  })
})

describe('what is to be ignored', () => {
  const idle = '{ grant: groups/gone, reason: on call, until: 2027-01-31 }'
  const withGone = (...entries: readonly string[]) =>
    ignoring(...entries).replace('devs: {}', 'devs: {}, gone: {}')
  const plan = (text: string, more: Pick<PlanCase, 'observe'> = {}) =>
    planOf({ before: HELD, after: text, declared: 'users: {}', at: Date.parse('2027-01-01'), ...more })

  // What the account has was read: `looked` says of whom credentials were looked for.
  const looked =
    (unread: readonly string[] = []): NonNullable<PlanCase['observe']> =>
    (state) => ({
      ...state,
      undeclared: {
        of: new Set(['user/alice']),
        states: {},
        unread: { sshPublicKey: new Set(unread) },
      },
    })

  it('and is not there any more is told, where the account was read', () => {
    const codes = (observe: NonNullable<PlanCase['observe']>) =>
      plan(withGone(idle, DEVS), { observe }).diagnostics.map(({ code, severity, span }) => [
        severity,
        code,
        span?.start,
      ])
    expect(codes(looked())).toEqual([
      ['warning', 'plan.ignore-without-match', withGone(idle, DEVS).indexOf(idle)],
    ])
    expect(codes((state) => state)).toEqual([])
    // Who is yet to be made may be given it by hand.
    const nobody = (state: AccountState): AccountState => ({
      ...looked()(state),
      entities: { ...state.entities, user: new Map() },
    })
    expect(codes(nobody)).toEqual([])
  })

  it('and nobody has looked for is not said to be gone', () => {
    const key = '{ credential: sshPublicKeys/APKA, reason: y, until: 2027-02-01 }'
    const codes = (unread: readonly string[]) =>
      plan(ignoring(key), { observe: looked(unread) }).diagnostics.map(({ code }) => code)
    expect(codes([])).toEqual(['plan.ignore-without-match'])
    expect(codes(['alice'])).toEqual(['plan.credentials-not-read'])
  })

  it('of an OIDC provider is not told', () => {
    const provider = (clients: string) => `oidcProviders: { id.example: { ${clients} } }`
    const { plan: made } = planOf({
      before: provider('clientIds: [app]'),
      after: provider('ignore: [{ grant: clientIds/app, reason: y, until: 2027-02-01 }]'),
      declared: 'users: {}',
      at: Date.parse('2027-01-01'),
    })
    expect([made.unmanaged, made.ignored]).toMatchObject([[], [{ reason: 'y' }]])
  })
})

describe('what may stand under `ignore`', () => {
  const problemsOf = (alice: string) => {
    const { project } = loadProject({
      kinds: MANIFEST_KINDS,
      files: new Map([
        ['iam-sync.yaml', 'version: 1\naccounts: { a: { id: "111122223333" } }\n'],
        ['a.yaml', `groups: { devs: {} }\nusers: { alice: ${alice} }\n`],
      ]),
      facts: { arnOf: () => null, names: () => [], has: () => false },
    })
    return project.diagnostics.map(({ code, message, span }) => [code, message, span?.start !== undefined])
  }
  const one = (entry: string) => `{ ignore: [{ ${entry} }] }`

  it.each([
    ['no day', one('grant: groups/x, reason: y, until: tomorrow'), 'is not a day'],
    ['a day that there is none of', one('grant: groups/x, reason: y, until: 2027-02-30'), 'is not a day'],
    ['no reason', one('grant: groups/x, reason: "", until: 2027-02-01'), 'is no reason'],
    ['no grant', one('grant: group/x, reason: y, until: 2027-02-01'), 'names no grant'],
    [
      'what is declared',
      '{ groups: [devs], ignore: [{ grant: groups/x, reason: y, until: 2027-02-01 }] }',
      'is declared',
    ],
    ['both', one('grant: groups/x, credential: accessKeys/x, reason: y, until: 2027-02-01'), 'one for each'],
    ['neither', one('reason: y, until: 2027-02-01'), 'one for each'],
    ['all keys', one('credential: accessKeys, reason: y, until: 2027-02-01'), 'names no credential'],
    ['no credential', one('credential: keys/x, reason: y, until: 2027-02-01'), 'names no credential'],
    [
      'a credential of what is declared',
      '{ accessKeys: {}, ignore: [{ credential: accessKeys/x, reason: y, until: 2027-02-01 }] }',
      'is declared',
    ],
    ['no list', '{ ignore: groups/x }', 'is not a list of grants'],
  ])('%s', (_, alice, says) => {
    expect(problemsOf(alice)).toEqual([['manifest.bad-ignore', expect.stringContaining(says), true]])
  })

  it('a policy that is nowhere', () => {
    const [[code] = []] = problemsOf(one('grant: managedPolicies/nowhere, reason: y, until: 2027-02-01'))
    expect(code).toBe('manifest.unknown-policy')
  })

  it('nothing of an entity that holds nothing', () => {
    const [[code] = []] = problemsOf('{ ignore: [] }')
    expect(code).toBeUndefined()
  })
})
