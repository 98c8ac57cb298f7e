import { beforeAll, describe, expect, it } from 'vitest'

// The bench is plain JavaScript over the build; what is used of it here is named here.
interface Workload {
  readonly questions: readonly unknown[]
}
interface Bench {
  loadFacts(): Promise<unknown>
  onePrincipal(facts: unknown, size: object): Workload
  manyPrincipals(facts: unknown, size: object): Workload
  matchingOnly(workload: Workload): Workload
  wholeCrowd(facts: unknown, size: object): object
  enginesFor(workload: Workload): Promise<object>
  enginesForEveryone(workload: object): Promise<object>
  /** @throws unless all of them decide every request alike */
  agreeOn(workload: Workload, engines: object): Uint8Array
  compilerVersion(): string | null
  decideNatively(
    workload: Workload,
    runs: number,
  ): Readonly<Record<'bare' | 'whole', { readonly decisions: Uint8Array }>>
  loadCedar(): object | null
  cedarPart(workload: Workload, count: number): Workload
  cedarFor(cedar: object, workload: Workload): (question: unknown) => number
}

async function loadBench(): Promise<Bench> {
  const files = ['policies', 'workloads', 'engines', 'everyone', 'native', 'cedar']
  const modules = files.map(
    (name) => import(new URL(`../../bench/evaluator/${name}.mjs`, import.meta.url).href),
  )
  return Object.assign({}, ...(await Promise.all(modules)))
}

const bench = await loadBench()
const hasCompiler = bench.compilerVersion() !== null
const cedar = bench.loadCedar()

describe('engines of the bench', () => {
  let one: Workload
  let many: Workload
  let facts: unknown
  beforeAll(async () => {
    facts = await bench.loadFacts()
    one = bench.onePrincipal(facts, { requests: 300, contexts: 30 })
    many = bench.manyPrincipals(facts, { principals: 20, policies: 60, requests: 20, contexts: 50 })
  })

  it('decide every request alike, and in every way', async () => {
    for (const workload of [one, many, bench.matchingOnly(one), bench.matchingOnly(many)]) {
      const decisions = bench.agreeOn(workload, await bench.enginesFor(workload))
      expect(decisions.length).toBe(workload.questions.length)
      expect(new Set(decisions).size).toBeGreaterThan(1)
    }
  })

  it('find the same principals for a question about everybody', async () => {
    await bench.enginesForEveryone(bench.wholeCrowd(facts, { principals: 200, policies: 60, questions: 20 }))
  })

  it.skipIf(!hasCompiler)('decide as the loop in C does (skipped without `cc`)', async () => {
    for (const workload of [bench.matchingOnly(one), bench.matchingOnly(many)]) {
      const expected = bench.agreeOn(workload, await bench.enginesFor(workload))
      const { bare, whole } = bench.decideNatively(workload, 1)
      expect(bare.decisions).toEqual(expected)
      expect(whole.decisions).toEqual(expected)
    }
  })

  it.skipIf(cedar === null)(
    'decide as Cedar does (skipped without `npm ci --prefix bench/peers`)',
    async () => {
      const workload = bench.matchingOnly(one)
      const expected = bench.agreeOn(workload, await bench.enginesFor(workload))
      const part = bench.cedarPart(one, 100)
      const decide = bench.cedarFor(cedar ?? {}, part)
      const requests = workload.questions.map((question) => JSON.stringify(question))
      for (const question of part.questions)
        expect(decide(question)).toBe(expected[requests.indexOf(JSON.stringify(question))])
    },
  )
})
