// What is found of one pair, and how much was looked at.
import { messageForm } from './describe.ts'
import type { EstatePair } from './estate-spec.ts'
import type { Fault, FaultWay, GateName } from './faults.ts'
import type { Question } from './questions.ts'

export interface Counts {
  questions: number
  /** Decided differently on both sides, or allowed: looked up in an answer. */
  lookedUp: number
  /** Of those: answered with unknown. */
  unknown: number
  /** Entries held against the evaluator. */
  listed: number
}

export const noCounts = (): Counts => ({ questions: 0, lookedUp: 0, unknown: 0, listed: 0 })

export class Findings {
  readonly pair: EstatePair
  readonly counts: Counts
  readonly faults: Fault[] = []
  readonly #crashed = new Set<string>()

  constructor(pair: EstatePair, counts: Counts) {
    this.pair = pair
    this.counts = counts
  }

  add(gate: GateName, way: FaultWay, about: string, question: Question | null, detail?: string): void {
    const { pair } = this
    this.faults.push({ gate, way, about, pair, question, detail: detail ?? requestText(question) })
  }

  /** Equal ones once. */
  crash(gate: GateName, message: string, question: Question | null): void {
    const about = messageForm(message)
    if (this.#crashed.has(`${gate} ${about}`)) return
    this.#crashed.add(`${gate} ${about}`)
    this.add(gate, 'crash', about, question, message)
  }
}

const requestText = (question: Question | null): string => {
  if (question === null) return ''
  const { requester, action, resource, context } = question
  return `${requester.after ?? requester.before} ${action} ${resource} ${JSON.stringify([...context])}`
}
