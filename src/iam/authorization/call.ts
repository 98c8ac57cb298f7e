import type { Caller } from '../caller.ts'

/** What is known of a request besides what it asks for. Nothing of it comes from the call's input. */
export interface RequestFacts {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** null: not known, as of a call in process. */
  readonly sourceIp: string | null
  readonly userAgent: string | null
  readonly isSecure: boolean
  /** Of the scope that was signed; null: nothing was signed. */
  readonly region: string | null
}

/** A call that has been understood, and not been carried out. */
export interface Call {
  readonly caller: Caller
  readonly operation: string
  /** As the operation takes it: its shape was checked. */
  readonly input: Readonly<Record<string, unknown>>
  readonly request: RequestFacts
}

/** One permission that a call needs. */
export interface Needed {
  /** `iam:CreateUser` */
  readonly action: string
  /** An ARN or `*`. */
  readonly resource: string
  /** Context keys that follow from what is asked for, and from what is stored of the resource. */
  readonly keys: Keys
}

/** Context keys with their values; in AWS's spelling. */
export type Keys = readonly (readonly [key: string, values: readonly string[]])[]

/** A text of an input; null: it hasn't got it, or it is no text. */
export function textIn(input: Call['input'], field: string): string | null {
  const value = input[field]
  return typeof value === 'string' && value !== '' ? value : null
}
