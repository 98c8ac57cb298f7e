// What AWS bounds, of every kind that is listed: just below is taken, just above is refused, by a plan as by the embedded IAM.
import { describe, expect, it } from 'vitest'
import { DEFAULT_QUOTAS, QUOTA_NAMES } from '../../../src/catalog/quotas.ts'
import { FACTS } from '../../../src/kinds/kind.ts'
import { CHILDREN, keysOf } from '../../../src/model/index.ts'
import { severalOf } from '../../../src/model/kind-facts.ts'
import type { QuotaName } from '../../../src/model/quotas.ts'
import { applyPlan } from '../../../src/reconcile/apply-plan.ts'
import type { Intent } from '../../../src/reconcile/plan-account.ts'
import fc from '../../fixed-seed.ts'
import { applyOptions } from '../../reconcile/world.ts'
import {
  converge,
  type Declared,
  declared,
  factsOf,
  intentOf,
  LISTED,
  OURS,
  planIn,
  problemsOf,
  SAMPLE_PORTS,
  withListed,
} from '../listed.ts'
import { CODES_OF_AWS, NOT_BOUNDED, NOT_DECLARED, TAKING } from '../quota-samples.ts'
import { CHILDREN_OF_SOURCE, DECLARED_CHILDREN } from '../samples.ts'
import { TOY_MANIFEST_KINDS, TOY_PLAN_KINDS } from '../toy/kinds.ts'

/** Each quota on something of one entity, with the kind that says it has it. */
const USES = LISTED.flatMap((kind) =>
  TOY_PLAN_KINDS[kind].quotas.map(({ quota, attribute }) => ({ kind, quota, attribute })),
)

const takingOf = (quota: QuotaName, much: number): Declared => {
  const taking = Object.hasOwn(TAKING, quota) ? TAKING[quota as keyof typeof TAKING] : null
  if (taking === null) throw new Error(`no sample takes of ${quota}`)
  return taking(much)
}

const isSize = (quota: QuotaName) => /Size/.test(quota)
/** But of those that borrow the quota of another kind, as the one that only tests know. */
const OWN_USES = USES.filter(
  ({ kind, quota }) => factsOf(kind).section in takingOf(quota, isSize(quota) ? 300 : 1),
)

/** Small, so that samples are. */
const LIMIT = 2
const limitFor = (quota: QuotaName) => (isSize(quota) ? 300 : LIMIT)

const within = (intent: Intent, quota: QuotaName, limit: number): Intent => ({
  ...intent,
  quotas: { ...DEFAULT_QUOTAS, [quota]: limit },
})

/** Codes of what a plan says against being applied. */
const refusalsOf = async (intent: Intent, quota: QuotaName, limit: number): Promise<readonly string[]> => {
  let found: readonly string[] = []
  await withListed(
    async (world) => {
      const { plan, diagnostics } = await planIn(world, intent)
      found = [...diagnostics.map(({ code }) => code), ...plan.refusals.map(({ rule }) => `guard.${rule}`)]
      const { results } = await applyPlan(plan, world.iam, { ...applyOptions(), secrets: SAMPLE_PORTS })
      const codes = results.flatMap(({ status, error }) => (status === 'failed' ? [error?.code] : []))
      expect(codes, 'the embedded IAM').toEqual([CODES_OF_AWS[quota] ?? 'LimitExceeded'])
    },
    { [quota]: limit },
  )
  return found
}

describe('quotas of what an entity has', () => {
  it('every quota is of a kind that is listed, or nothing that is declared takes of it', () => {
    const known = new Set([
      ...USES.map(({ quota }) => quota),
      ...LISTED.map((kind) => factsOf(kind).quota),
      ...Object.keys(NOT_DECLARED),
    ])
    expect([...QUOTA_NAMES].filter((quota) => !known.has(quota))).toEqual([])
  })

  it('every kind of the source is looked at by its own', () => {
    const looked = new Set(OWN_USES.map(({ kind }) => kind))
    expect(
      USES.filter(({ kind }) => !looked.has(kind)).map(({ kind }) =>
        Object.keys(FACTS).find((each) => each === kind),
      ),
    ).toEqual([undefined])
  })

  it.each(LISTED)('%s: what it may have many of, something bounds', (kind) => {
    const { shape } = TOY_MANIFEST_KINDS.entities[kind].schema
    const many = keysOf(shape).filter((key) => {
      const takes = (value: unknown) => shape[key]?.safeParse(value).success === true
      return takes([]) || (takes({}) && !takes('x'))
    })
    const children = DECLARED_CHILDREN.map((child): string => CHILDREN[child].section)
    const free = new Set([...NOT_BOUNDED, ...children])
    const bounded = USES.filter((use) => use.kind === kind).map(({ attribute }) => attribute)
    expect(many.filter((key) => !free.has(key) && !bounded.includes(key))).toEqual([])
  })

  it.each(OWN_USES)('$kind: $quota', async ({ kind, quota }) => {
    const limit = limitFor(quota)
    const full = within(intentOf(takingOf(quota, limit)), quota, limit)
    await withListed(
      async (world) => {
        const plan = await converge(world, full)
        const { what } = TOY_PLAN_KINDS[kind].quotas.find((use) => use.quota === quota) ?? { what: '' }
        expect(plan.headroom ?? []).toContainEqual({
          entity: expect.stringContaining(`${kind}/`),
          quota,
          what,
          used: limit,
          limit,
        })
      },
      { [quota]: limit },
    )
    const over = takingOf(quota, limit + 1)
    expect(await refusalsOf(within(intentOf(over), quota, limit), quota, limit)).toEqual(['plan.quota'])
    expect(problemsOf(over, { [quota]: limit })).toEqual([
      isSize(quota) ? 'policy.too-large' : 'manifest.quota',
    ])
    expect(problemsOf(takingOf(quota, limit), { [quota]: limit })).toEqual([])
  })
})

describe.each(OURS)('%s: how many there may be, and what they are called', (kind) => {
  const facts = factsOf(kind)

  it('no more than the quota: a plan of one more is refused, and says where that is declared', async () => {
    const [taken = {}] = fc.sample(declared('all'), 1)
    const full = intentOf(taken)
    const count = full.desired.entities[kind].size
    // What is of two kinds counts twice here, which is no matter.
    await withListed(async (world) => {
      const { plan } = await planIn(world, within(full, facts.quota, count))
      expect(plan.refusals).toEqual([])
      expect(plan.headroom).toContainEqual({
        entity: null,
        quota: facts.quota,
        what: severalOf(facts),
        used: count,
        limit: count,
      })
      const over = await planIn(world, within(full, facts.quota, count - 1))
      expect(
        over.plan.refusals.filter(({ message }) => message.includes(`have ${count} ${severalOf(facts)},`)),
      ).toMatchObject([{ rule: 'quota', span: { file: 'main.json.yaml' } }])
    })
  })

  it('a name, and a path, of the greatest length and of one more', () => {
    const [taken = {}] = fc.sample(declared('all'), 1)
    const [one = {}] = Object.values(taken[facts.section] ?? {})
    const named = (name: string, more: object = {}) => ({
      ...without(taken, facts.section),
      [facts.section]: { [name]: { ...one, ...more } },
    })
    const long = (length: number) => 'x'.repeat(length)
    const about = (sections: Declared) =>
      problemsOf(sections).filter((code) => !code.startsWith('manifest.unknown'))
    expect(about(named(long(facts.longestName)))).toEqual([])
    expect(about(named(long(facts.longestName + 1)))).toEqual(['manifest.bad-name'])
    if (TOY_MANIFEST_KINDS.entities[kind].schema.shape.path === undefined) return
    expect(about(named('x', { path: `/${long(510)}/` }))).toEqual([])
    expect(about(named('x', { path: `/${long(511)}/` }))).toEqual(['manifest.bad-path'])
  })

  it('no path that IAM doesn’t take, and each that it takes', async () => {
    if (TOY_MANIFEST_KINDS.entities[kind].schema.shape.path === undefined) return
    const [taken = {}] = fc.sample(declared('all'), 1)
    const all = Object.entries(taken[facts.section] ?? {})
    const placedAt = (paths: readonly string[]) => ({
      ...taken,
      [facts.section]: Object.fromEntries(
        all.map(([name, one], at) => [name, { ...one, path: paths[at % paths.length] }]),
      ),
    })
    const paths = ODD_PATHS.filter((path) => !problemsOf(placedAt([path])).includes('manifest.bad-path'))
    await withListed(async (world) => void (await converge(world, intentOf(placedAt(paths)))))
  })

  it('no path of AWS, and no name that differs only in case, declared or there', async () => {
    const [taken = {}] = fc.sample(declared('all'), 1)
    const [[name, one] = ['', {}]] = Object.entries(taken[facts.section] ?? {})
    const twice = { ...taken, [facts.section]: { [name]: one, [name.toUpperCase()]: one } }
    expect(problemsOf(twice)).toContain('manifest.duplicate')
    if (TOY_MANIFEST_KINDS.entities[kind].schema.shape.path !== undefined)
      for (const path of ['/aws-reserved/', '/aws-service-role/x/'])
        expect(problemsOf({ ...taken, [facts.section]: { [name]: { ...one, path } } })).toContain(
          'manifest.aws-path',
        )
    await withListed(async (world) => {
      await converge(world, intentOf(taken))
      const shouted = { ...taken, [facts.section]: { [name.toUpperCase()]: one } }
      if (problemsOf(shouted).length > 0) return
      const { diagnostics } = await planIn(world, intentOf(shouted))
      expect(diagnostics.map(({ code }) => code)).toContain('plan.name-differs-in-case')
    })
  })
})

const ODD_PATHS = [
  `/${Array.from({ length: 0x7e - 0x20 }, (_, at) => String.fromCharCode(0x21 + at)).join('')}/`,
  '/a/b.c,+@=_-/',
  '/a//b/',
] as const

const without = (sections: Declared, section: string): Declared =>
  Object.fromEntries(Object.entries(sections).filter(([key]) => key !== section))

describe.each(DECLARED_CHILDREN)('%s: how many one parent may have', (child) => {
  const facts = CHILDREN[child]
  const some = (count: number) => ({
    [`${facts.parent}s`]: {
      x: {
        [facts.section]: Object.fromEntries(
          CHILDREN_OF_SOURCE[child].slice(0, count).map((each, index) => [`own-${index}`, each]),
        ),
      },
    },
  })

  it('just as many, and no more', async () => {
    expect(problemsOf(some(facts.most))).toEqual([])
    expect(problemsOf(some(facts.most + 1))).toEqual(['manifest.quota'])
    await withListed(async (world) => {
      const plan = await converge(world, intentOf(some(facts.most)))
      const told = plan.headroom?.filter(({ entity }) => entity === `${facts.parent}/x`)
      expect(told).toEqual([
        {
          entity: `${facts.parent}/x`,
          quota: `${facts.section}PerUser`,
          what: expect.stringContaining(facts.plural),
          used: facts.most,
          limit: facts.most,
        },
      ])
      // What is only taken away comes near to nothing.
      const less = await planIn(world, intentOf(some(facts.most - 1)))
      expect(less.plan.headroom).toBeUndefined()
    })
  })
})
