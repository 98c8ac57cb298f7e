// What the embedded IAM owes every kind that is listed, asked in the words of the kind's own plans.
import { describe, expect, it } from 'vitest'
import { OIDC_SCHEME } from '../../../src/kinds/oidcProvider/kind.ts'
import { entityArn, isSecretSource, Secret } from '../../../src/model/index.ts'
import type { Step } from '../../../src/model/step.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { ACCOUNT } from '../../arbitraries/policy.ts'
import fc from '../../fixed-seed.ts'
import {
  converge,
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
import type { ToyWorld } from '../toy/world.ts'

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

describe.each(OURS)('%s: of the embedded IAM', (kind) => {
  const facts = factsOf(kind)

  it('shows what was made, under its ARN', () =>
    withListed(async (world) => {
      await converge(world, FULL)
      const states = oursIn(await world.observe(), kind)
      expect(states).toHaveLength(3)
      for (const { name, path, arn } of states) expect(arn).toBe(entityArn(ACCOUNT, facts, path, name))
    }))

  it('makes none twice, whatever the case of its name, and none of a name that is too long', () =>
    withListed(async (world) => {
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
      await withListed(async (world) => {
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
    await withListed(
      async (world) => {
        const [first = {}, second = {}] = names
        expect(await tried(world, { ...create, input: first } as Step)).toBe('done')
        expect(await tried(world, { ...create, input: second } as Step)).toBe('LimitExceeded')
      },
      { [facts.quota]: 1 },
    )
  })

  it('deletes none from which something must go first, and changes none that is gone', () =>
    withListed(async (world) => {
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
