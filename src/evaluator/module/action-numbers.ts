import { type Credentials, credentialsIn, limitsTemporary } from '../credentials.ts'
import { UnevaluableRequestError } from '../unevaluable.ts'
import { actionFacts, type EvaluatedAction } from './action-facts.ts'
import type { BlockBuilder } from './block.ts'
import type { Context } from './context-writer.ts'
import type { LoadedProgram } from './loaded-program.ts'

const MOST_ACTIONS = 100_000

/** The module's numbers of actions: each is told it when a request first needs it. */
export class ActionNumbers {
  readonly #program: LoadedProgram
  readonly #pending: BlockBuilder
  readonly #facts = new Map<string, EvaluatedAction>()
  /** By action: twice its number, and one more where what a context shows of credentials matters. */
  readonly #numbers = new Map<string, number>()
  /** By `ACTION CREDENTIALS` where they matter. */
  readonly #limited = new Map<string, number>()
  #count = 0

  /** @param pending takes in what the module has to be told */
  constructor(program: LoadedProgram, pending: BlockBuilder) {
    this.#program = program
    this.#pending = pending
  }

  /** The module forgot all of them. */
  forget(): void {
    this.#count = 0
    this.#numbers.clear()
    this.#limited.clear()
  }

  /**
   * The number of an action that is called under a context. One look into one map (row "in bulk" of W1).
   * @throws UnevaluableRequestError when it isn't of the form `service:Name`
   */
  of(action: string, context: Context): number {
    const known = this.#numbers.get(action) ?? this.#register(action)
    if ((known & 1) === 0 || context.size === 0) return known >>> 1
    const credentials = credentialsIn(context)
    return credentials === 'other' ? known >>> 1 : this.#limitedNumber(action, credentials)
  }

  /** The same by how a user's credentials were made, which matters to calls of IAM and STS alone. */
  by(action: string, credentials: Credentials): number {
    const known = this.#numbers.get(action) ?? this.#register(action)
    if ((known & 1) === 0 || credentials === 'other') return known >>> 1
    return this.#limitedNumber(action, credentials)
  }

  /** @returns as of `#numbers` */
  #register(action: string): number {
    const number = this.#add(this.#factsOf(action), 'other')
    const known = number * 2 + (limitsTemporary(action) ? 1 : 0)
    this.#numbers.set(action, known)
    return known
  }

  #limitedNumber(action: string, credentials: Credentials): number {
    const identity = `${action} ${credentials}`
    const known = this.#limited.get(identity)
    if (known !== undefined) return known
    const number = this.#add(this.#factsOf(action), credentials)
    this.#limited.set(identity, number)
    return number
  }

  #factsOf(action: string): EvaluatedAction {
    const known = this.#facts.get(action)
    if (known !== undefined) return known
    const facts = actionFacts(action)
    if (facts === null)
      throw new UnevaluableRequestError(`action \`${action}\` is not of the form \`service:Name\``)
    if (this.#facts.size >= MOST_ACTIONS) this.#facts.clear()
    this.#facts.set(action, facts)
    return facts
  }

  #add({ text, service, flags, fixed }: EvaluatedAction, credentials: Credentials): number {
    const { always, never } = fixed[credentials]
    this.#pending.addAction(text, this.#program.serviceNumber(service), flags, always, never)
    return this.#count++
  }
}
