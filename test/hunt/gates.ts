// The answers of every gate about one pair of estates. What is thrown is an answer too.
import type { AccessDiff } from '../../src/access/access-diff.ts'
import type { OutsideTrust, Probe, Proof } from '../../src/access/analysis.ts'
import type { AccessAnalyzer } from '../../src/access/analyzer.ts'
import { proveInvariant } from '../../src/checks/prove-invariant.ts'
import type { InvariantRule } from '../../src/manifest/desired.ts'
import type { Estate } from '../../src/model/index.ts'
import { type EstatePair, estateFrom, placed, type Statements } from './estate-spec.ts'

export type Answer<T> = { readonly value: T } | { readonly crash: string }

export const isCrash = <T>(answer: Answer<T>): answer is { readonly crash: string } => 'crash' in answer

export function tried<T>(ask: () => T): Answer<T> {
  try {
    return { value: ask() }
  } catch (error) {
    return { crash: error instanceof Error ? error.message : String(error) }
  }
}

/** All gates of a pair; each is asked once for equal questions. */
export class Gates {
  readonly before: Estate
  readonly after: Estate
  readonly accounts: readonly string[]
  readonly #analyzer: AccessAnalyzer
  readonly #known = new Map<string, Answer<unknown>>()

  constructor(analyzer: AccessAnalyzer, { before, after }: EstatePair) {
    this.#analyzer = analyzer
    this.before = estateFrom(before)
    this.after = estateFrom(after)
    this.accounts = [
      ...new Set(
        [this.before, this.after].flatMap(({ accounts }) => accounts.map(({ account }) => account.id)),
      ),
    ]
  }

  diff(): Answer<AccessDiff> {
    return this.#once('diff', () => {
      const diffs = this.diffs()
      if (isCrash(diffs)) throw new Error(diffs.crash)
      return {
        verdict: 'unknown',
        gained: diffs.value.flatMap(({ gained }) => gained),
        lost: diffs.value.flatMap(({ lost }) => lost),
        unknown: diffs.value.flatMap(({ unknown }) => unknown),
        escalations: diffs.value.flatMap(({ escalations }) => escalations),
      }
    })
  }

  /** One for each account; of each its verdict holds for itself. */
  diffs(): Answer<readonly AccessDiff[]> {
    return this.#once('diffs', () => [
      ...this.#analyzer.diffEstates(this.before, this.after, this.accounts).values(),
    ])
  }

  /** Of two documents alone. */
  policyDiff(before: Statements, after: Statements): Answer<AccessDiff> {
    return this.#once('policies', () => this.#analyzer.diffPolicies(placed(before), placed(after)))
  }

  noPublicAccess(): Answer<Proof> {
    return this.#once('public', () => this.#analyzer.noPublicAccess(this.after, this.accounts))
  }

  noOutsideAccess(trust: OutsideTrust): Answer<Proof> {
    return this.#once(`outside ${JSON.stringify(trust)}`, () =>
      this.#analyzer.noOutsideAccess(this.after, this.accounts, trust),
    )
  }

  notGranted(action: string, resource: string): Answer<Proof> {
    return this.#once(`notGranted ${action} ${resource}`, () =>
      this.#analyzer.notGranted(this.after, probeOf(action, resource), this.accounts),
    )
  }

  whoMay(action: string, resource: string): Answer<Proof> {
    return this.#once(`whoMay ${action} ${resource}`, () =>
      this.#analyzer.whoMay(this.after, probeOf(action, resource)),
    )
  }

  /** @param context what is given of the requests that it is about */
  invariant(
    action: string,
    resource: string,
    rule: InvariantRule,
    context: ReadonlyMap<string, readonly string[]> = new Map(),
  ): Answer<Proof> {
    return this.#once(`invariant ${action} ${resource} ${JSON.stringify([rule, ...context])}`, () =>
      proveInvariant(this.#analyzer, this.after, {
        name: 'drawn',
        actions: [action],
        resources: [resource],
        context,
        rule,
        span: NOWHERE,
      }),
    )
  }

  #once<T>(key: string, ask: () => T): Answer<T> {
    let answer = this.#known.get(key)
    if (answer === undefined) {
      answer = tried(ask)
      this.#known.set(key, answer)
    }
    return answer as Answer<T>
  }
}

const probeOf = (action: string, resource: string): Probe => ({
  actions: [action],
  resources: [resource],
  context: new Map(),
})

const NOWHERE = { file: 'drawn.yaml', start: 0, end: 0 }
