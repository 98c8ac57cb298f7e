import { expect, it, vi } from 'vitest'
import { DEFAULT_QUOTAS } from '../../src/catalog/quotas.ts'
import { declaredState } from '../../src/checks/declared-state.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { PLAN_KINDS, SETTING_PLANS } from '../../src/kinds/plan.ts'
import { LoadMemory } from '../../src/manifest/cache/load-memory.ts'
import { KeptEntities } from '../../src/manifest/entities/entities-of-last-load.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import { resultingState } from '../../src/plan/steps/resulting-state.ts'

const NOTHING_BEFORE = {}
const FILES = 8
const USERS = 25

const textOf = (file: number, tag: string) =>
  `users:\n${Array.from({ length: USERS }, (_, nth) => `  user-${file}-${nth}: { groups: [staff], tags: { nth: ${nth === 3 ? tag : 'same'} } }\n`).join('')}`

const files = (tag: string) =>
  new Map([
    [
      'iam-sync.yaml',
      'version: 1\naccounts: { a: { id: "111122223333", target: { kind: local, database: a.db } } }\n',
    ],
    ['groups.yaml', 'groups: { staff: {} }\n'],
    ...Array.from({ length: FILES }, (_, file): [string, string] => [
      `users-${file}.yaml`,
      textOf(file, file === 0 ? tag : 'same'),
    ]),
  ])

// bench/watching.mjs has the time of such a tick
it('a watcher reads, plans and compares what the file that was saved declares, and nobody else', () => {
  const facts = { arnOf: () => null, names: () => [], has: () => false }
  const memory = new LoadMemory()
  const found = vi.spyOn(KeptEntities.prototype, 'find')
  const load = (tag: string) => {
    const { project } = loadProject({ kinds: MANIFEST_KINDS, files: files(tag), facts, memory })
    const [account] = project.accounts
    if (account?.desired == null) throw new Error('the project has errors')
    return { project, desired: account.desired }
  }
  const first = load('same')
  const observed = declaredState(first.desired)
  let [planned, named] = [0, 0]
  const kinds = {
    ...PLAN_KINDS,
    user: {
      ...PLAN_KINDS.user,
      attributes: PLAN_KINDS.user.attributes.map((attribute) => {
        const { refersTo } = attribute
        if (refersTo?.kind !== 'group') return attribute
        const namedIn: typeof refersTo.namedIn = (entity) => {
          named++
          return refersTo.namedIn(entity)
        }
        return { ...attribute, refersTo: { ...refersTo, namedIn } }
      }),
      planner: (...args: Parameters<typeof PLAN_KINDS.user.planner>) => {
        const planner = PLAN_KINDS.user.planner(...args)
        const update: typeof planner.update = (state, desired) => {
          planned++
          planner.update(state, desired)
        }
        return { ...planner, update }
      },
    },
  }
  const plan = ({ project: { scopes, guard }, desired }: ReturnType<typeof load>) =>
    planChanges({
      kinds,
      settings: SETTING_PLANS,
      desired,
      observed,
      declaredBefore: NOTHING_BEFORE,
      scopes,
      guard,
      quotas: DEFAULT_QUOTAS,
    }).plan
  const work = (tag: string) => {
    found.mockClear()
    planned = named = 0
    const loaded = load(tag)
    const { changes, steps } = plan(loaded)
    const { entities } = resultingState({ desired: loaded.desired, observed }, { steps })
    return { changes: changes.length, read: found.mock.calls.length, planned, named, user: entities.user }
  }
  plan(first)
  expect([planned, named]).toEqual([FILES * USERS, FILES * USERS])
  const [one, other] = [work('one'), work('two')]
  for (const { changes, read, planned: compared, named: checked } of [one, other]) {
    expect(changes).toBe(1)
    // Each is looked for twice: before it is read, and to know whether it was kept.
    expect(read).toBe(2 * USERS)
    expect(compared).toBe(USERS)
    // Once more for whom the plan names.
    expect(checked).toBeLessThanOrEqual(USERS + 1)
  }
  const unlike = [...other.user].filter(([name, user]) => one.user.get(name) !== user)
  expect(unlike.map(([name]) => name)).toEqual(['user-0-3'])
  found.mockRestore()
})
