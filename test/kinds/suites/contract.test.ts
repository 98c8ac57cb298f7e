// What the embedded IAM owes every kind that is listed, asked in the words of the kind's own plans.
import { describe, expect, it } from 'vitest'
import { OIDC_SCHEME } from '../../../src/kinds/oidcProvider/kind.ts'
import {
  CHILDREN,
  entityArn,
  isEntityKind,
  isSecretSource,
  keysOf,
  Secret,
} from '../../../src/model/index.ts'
import type { Quotas } from '../../../src/model/quotas.ts'
import type { Step } from '../../../src/model/step.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { ACCOUNT } from '../../arbitraries/policy.ts'
import fc from '../../fixed-seed.ts'
import { TROUBLES, type TroubleName } from '../../iam/faulty-account.ts'
import { IS_WHOLE } from '../../sample-size.ts'
import {
  converge,
  type Declared,
  declared,
  declaredBy,
  factsOf,
  intentOf,
  NOTHING,
  OURS,
  oursIn,
  planIn,
  SAMPLE_PORTS,
  withListed,
} from '../listed.ts'
import { CHILDREN_OF_SOURCE, DECLARED_CHILDREN } from '../samples.ts'
import type { ToyWorld } from '../toy/world.ts'

/** What goes wrong on the way to it: everything at once, or, of whole samples, also each by itself. */
const TROUBLE: readonly (TroubleName | null)[] = [
  null,
  ...(IS_WHOLE ? keysOf(TROUBLES) : (['all of it at once'] as const)),
]
const told = (trouble: TroubleName | null): string => trouble ?? 'nothing goes wrong'

const [FULL] = fc.sample(declared('all'), 1).map((sections) => intentOf(sections))
if (FULL === undefined) throw new Error('no sample')

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

const tried = (world: ToyWorld, { operation, input }: Step, changes: object = {}): Promise<string> =>
  // Which operation takes which input, the plan has paired.
  world.iam.write(operation, delivered({ ...input, ...changes }) as never).then(() => 'done', codeOf)

/** With the secrets that samples name. */
const delivered = <I extends object>(input: I): I =>
  Object.fromEntries(
    Object.entries(input).map(([field, value]: readonly [string, unknown]) => [
      field,
      isSecretSource(value)
        ? new Secret(('env' in value ? SAMPLE_PORTS.env(value.env) : null) ?? 'Correct-Horse-7-Battery')
        : value,
    ]),
  ) as I

/** How an input writes a name: of some kinds it is a URL. @param like an input that names one */
const writtenLike = (like: unknown, name: string): string =>
  String(like).startsWith(OIDC_SCHEME) ? `${OIDC_SCHEME}${name}` : name

/** The calls of a change of a kind. */
function callsOf({ changes, steps }: Plan, kind: string, action: string): readonly Step[] {
  const change = changes.find((each) => each.kind === kind && each.action === action)
  return (change?.steps ?? []).flatMap((number) => steps[number] ?? [])
}

const EACH = OURS.flatMap((kind) => TROUBLE.map((trouble) => ({ kind, trouble, where: told(trouble) })))

describe.each(EACH)('$kind: of the embedded IAM, where $where', ({ kind, trouble }) => {
  const facts = factsOf(kind)
  const withWorld = (use: (world: ToyWorld) => Promise<void>, quotas?: Partial<Quotas>) =>
    withListed(use, quotas, trouble)

  it('shows what was made, under its ARN', () =>
    withWorld(async (world) => {
      await converge(world, FULL)
      const states = oursIn(await world.observe(), kind)
      expect(states).toHaveLength(3)
      for (const { name, path, arn } of states) expect(arn).toBe(entityArn(ACCOUNT, facts, path, name))
    }))

  it('makes none twice, whatever the case of its name, and none of a name that is too long', () =>
    withWorld(async (world) => {
      const [create] = callsOf(await converge(world, FULL), kind, 'create')
      if (create === undefined) throw new Error('nothing is created')
      const name: unknown = Reflect.get(create.input, facts.nameField)
      expect(await tried(world, create)).toBe('EntityAlreadyExists')
      const bare = writtenLike(name, '') === '' ? String(name) : String(name).slice(OIDC_SCHEME.length)
      expect(await tried(world, create, { [facts.nameField]: writtenLike(name, bare.toUpperCase()) })).toBe(
        'EntityAlreadyExists',
      )
      expect(
        await tried(world, create, {
          [facts.nameField]: writtenLike(name, 'x'.repeat(facts.longestName + 1)),
        }),
      ).toBe('ValidationError')
      expect(
        await tried(world, create, { [facts.nameField]: writtenLike(name, 'x'.repeat(facts.longestName)) }),
      ).toBe('done')
    }))

  it('makes no more than the quota', async () => {
    const { plan } = await (async () => {
      let found: Awaited<ReturnType<typeof planIn>> | undefined
      await withWorld(async (world) => {
        found = await planIn(world, FULL)
      })
      if (found === undefined) throw new Error('no plan')
      return found
    })()
    const [create] = callsOf(plan, kind, 'create')
    if (create === undefined) throw new Error('nothing is created')
    const bare = Object.fromEntries(
      Object.entries(create.input).filter(([field]) => field !== 'PermissionsBoundary'),
    )
    const like: unknown = Reflect.get(create.input, facts.nameField)
    const names = ['first', 'second'].map((name) => ({ ...bare, [facts.nameField]: writtenLike(like, name) }))
    await withWorld(
      async (world) => {
        const [first = {}, second = {}] = names
        expect(await tried(world, { ...create, input: first } as Step)).toBe('done')
        expect(await tried(world, { ...create, input: second } as Step)).toBe('LimitExceeded')
      },
      { [facts.quota]: 1 },
    )
  })

  it('deletes none from which something must go first, and changes none that is gone', () =>
    withWorld(async (world) => {
      await converge(world, FULL)
      const [before = {}] = declaredBy(FULL)
      const { plan } = await planIn(world, NOTHING, before)
      const calls = callsOf(plan, kind, 'delete')
      const last = calls.at(-1)
      if (last === undefined) throw new Error('nothing is deleted')
      if (calls.length > 1) expect(await tried(world, last)).toBe('DeleteConflict')
      await converge(world, NOTHING, before)
      for (const call of calls) expect(await tried(world, call)).toBe('NoSuchEntity')
      expect(oursIn(await world.observe(), kind)).toEqual([])
    }))
})

const CREDENTIALS = DECLARED_CHILDREN.flatMap((kind) =>
  TROUBLE.map((trouble) => ({ kind, trouble, where: told(trouble) })),
)

describe.each(CREDENTIALS)('$kind: of the embedded IAM, where $where', ({ kind, trouble }) => {
  const { section, parent, most } = CHILDREN[kind]
  const nameField = isEntityKind(parent) ? factsOf(parent).nameField : ''
  const samples = CHILDREN_OF_SOURCE[kind]
  /** @param count of the same variety, by their order among the samples */
  const some = (name: string, from: number, count: number): Declared => ({
    [`${parent}s`]: {
      [name]: {
        [section]: Object.fromEntries(
          samples.slice(from, from + count).map((each, index) => [`own-${index}`, each]),
        ),
      },
    },
  })
  const statesOf = async (world: ToyWorld, name: string) =>
    (await world.observe()).children[kind]?.get(name) ?? []

  it('shows what was made, of whose it is alone, and makes no more than one may have', () =>
    withListed(
      async (world) => {
        const both = { [`${parent}s`]: { ...some('x', 0, most)[`${parent}s`], other: {} } }
        await converge(world, intentOf(both))
        const states = await statesOf(world, 'x')
        expect(states).toHaveLength(most)
        expect(new Set(states.map(({ id }) => id)).size).toBe(most)
        expect(states.map(({ status }) => status)).toEqual(states.map(() => 'active'))
        expect(await statesOf(world, 'other')).toEqual([])
        // Of what the account may have one of, one that nobody has yet.
        const [create] = callsOf((await planIn(world, intentOf(some('y', most, 1)))).plan, kind, 'create')
        if (create === undefined) throw new Error('nothing is created')
        expect(await tried(world, create, { [nameField]: 'x' })).toBe('LimitExceeded')
        expect(await statesOf(world, 'x')).toHaveLength(most)
      },
      {},
      trouble,
    ))

  it('puts one out of use, lets nobody go who has one, and deletes none twice', () =>
    withListed(
      async (world) => {
        const goal = some('x', 0, 1)
        await converge(world, intentOf(goal))
        const [first] = await statesOf(world, 'x')
        if (first === undefined) throw new Error('none was made')
        const inactive = {
          [`${parent}s`]: { x: { [section]: { 'own-0': { ...samples[0], status: 'inactive' } } } },
        }
        const put = await converge(world, intentOf(inactive))
        expect(put.steps).toHaveLength(1)
        expect(await statesOf(world, 'x')).toMatchObject([{ id: first.id, status: 'inactive' }])
        const { plan } = await planIn(world, NOTHING, ...declaredBy(intentOf(goal)))
        const [last] = callsOf(plan, parent, 'delete').slice(-1)
        if (last === undefined) throw new Error('nobody goes')
        expect(await tried(world, last)).toBe('DeleteConflict')
        const calls = callsOf(plan, kind, 'delete')
        expect(calls).not.toEqual([])
        for (const call of calls) expect(await tried(world, call)).toBe('done')
        for (const call of [...calls, ...put.steps]) expect(await tried(world, call)).toBe('NoSuchEntity')
        expect(await statesOf(world, 'x')).toEqual([])
      },
      {},
      trouble,
    ))
})
