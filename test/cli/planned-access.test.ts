import { describe, expect, test } from 'vitest'
import type { AccessDiff } from '../../src/access/access-diff.ts'
import { declaredState } from '../../src/checks/declared-state.ts'
import { type PlannedState, plannedAccess } from '../../src/cli/planning/planned-access.ts'
import { type AccessAnalysis, lazyAnalysis, proverOf } from '../../src/cli/questions/access-analysis.ts'
import { NO_ACCESS_CHANGES } from '../../src/cli/questions/access-changes.ts'
import { errorOf } from '../../src/diagnostics/index.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import type { Estate } from '../../src/model/index.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import { planJson } from '../../src/report/plans/plan-json.ts'
import { AWS } from '../manifest/sample.ts'
import { intentOf } from '../reconcile/world.ts'

const PROJECT = `version: 1
accounts:
  first: { id: "111122223333", manifests: [first] }
  second: { id: "444455556666", manifests: [second] }
`

function projectOf(first: string, second: string) {
  const files = { 'iam-sync.yaml': PROJECT, 'first/a.yaml': first, 'second/a.yaml': second }
  return loadProject({ kinds: MANIFEST_KINDS, files: new Map(Object.entries(files)), facts: AWS }).project
}

const now = projectOf('users: { alice: {} }', 'users: { bob: {} }')
const wanted = projectOf('users: { alice: {}, carol: {} }', 'users: { bob: {}, dora: {} }')

function planned(name: string, before = now, over: Partial<PlannedState> = {}): PlannedState {
  const account = wanted.accounts.find((each) => each.name === name)
  const observed = before.accounts.find((each) => each.name === name)?.desired
  if (account?.desired == null || observed == null) throw new Error(`no account ${name}`)
  const { desired } = account
  const state = declaredState(observed)
  return {
    account: { ...account, desired },
    observed: state,
    ...planChanges({ ...intentOf(desired), observed: state, declaredBefore: {} }),
    ...over,
  }
}

const gained: AccessDiff = { ...NO_ACCESS_CHANGES.diff, verdict: 'gained' }

function recording() {
  const asked: { before: Estate; after: Estate; accounts: readonly string[] }[] = []
  const analysis = {
    diffEstates: async (before: Estate, after: Estate, accounts: readonly string[]) => {
      asked.push({ before, after, accounts })
      return new Map(accounts.map((id) => [id, gained]))
    },
  } as unknown as AccessAnalysis
  return { asked, open: async () => analysis }
}

const usersIn = ({ accounts }: Estate) => accounts.map(({ entities: { user: users } }) => [...users.keys()])

describe('whose access plans change', () => {
  test('is asked once, of all accounts, as they are and as they will be', async () => {
    const { asked, open } = recording()
    const found = await plannedAccess([planned('first'), planned('second')], { project: wanted }, open)
    expect(asked).toHaveLength(1)
    expect(asked[0]?.accounts).toEqual(['111122223333', '444455556666'])
    expect(asked.map(({ before, after }) => [usersIn(before), usersIn(after)])).toEqual([
      [
        [['alice'], ['bob']],
        [
          ['alice', 'carol'],
          ['bob', 'dora'],
        ],
      ],
    ])
    expect([...found].map(([name, { diff }]) => [name, diff.verdict])).toEqual([
      ['first', 'gained'],
      ['second', 'gained'],
    ])
    expect(found.get('first')?.context).toMatchObject({ account: { id: '111122223333' } })
  })

  test('an account that is not planned is as declared on both sides', async () => {
    const { asked, open } = recording()
    const found = await plannedAccess([planned('first')], { project: wanted }, open)
    expect(usersIn(asked[0]?.before as Estate)).toEqual([['alice'], ['bob', 'dora']])
    expect(usersIn(asked[0]?.after as Estate)).toEqual([
      ['alice', 'carol'],
      ['bob', 'dora'],
    ])
    expect([...found.keys()]).toEqual(['first'])
  })

  test('without steps nothing changes, and nobody is asked', async () => {
    const { asked, open } = recording()
    const found = await plannedAccess([planned('first', wanted)], { project: wanted }, open)
    expect(found.get('first')).toBe(NO_ACCESS_CHANGES)
    expect(asked).toEqual([])
  })

  test('a plan with errors leads nowhere', async () => {
    const { asked, open } = recording()
    const broken = planned('second', now, { diagnostics: [errorOf({ code: 'a.b', message: 'no' })] })
    const found = await plannedAccess([planned('first'), broken], { project: wanted }, open)
    expect([...found.keys()]).toEqual(['first'])
    expect(usersIn(asked[0]?.after as Estate)).toEqual([['alice', 'carol'], ['bob']])
    expect(asked[0]?.accounts).toEqual(['111122223333'])
  })
})

describe('an analysis', () => {
  const facts = { documentOf: () => null, now: new Date(0) }

  test('is opened at the first question, once', async () => {
    let opened = 0
    const analysis = lazyAnalysis(facts, async () => {
      opened++
      return { proveInvariant: async () => ({ holds: true, violations: [], unknown: [] }) } as never
    })
    expect(opened).toBe(0)
    const prover = await proverOf(analysis)?.(
      { accounts: [], organization: null, resources: new Map() },
      facts,
    )
    expect(await prover?.prove({} as never, { id: '111122223333', partition: 'aws' })).toMatchObject({
      holds: true,
    })
    await analysis?.()
    expect(opened).toBe(1)
  })

  test('where there is none proves nothing', () => {
    expect(proverOf(lazyAnalysis(facts, null))).toBeNull()
  })
})

test('access is the last key of a plan in JSON, and absent where it is not known', () => {
  const { plan } = planned('first')
  const texts = loadProject({ kinds: MANIFEST_KINDS, files: new Map(), facts: AWS }).texts
  expect(Object.keys(planJson(plan, texts, gained)).at(-1)).toBe('access')
  expect(Object.keys(planJson(plan, texts))).not.toContain('access')
})
