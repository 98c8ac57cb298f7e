// What is wrong with an answer, and of which kind it is: one kind of fault must not hide another.
import type { EstatePair } from './estate-spec.ts'
import type { Question } from './questions.ts'

export type GateName =
  | 'diff'
  | 'notGranted'
  | 'noPublicAccess'
  | 'noOutsideAccess'
  | 'nobody'
  | 'never'
  | 'only'
  | 'whoMay'
  | 'whoCan'
  | 'policyDiff'
  | 'evaluator'

export type FaultWay =
  /** A gate says `holds` while a question of its kind is allowed. */
  | 'held'
  /** An access that is there isn't listed, nor said to be unknown. */
  | 'missed'
  /** An access that isn't there is listed. */
  | 'wrong'
  /** A witness that nobody can send. */
  | 'unreal'
  | 'crash'
  /** Two answers to one question, or an answer against its own rules. */
  | 'inconsistent'

export interface Fault {
  readonly gate: GateName
  readonly way: FaultWay
  /** What it is about: kinds, never names; equal for faults that one change may mend. */
  readonly about: string
  readonly pair: EstatePair
  readonly question: Question | null
  /** For people. */
  readonly detail: string
}

export const kindOf = ({ gate, way, about }: Fault): string => `${gate} ${way}: ${about}`

export function printed(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner instanceof Map ? Object.fromEntries(inner) : inner instanceof Set ? [...inner] : inner,
  )
}
