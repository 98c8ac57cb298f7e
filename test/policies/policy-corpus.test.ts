import { beforeAll, describe, expect, it } from 'vitest'
import { createAccessAnalyzer } from '../../src/access/analyzer.ts'
import { loadManagedPolicies, type ManagedPolicyFacts } from '../../src/catalog/managed-policies.ts'
import type { PolicyDocument } from '../../src/model/index.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import type { PolicyUse } from '../../src/policy/parsed.ts'
import { NOW } from '../access/diff/estate-diffs.ts'
import { policyCorpus } from './corpus.ts'
import { type Place, placePolicy, placesOf } from './placed-policy.ts'
import { checkChange, checkDocument, checkPolicy, type PolicyTools } from './policy-check.ts'

/** `all`, or `1/2`: every policy, or the first of two halves of them. Otherwise some. */
const part = process.env.POLICY_CORPUS ?? ''
const [, which = '1', of = '1'] = /^(\d+)\/(\d+)$/.exec(part) ?? []
const isFull = part !== ''
/** Without a part: one of so many, the same in every run. */
const EVERY = { written: 60, managed: 800 } as const
const LIMITS: readonly Place[] = ['identity', 'boundary', 'scp']

const facts: ManagedPolicyFacts = await loadManagedPolicies()
let tools: PolicyTools
beforeAll(async () => {
  const accountFacts = { documentOf: (arn: string) => facts.document(arn), now: NOW }
  tools = { analyzer: await createAccessAnalyzer(accountFacts), facts: accountFacts }
})

interface Run {
  readonly name: string
  readonly place: Place
  readonly document: PolicyDocument
  readonly placed: () => ReturnType<typeof placePolicy>
}

const chosen = <T>(all: readonly T[], every: number): readonly T[] =>
  isFull
    ? all.filter((_, index) => index % Number(of) === Number(which) - 1)
    : all.filter((_, index) => index % every === 0)

const written: readonly Run[] = policyCorpus.flatMap((policy) =>
  placesOf(policy).map((place) => ({
    name: policy.name,
    place,
    document: policy.policy,
    placed: () => placePolicy(policy, place, facts),
  })),
)
const managed: readonly Run[] = [...facts.names()].flatMap((name) => {
  const policy = facts.document(facts.arnOf(name, 'aws') ?? '')
  return policy === null
    ? []
    : LIMITS.map((place) => ({
        name,
        place,
        document: policy,
        placed: () => placePolicy({ policy }, place, facts, place === 'scp' ? null : name),
      }))
})

const figures = { places: 0, refused: 0, entries: 0, verified: 0, unknown: new Map<string, number>() }

async function problemsOf({ placed }: Run): Promise<readonly string[]> {
  const pair = placed()
  if ('errors' in pair) {
    figures.refused += 1
    return []
  }
  const { problems, entries, verified, unknown } = await checkPolicy(pair, tools)
  figures.places += 1
  figures.entries += entries
  figures.verified += verified
  for (const each of unknown) {
    const reason = each.slice(0, each.indexOf(' '))
    figures.unknown.set(reason, (figures.unknown.get(reason) ?? 0) + 1)
  }
  return problems
}

const groups = [
  ['a policy of the corpus', chosen(written, EVERY.written)],
  ['a policy of AWS', chosen(managed, EVERY.managed)],
] as const

describe.each(groups)('%s is set, kept and taken away without a contradiction', (_, runs) => {
  it.each(runs.map((run) => [run.name, run.place, run] as const))('%s, as %s', async (_name, _place, run) => {
    expect(await problemsOf(run)).toEqual([])
  })
})

describe.each(groups)('%s becomes the next one: who gains is who would lose', (_, runs) => {
  const changes = runs.flatMap((run, index) => {
    const next = runs.slice(index + 1).find(({ place }) => place === run.place)
    return next === undefined ? [] : [[run.name, run.place, next.name, run, next] as const]
  })
  it.each(changes)('%s, as %s, becomes %s', (_one, _place, _other, run, next) => {
    const [one, other] = [run.placed(), next.placed()]
    if ('errors' in one || 'errors' in other) return
    expect(checkChange(one, other, tools)).toEqual([])
  })
})

describe.each(groups)('%s as a file beside `empty`, and beside itself', (_, runs) => {
  const alone = runs.filter(({ place }) => place === 'identity')
  it.each(alone.map((run) => [run.name, run] as const))('%s', (_name, { document }) => {
    expect(checkDocument(document, tools)).toEqual([])
  })
})

describe('every policy of the corpus is one of its type', () => {
  it('without an error', () => {
    const errors = policyCorpus.flatMap(({ name, type, policy }) =>
      // An endpoint's policy has principals and resources, as a bucket's has.
      parsePolicy(policy, null, type === 'endpoint' ? 'resource' : (type as PolicyUse), 'validate')
        // IAM reads what it would no longer store.
        .diagnostics.filter(
          ({ severity, code }) => severity === 'error' && code !== 'policy.resource-short-arn',
        )
        .map(({ code }) => `${name}: ${code}`),
    )
    expect(errors).toEqual([])
  })
})

describe('the run', () => {
  it('has looked at something', () => {
    if (isFull || process.env.SHOW)
      console.log(JSON.stringify({ ...figures, unknown: Object.fromEntries(figures.unknown) }))
    expect(figures.places).toBeGreaterThan(0)
    expect(figures.verified).toBeGreaterThan(figures.entries / 2)
  })
})
