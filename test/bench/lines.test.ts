import { expect, it } from 'vitest'

// The bench is plain JavaScript over the build; what is used of it here is named here.
interface Bench {
  loadFacts(): Promise<unknown>
  onePrincipal(facts: unknown, size: object): object
  manyPrincipals(facts: unknown, size: object): object
  answerersFor(workload: object): Promise<Readonly<Record<'parsing' | 'ours', () => readonly Uint8Array[]>>>
}

async function loadBench(): Promise<Bench> {
  const files = ['policies', 'workloads', 'lines']
  const modules = files.map(
    (name) => import(new URL(`../../bench/evaluator/${name}.mjs`, import.meta.url).href),
  )
  return Object.assign({}, ...(await Promise.all(modules)))
}

it('lines are answered by the bench with the same bytes either way', async () => {
  const { answerersFor, loadFacts, manyPrincipals, onePrincipal } = await loadBench()
  const facts = await loadFacts()
  for (const workload of [
    onePrincipal(facts, { requests: 300, contexts: 30 }),
    manyPrincipals(facts, { principals: 20, policies: 60, requests: 20, contexts: 50 }),
  ]) {
    const { parsing, ours } = await answerersFor(workload)
    const expected = Buffer.concat(parsing()).toString()
    expect(Buffer.concat(ours()).toString()).toBe(expected)
    expect(new Set(expected.match(/"decision":"\w+"/g)).size).toBeGreaterThan(1)
  }
})
