import { describe, expect, it, vi } from 'vitest'

// What is counted is counted in the build, which the bench runs too. It is plain JavaScript; what is used of it is named here.
interface Workload {
  readonly questions: readonly unknown[]
}
type Decide = { readonly decide: () => unknown }
interface Bench {
  loadFacts(): Promise<unknown>
  onePrincipal(facts: unknown, size: object): Workload
  manyPrincipals(facts: unknown, size: object): Workload
  wholeCrowd(facts: unknown, size: object): Workload
  enginesFor(workload: Workload): Promise<Readonly<Record<'bulk' | 'registered', Decide>>>
  enginesForEveryone(workload: Workload): Promise<{ readonly ours: (question: unknown) => unknown }>
  exchangedEstates(size: number): Promise<Exchanged>
  assumingEachOther(size: number): Omit<Exchanged, 'documentOf'>
  memberedEstates(
    size: number,
    change: { readonly action: string } | { readonly tag: string },
  ): Promise<Exchanged & { readonly members: number }>
}
interface Exchanged {
  readonly account: string
  readonly before: object
  readonly after: object
  readonly documentOf: (arn: string) => unknown
}
interface Analyzer {
  diffEstates(before: object, after: object, accounts: readonly string[]): unknown
}
type Counted = { readonly prototype: object }

const load = async (path: string) => import(new URL(`../../${path}`, import.meta.url).href)

const bench: Bench = Object.assign(
  {},
  ...(await Promise.all(
    ['evaluator/policies', 'evaluator/workloads', 'evaluator/engines', 'evaluator/everyone', 'estates'].map(
      (name) => load(`bench/${name}.mjs`),
    ),
  )),
)
const { Engine }: { readonly Engine: Counted } = await load('dist/src/evaluator/module/engine.js')
const { AtomTheory }: { readonly AtomTheory: Counted } = await load('dist/src/access/symbolic/atom-theory.js')
const { EntryCollector }: { readonly EntryCollector: Counted } = await load(
  'dist/src/access/entries/entries.js',
)
const { Search }: { readonly Search: Counted } = await load('dist/src/access/symbolic/search.js')
const { Touching }: { readonly Touching: Counted } = await load(
  'dist/src/access/escalation/touching/touching.js',
)
const { Reach }: { readonly Reach: Counted } = await load('dist/src/access/escalation/reach.js')
const { EstateView }: { readonly EstateView: Counted } = await load('dist/src/access/estate-view.js')

type Calls = readonly (readonly unknown[])[]

/** The arguments of each call of methods during some work. */
function callsOf({ prototype }: Counted, methods: readonly string[], work: () => unknown): Calls {
  const spies = methods.map((method) => vi.spyOn(prototype as Record<string, () => unknown>, method))
  try {
    work()
    return spies.flatMap((spy) => spy.mock.calls as Calls)
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

const ASKING = ['open', 'decide', 'decideAll', 'decideEveryone', 'explain']

/** Of each a request, as it is now; more than a fifth more of it is work of another kind, less than half is a figure to be lowered. */
const expectAbout = (value: number, now: number) => {
  expect(value).toBeLessThanOrEqual(1.2 * now)
  expect(value).toBeGreaterThan(0.5 * now)
}

const facts = await bench.loadFacts()

// bench/decisions.mjs has their time
describe('the work of a decision', () => {
  it.each([
    [
      'one principal',
      () => bench.onePrincipal(facts, { requests: 2000, contexts: 50 }),
      { bulk: 94, registered: 88 },
    ],
    [
      'many principals',
      () => bench.manyPrincipals(facts, { principals: 40, policies: 50, requests: 50, contexts: 40 }),
      { bulk: 162, registered: 81 },
    ],
  ])('%s: few calls of the module, few bytes each', async (_, workloadOf, bytes) => {
    const workload = workloadOf()
    const engines = await bench.enginesFor(workload)
    for (const name of ['bulk', 'registered'] as const) {
      const { decide } = engines[name]
      // Names and policies are told the first time.
      decide()
      const asked = callsOf(Engine, ASKING, decide)
      expect(asked.length / workload.questions.length).toBeLessThan(1 / 20)
      const written = callsOf(Engine, ['reserve'], decide).reduce((sum, [size]) => sum + Number(size), 0)
      expectAbout(written / workload.questions.length, bytes[name])
    }
  })

  it('everybody: one question is one call', async () => {
    const workload = bench.wholeCrowd(facts, { principals: 300, policies: 50, questions: 20 })
    const { ours } = await bench.enginesForEveryone(workload)
    const asked = callsOf(Engine, ['decideEveryone', 'decide', 'decideAll'], () => {
      for (const question of workload.questions) ours(question)
    })
    expect(asked).toHaveLength(workload.questions.length)
  })
})

interface Listing {
  readonly findings: readonly { readonly actions: readonly string[] }[]
}

// bench/access.mjs has their time
describe('the work of the access analysis', () => {
  it('20 principals with another policy each: few comparisons, listed actions, tests and searches; the second time hardly any', async () => {
    const { createAccessAnalyzer } = await load('dist/src/access/analyzer.js')
    const { account, before, after, documentOf } = await bench.exchangedEstates(20)
    const analyzer: Analyzer = await createAccessAnalyzer({ documentOf, now: new Date(0) })
    const diff = () => analyzer.diffEstates(before, after, [account])
    let searches: Calls = []
    let tests: Calls = []
    const comparisons = callsOf(EntryCollector, ['add'], () => {
      searches = callsOf(Search, ['find'], () => {
        tests = callsOf(AtomTheory, ['check'], diff)
      })
    })
    const listed = comparisons
      .flatMap(([, , found]) => (found as Listing).findings)
      .reduce((sum, { actions }) => sum + actions.length, 0)
    expectAbout(comparisons.length, 40)
    expectAbout(listed, 5742)
    expectAbout(tests.length, 2071)
    expectAbout(searches.length, 2916)
    expect(callsOf(AtomTheory, ['check'], diff).length).toBeLessThan(tests.length / 4)
  })

  it('roles that may all assume each other: who can come to one is found once for each, not for each edge', async () => {
    const { createAccessAnalyzer } = await load('dist/src/access/analyzer.js')
    const { account, before, after } = bench.assumingEachOther(16)
    const analyzer: Analyzer = await createAccessAnalyzer({ documentOf: () => null, now: new Date(0) })
    const lists = callsOf(EstateView, ['entitiesOf'], () => analyzer.diffEstates(before, after, [account]))
    expect(lists.length).toBeLessThan(16 * 16)
  })
})

// bench/processes.mjs has the time of such a plan, bench/watching.mjs of such a tick
describe('the work of telling who comes to more by a change', () => {
  const USERS = 200
  const counted = async (change: Parameters<Bench['memberedEstates']>[1]) => {
    const { createAccessAnalyzer } = await load('dist/src/access/analyzer.js')
    const { account, before, after, documentOf, members } = await bench.memberedEstates(USERS, change)
    const analyzer: Analyzer = await createAccessAnalyzer({ documentOf, now: new Date(0) })
    let asked: Calls = []
    let explored: Calls = []
    let named: Calls = []
    const found = callsOf(EstateView, ['principalOf'], () => {
      explored = callsOf(Reach, ['from'], () => {
        asked = callsOf(Touching, ['comesTo'], () => {
          named = callsOf(EstateView, ['namedIn'], () => analyzer.diffEstates(before, after, [account]))
        })
      })
    })
    return { asked, explored, named, members, principals: new Set(found.map(([arn]) => arn)).size }
  }

  it('an action that no way needs, for a group: nobody is explored, members alone are put together', async () => {
    const { asked, explored, members, principals } = await counted({ action: 's3:DeleteObject' })
    expect(explored).toEqual([])
    expect(asked).toEqual([])
    // Roots count, too.
    expect(principals).toBeLessThanOrEqual(members + 1)
  })

  it('a tag that no policy names: nobody is explored', async () => {
    const { asked, explored, principals } = await counted({ tag: 'other' })
    expect([asked, explored]).toEqual([[], []])
    expect(principals).toBeLessThanOrEqual(2)
  })

  it('an action that ways need, for a group: its members are explored, before and after', async () => {
    const { asked, explored, named, members } = await counted({ action: 'lambda:UpdateFunctionCode' })
    expect(explored).toHaveLength(2 * members)
    // Each role that they lead to is put together once for each state, not for each of them.
    expectAbout(named.length, 520)
    expect(asked.length).toBeLessThan(USERS)
  })
})
