import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { createPolicyEvaluator, type PolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import type { Decision, Given } from '../oracle/case.ts'
import { decideByOracle } from '../oracle/oracle.ts'
import { questionOf } from './ask.ts'

interface CorpusCase {
  readonly name: string
  readonly rule: number | string
  readonly source: string
  readonly assumed?: true
  readonly given: Given
  readonly expect: Decision
}

const folder = new URL('../corpus/', import.meta.url)
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()
const corpus = files.map((file) => ({
  file,
  cases: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly CorpusCase[],
}))

let evaluator: PolicyEvaluator
beforeAll(async () => {
  evaluator = await createPolicyEvaluator()
})

describe.each(corpus)('$file', ({ cases }) => {
  it.each(cases)('$rule: $name', ({ given, expect: expected }) => {
    const question = questionOf(given)
    expect(evaluator.evaluate(question).decision).toBe(expected)
    expect(evaluator.decide(question)).toBe(expected)
    expect(decideByOracle(given), 'the oracle').toBe(expected)
  })
})

describe('the corpus', () => {
  const all = corpus.flatMap(({ cases }) => cases)

  it('has names, rules and sources, and each name once in its file', () => {
    for (const { file, cases } of corpus) {
      expect(new Set(cases.map(({ name }) => name)).size, file).toBe(cases.length)
      for (const { name, rule, source } of cases) expect([name, rule, source].every(Boolean), name).toBe(true)
    }
  })

  it('has cases for every rule about decisions', () => {
    const rules = new Set(all.map(({ rule }) => rule))
    // 47 is not about decisions, 52 is about documents.
    const wanted = [
      ...Array.from({ length: 51 }, (_, at) => at + 1).filter((rule) => rule !== 47),
      '51a',
      '51b',
    ]
    expect(wanted.filter((rule) => !rules.has(rule))).toEqual([])
    expect(all.length).toBeGreaterThanOrEqual(780)
  })

  it('allows by some case of each rule, and denies by another', () => {
    const rules = [...new Set(all.map(({ rule }) => rule))]
    const oneSided = rules.filter((rule) => {
      const decisions = all.filter((each) => each.rule === rule).map((each) => each.expect)
      return !decisions.includes('allow') || decisions.every((decision) => decision === 'allow')
    })
    expect(oneSided).toEqual([])
  })

  it('has at least four cases for each subtle rule', () => {
    const subtle = [
      ...[1, 4, 5, 7, 10, 11, 13, 18, 20, 24, 25, 29, 31, 33, 36, 37, 38, 39, 40, 41, 42, 43, 46, 51],
      ...['51a', '51b', 'context'],
    ]
    const few = subtle.filter((rule) => all.filter((each) => each.rule === rule).length < 4)
    expect(few).toEqual([])
  })

  it('decides as one batch what it decides one by one', () => {
    expect(evaluator.evaluateMany(all.map(({ given }) => questionOf(given)))).toEqual(
      all.map(({ expect: expected }) => expected),
    )
  })
})
