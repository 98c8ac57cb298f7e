// What plans and applies make of what is named under an entity, of every kind of that sort.
import { describe, expect, it } from 'vitest'
import { DEFAULT_QUOTAS } from '../../src/catalog/quotas.ts'
import { CHILDREN, type ChildKind } from '../../src/model/index.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import { observe } from '../../src/reconcile/observe.ts'
import { type Intent, isReadFor, readTarget } from '../../src/reconcile/plan-account.ts'
import { declaredAfter } from '../../src/reconcile/reviewed-plan.ts'
import type { IamReader } from '../../src/target/ports.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'
import { failingAt, Killed, stepsText } from '../reconcile/world.ts'
import { converge, declaredBy, intentOf, NOTHING, planIn, withListed } from './listed.ts'
import { CHILDREN_OF_SOURCE, IDENTIFIED_CHILDREN } from './samples.ts'
import { TOY_OBSERVE_KINDS } from './toy/kinds.ts'
import type { ToyWorld } from './toy/world.ts'

/** What is declared of `alice`, of a kind. @param which by their places among the samples, and names of their own */
function declaring(
  kind: ChildKind,
  which: Readonly<Record<string, number>> | null,
  more: object = {},
): Intent {
  const samples = CHILDREN_OF_SOURCE[kind]
  const section =
    which === null
      ? {}
      : {
          [CHILDREN[kind].section]: Object.fromEntries(
            Object.entries(which).map(([name, index]) => [name, { ...samples[index], ...more }]),
          ),
        }
  return intentOf({ users: { alice: section } })
}

const told = ({ changes }: Pick<Plan, 'changes'>) =>
  changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`)

const statesOf = async (world: ToyWorld, kind: ChildKind) =>
  (await world.observe()).children[kind]?.get('alice') ?? []

describe.each(IDENTIFIED_CHILDREN)('%s', (kind) => {
  const { section } = CHILDREN[kind]

  it('comes with its parent, in a change of its own, after it; a second plan is empty', () =>
    withListed(async (world) => {
      const plan = await converge(world, declaring(kind, { a: 0, b: 1 }))
      expect(told(plan)).toEqual(['create user alice', `create ${kind} alice/a`, `create ${kind} alice/b`])
      expect(plan.changes[1]).toMatchObject({
        arn: null,
        parent: { kind: 'user', name: 'alice', arn: `arn:aws:iam::${ACCOUNT.id}:user/alice` },
      })
      expect(plan.steps[1]?.needs).toEqual([0])
      expect(await statesOf(world, kind)).toHaveLength(2)
    }))

  it('is known by what it is: another name is no change', () =>
    withListed(async (world) => {
      await converge(world, declaring(kind, { a: 0 }))
      const { plan } = await planIn(world, declaring(kind, { other: 0 }))
      expect(plan.changes).toEqual([])
      expect(plan.unchanged).toBe(2)
    }))

  it('is put out of use and back in place', () =>
    withListed(async (world) => {
      await converge(world, declaring(kind, { a: 0 }))
      const [{ id } = { id: '' }] = await statesOf(world, kind)
      const plan = await converge(world, declaring(kind, { a: 0 }, { status: 'inactive' }))
      expect(plan.changes).toMatchObject([
        {
          action: 'update',
          name: 'alice/a',
          details: [{ path: 'status', before: 'active', after: 'inactive' }],
        },
      ])
      expect(await statesOf(world, kind)).toMatchObject([{ id, status: 'inactive' }])
      await converge(world, declaring(kind, { a: 0 }))
      expect(await statesOf(world, kind)).toMatchObject([{ id, status: 'active' }])
    }))

  it('that is to be inactive and is not there is not made: nobody could use it', () =>
    withListed(async (world) => {
      expect(told(await converge(world, declaring(kind, { a: 0 }, { status: 'inactive' })))).toEqual([
        'create user alice',
      ])
    }))

  it('that takes the place of another is there before that one goes', () =>
    withListed(async (world) => {
      await converge(world, declaring(kind, { a: 0 }))
      const [{ id } = { id: '' }] = await statesOf(world, kind)
      const plan = await converge(world, declaring(kind, { a: 1 }))
      expect(told(plan)).toEqual([`create ${kind} alice/a`, `delete ${kind} alice/${id}`])
      expect(plan.changes[1]?.details).toMatchObject([
        { path: CHILDREN[kind].shownAs, before: expect.any(String), after: null },
        { path: 'status', before: 'active', after: null },
      ])
    }))

  it('is left alone and shown where nobody declares it, and goes where an earlier apply declared it', () =>
    withListed(async (world) => {
      await converge(world, declaring(kind, { a: 0, b: 1 }))
      const [before = {}] = declaredBy(declaring(kind, { a: 0 }))
      expect(before['user/alice']?.[section]).toHaveLength(1)
      const rest = declaring(kind, null)
      const { plan } = await planIn(world, rest, before)
      expect(told(plan)).toEqual([expect.stringMatching(`^delete ${kind} alice/`)])
      expect(plan.unmanaged).toEqual([
        expect.objectContaining({
          kind,
          why: `is not declared: \`${section}\` of \`user/alice\` is not managed here`,
        }),
      ])
      await converge(world, rest, before)
      expect(await statesOf(world, kind)).toHaveLength(1)
      expect(told((await planIn(world, rest)).plan)).toEqual([])
      await converge(world, declaring(kind, {}))
      expect(await statesOf(world, kind)).toEqual([])
    }))

  it('goes with its parent, each by a step of its own, whoever made it; the target would not let it go with them', () =>
    withListed(async (world) => {
      await converge(world, declaring(kind, { a: 0, b: 1 }))
      const { plan } = await planIn(world, NOTHING)
      expect(plan.changes.map(({ action, kind: of }) => `${action} ${of}`)).toEqual([
        `delete ${kind}`,
        `delete ${kind}`,
        'delete user',
      ])
      const last = plan.steps.at(-1)
      expect(last).toMatchObject({ operation: 'DeleteUser', needs: [0, 1] })
      await expect(world.iam.write('DeleteUser', { UserName: 'alice' })).rejects.toMatchObject({
        code: 'DeleteConflict',
        message: CHILDREN[kind].standsInTheWay,
      })
      await converge(world, NOTHING)
      expect((await world.observe()).entities.user.size).toBe(0)
    }))

  it('an apply that was killed at any call is another starting point', async () => {
    const goals = [declaring(kind, { a: 0, b: 1 }), declaring(kind, { c: 2 }), NOTHING]
    for (let number = 0; number < 12; number++)
      await withListed(async (world) => {
        let left = number
        for (const goal of goals) {
          const { plan } = await planIn(world, goal)
          if (left >= 0 && left < plan.steps.length) {
            const writer = failingAt(world.iam, left, () => new Killed())
            await expect(converge(world, goal, {}, writer)).rejects.toThrow(Killed)
          }
          left -= plan.steps.length
          await converge(world, goal)
        }
      })
  })

  it('is read only of those who declare it, did, or go; of others what no listing of everybody has is listed', () =>
    withListed(async (world) => {
      const of = (index: number) => ({ [section]: { a: CHILDREN_OF_SOURCE[kind][index] ?? {} } })
      await converge(world, intentOf({ users: { alice: of(0), bob: of(1), carol: of(2), dave: {} } }))
      const asked = new Map<unknown, string[]>()
      const iam: IamReader = {
        read: (operation, input) => {
          if ('UserName' in input)
            asked.set(input.UserName, [...(asked.get(input.UserName) ?? []), operation])
          return world.iam.read(operation, input)
        },
      }
      const [before = {}] = declaredBy(intentOf({ users: { bob: of(1) } }))
      const now = intentOf({ users: { alice: of(0), bob: {}, dave: {} } })
      await planIn({ iam: { ...world.iam, ...iam } }, now, before)
      expect(asked.get('dave')).toEqual(['ListSSHPublicKeys'])
      expect([...asked.keys()].toSorted()).toEqual(['alice', 'bob', 'carol', 'dave'])
    }))

  it('is part of what an apply is bound to', () =>
    withListed(async (world) => {
      await converge(world, declaring(kind, { a: 0 }))
      const goal = declaring(kind, { a: 1 })
      const first = await planIn(world, goal)
      const [{ id } = { id: '' }] = await statesOf(world, kind)
      const observed = await world.observe()
      const [state] = await statesOf(world, kind)
      if (state === undefined) throw new Error('none')
      const changed = {
        ...observed,
        children: { ...observed.children, [kind]: new Map([['alice', [{ ...state, status: 'inactive' }]]]) },
      } as typeof observed
      const { kinds, settings, desired, scopes, guard } = goal
      const given = { kinds, settings, desired, scopes, guard, declaredBefore: {}, quotas: DEFAULT_QUOTAS }
      expect(planChanges({ ...given, observed }).plan.digest).toBe(first.plan.digest)
      const { plan } = planChanges({ ...given, observed: changed })
      expect(plan.digest).not.toBe(first.plan.digest)
      expect(stepsText(plan)).toBe(stepsText(first.plan))
      expect(id).not.toBe('')
    }))

  it('whoever is gone meanwhile has none', () =>
    withListed(async (world) => {
      await converge(world, declaring(kind, { a: 0 }))
      const { children } = await observe(world.iam, ACCOUNT, TOY_OBSERVE_KINDS, () => ({
        [kind]: ['nobody'],
      }))
      expect(children[kind]?.get('nobody')).toEqual([])
    }))
})

describe('what was read of an account', () => {
  const [kind] = IDENTIFIED_CHILDREN
  if (kind === undefined) throw new Error('none')
  const { section } = CHILDREN[kind]

  it('is not enough for a plan about the children of others: a watcher reads again', () =>
    withListed(async (world) => {
      const plain = intentOf({ users: { alice: {}, bob: {} } })
      await converge(world, plain)
      const target = { iam: world.iam, journal: { declared: async () => ({}), facts: async () => null } }
      const read = await readTarget(target, plain.desired, TOY_OBSERVE_KINDS, plain)
      expect(isReadFor(plain, read)).toBe(true)
      const more = intentOf({ users: { alice: { [section]: {} }, bob: {} } })
      expect(isReadFor(more, read)).toBe(false)
      expect(isReadFor(more, await readTarget(target, more.desired, TOY_OBSERVE_KINDS, more))).toBe(true)
      const without = intentOf({ users: { alice: {} } })
      expect(isReadFor(without, read)).toBe(false)
      expect(isReadFor({ ...without, scopes: intentOf({}, 'declared').scopes }, read)).toBe(true)
      expect(isReadFor({ ...plain, base: { 'user/bob': { [section]: ['x'] } } }, read)).toBe(false)
    }))

  it('of a part that is applied, the journal says that part alone', () =>
    withListed(async (world) => {
      const goal = declaring(kind, { a: 0 })
      const { plan } = await planIn(
        world,
        intentOf({ users: { alice: { tags: { a: 'b' }, [section]: {} } } }),
      )
      expect(plan.changes).toHaveLength(1)
      await converge(world, intentOf({ users: { alice: {} } }))
      const added = await planIn(world, goal)
      const before = { 'user/alice': { path: ['=/'] }, 'user/bob': {} }
      const [all = {}] = declaredBy(goal)
      expect(declaredAfter(goal, before, added.plan)).toEqual({
        'user/alice': { path: ['=/'], [section]: all['user/alice']?.[section] },
        'user/bob': {},
      })
      await converge(world, goal)
      const rest = intentOf({ users: { alice: {} } })
      const gone = await planIn(world, rest, all)
      expect(gone.plan.changes).toHaveLength(1)
      expect(declaredAfter(rest, all, gone.plan)['user/alice']).not.toHaveProperty(section)
    }))
})
