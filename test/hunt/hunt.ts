// The hunt: estates drawn one after the other, each with its questions; faults are counted by kind, so that one doesn't hide
// another, and the first of each kind is made small.
import type { AccessAnalyzer } from '../../src/access/analyzer.ts'
import type { AccountFacts } from '../../src/evaluator/estate/account-policies.ts'
import { Random } from '../evaluator/random-cases.ts'
import { type Counts, checkPair, noCounts } from './check-pair.ts'
import { drawPair } from './draw-estates.ts'
import { type Fault, kindOf } from './faults.ts'
import { drawQuestions } from './questions.ts'

export interface HuntSize {
  readonly estates: number
  /** Of each estate, at most. */
  readonly questions: number
  readonly seed: number
}

export interface FoundKind {
  readonly kind: string
  count: number
  readonly first: Fault
}

export interface HuntResult {
  readonly counts: Counts
  /** By kind, the most frequent first. */
  readonly kinds: readonly FoundKind[]
}

export const seedOf = (seed: number, index: number): number => (Math.imul(seed, 0x9e3779b1) + index * 7919) >>> 0

export async function hunt(
  { estates, questions, seed }: HuntSize,
  analyzer: AccessAnalyzer,
  facts: AccountFacts,
  progress: (estate: number) => void = () => {},
): Promise<HuntResult> {
  const counts = noCounts()
  const kinds = new Map<string, FoundKind>()
  for (let index = 0; index < estates; index++) {
    const random = new Random(seedOf(seed, index))
    const pair = drawPair(random)
    const asked = drawQuestions(pair, random, questions)
    for (const fault of await checkPair(pair, asked, analyzer, facts, counts)) {
      const kind = kindOf(fault)
      const known = kinds.get(kind)
      if (known === undefined) kinds.set(kind, { kind, count: 1, first: fault })
      else known.count++
    }
    progress(index + 1)
  }
  return { counts, kinds: [...kinds.values()].sort((a, b) => b.count - a.count) }
}
