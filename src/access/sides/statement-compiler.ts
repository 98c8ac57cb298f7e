import type { Layer as LayerName } from '../../evaluator/decision.ts'
import type { IdentifiedPolicy } from '../../evaluator/layers.ts'
import type { ParsedStatement, PolicyUse } from '../../policy/parsed.ts'
import { splitVariables } from '../../policy/variables.ts'
import type { ActionSet } from '../actions/action-set.ts'
import type { ActionTable } from '../actions/action-table.ts'
import { atomOf, type Literal } from '../symbolic/atom.ts'
import { compileStatement, type SymbolicStatement } from '../symbolic/compile-statement.ts'
import {
  grantsMore,
  type OpenRule,
  openRulesOf,
  ruleOfPrincipal,
  ruleOfResource,
} from '../symbolic/open-rules.ts'
import type { Pins } from '../symbolic/pins.ts'
import type { Symbols } from '../symbolic/symbols.ts'

/** A statement ready to be reasoned about for one principal, and where it comes from. */
export interface PlacedStatement {
  readonly symbolic: SymbolicStatement
  readonly actions: ActionSet
  readonly effect: ParsedStatement['effect']
  readonly policy: string
  readonly layer: LayerName
  /** Equal ones do the same, whatever their names and places. */
  readonly identity: number
}

interface Compiling {
  readonly symbols: Symbols
  readonly actions: ActionTable
  readonly partition: string
}

const NOWHERE: ParsedStatement = {
  index: -1,
  sid: null,
  effect: 'Allow',
  principal: null,
  action: { negated: false, entries: [] },
  resource: null,
  conditions: [],
  span: null,
}

/** Compiles statements, each once for all principals that are alike in the keys that it speaks of. */
export class StatementCompiler {
  readonly #within: Compiling
  readonly #compiled = new WeakMap<ParsedStatement, Map<string, SymbolicStatement | null>>()
  readonly #keys = new WeakMap<ParsedStatement, readonly string[]>()
  readonly #sets = new WeakMap<ParsedStatement, ActionSet>()
  readonly #rules = new WeakMap<ParsedStatement, readonly OpenRule[]>()
  readonly #identities = new Map<string, number>()
  /** The same by object: contents may be long, and a group's policy is asked for by each of its members. */
  readonly #identitiesOf = new WeakMap<SymbolicStatement, Map<ActionSet, number>>()
  #sawOpenRules = false

  constructor(within: Compiling) {
    this.#within = within
  }

  /** Whether some statement hangs on a rule that is open. */
  get sawOpenRules(): boolean {
    return this.#sawOpenRules
  }

  /** Whom some statement names hangs on a rule that is open. */
  sawOpenRule(): void {
    this.#sawOpenRules = true
  }

  /** Whether the catalogue knows a key as one of several values. */
  readonly isList = (key: string): boolean =>
    this.#within.actions.facts.conditionKeyTypeOf(key)?.startsWith('ArrayOf') === true

  /** The rules that a statement hangs on, where they are open. */
  openRulesOf(statement: ParsedStatement): readonly OpenRule[] {
    let rules = this.#rules.get(statement)
    if (rules === undefined) {
      const { conditions, effect } = statement
      rules = [
        ...ruleOfPrincipal(statement),
        ...ruleOfResource(statement),
        ...conditions.flatMap((condition) => openRulesOf(condition, effect, this.isList)),
      ]
      this.#rules.set(statement, rules)
    }
    return rules
  }

  /** Statements of some policies that can match. @throws UnevaluablePolicyError */
  compile(
    policies: readonly IdentifiedPolicy[],
    layer: LayerName,
    use: PolicyUse,
    pins: Pins,
  ): readonly PlacedStatement[] {
    return policies.flatMap(({ id, policy }) =>
      policy.statements.flatMap((statement) => {
        const placed = this.compileOne(statement, policy.version, id, layer, use, pins)
        return placed === null ? [] : [placed]
      }),
    )
  }

  /** @param actions those that it is about; absent: all that it names */
  compileOne(
    statement: ParsedStatement,
    version: IdentifiedPolicy['policy']['version'],
    policy: string,
    layer: LayerName,
    use: PolicyUse,
    pins: Pins,
    actions: ActionSet = this.#setOf(statement),
  ): PlacedStatement | null {
    const symbolic = this.#symbolic(statement, version, use, pins)
    if (symbolic === null) return null
    return {
      symbolic,
      actions,
      effect: statement.effect,
      policy,
      layer,
      identity: this.#identityIn(symbolic, actions, statement.effect),
    }
  }

  /** @param effect of the statement that it was compiled of */
  #identityIn(symbolic: SymbolicStatement, actions: ActionSet, effect: ParsedStatement['effect']): number {
    const known = this.#identitiesOf.get(symbolic) ?? new Map<ActionSet, number>()
    this.#identitiesOf.set(symbolic, known)
    let identity = known.get(actions)
    if (identity === undefined) {
      identity = this.#identityOf(`${effect} ${actions.id} ${symbolic.content}`)
      known.set(actions, identity)
    }
    return identity
  }

  /** What no policy says, but follows from what is known. @param about `*`, and all buckets at once: whether it covers them */
  madeOf(
    literals: readonly Literal[],
    about: Pick<SymbolicStatement, 'resource' | 'coversStar' | 'coversBuckets'>,
    actions: ActionSet,
  ): PlacedStatement {
    const { resource, coversStar, coversBuckets } = about
    const content = `${literals.join()}${coversStar ? '*' : ''}${coversBuckets ? 'b' : ''}`
    const { atoms } = this.#within.symbols
    const variables = [...new Set(literals.flatMap((literal) => atoms.at(atomOf(literal)).variables))]
    return {
      symbolic: {
        content,
        literals,
        resource,
        never: false,
        coversStar,
        coversBuckets,
        asksForCredentials: false,
        variables,
        source: NOWHERE,
      },
      actions,
      effect: 'Allow',
      policy: '',
      layer: 'session',
      identity: this.#identityOf(`Allow ${actions.id} ${content}`),
    }
  }

  #symbolic(
    statement: ParsedStatement,
    version: IdentifiedPolicy['policy']['version'],
    use: PolicyUse,
    pins: Pins,
  ): SymbolicStatement | null {
    const byPins = this.#compiled.get(statement) ?? new Map<string, SymbolicStatement | null>()
    this.#compiled.set(statement, byPins)
    const key = `${use} ${this.#within.partition} ${grantsMore(pins) ? '+' : ''} ${this.#keysOf(statement)
      .map((name) => JSON.stringify(pins.valueOf(name)))
      .join()}`
    const known = byPins.get(key)
    if (known !== undefined) return known
    const { symbols, partition } = this.#within
    const { isList } = this
    if (this.openRulesOf(statement).length > 0) this.#sawOpenRules = true
    const compiled = compileStatement(statement, { use, version, pins, symbols, partition, isList })
    byPins.set(key, compiled)
    return compiled
  }

  /** The context keys that a statement speaks of, in lower case. */
  #keysOf(statement: ParsedStatement): readonly string[] {
    let keys = this.#keys.get(statement)
    if (keys === undefined) {
      const { conditions, resource } = statement
      const texts = [...conditions.flatMap(({ values }) => values), ...(resource?.entries ?? [])]
      keys = [
        ...new Set([
          ...conditions.map(({ key }) => key.toLowerCase()),
          ...texts.filter((text) => text.includes('${')).flatMap(variablesIn),
        ]),
      ]
      this.#keys.set(statement, keys)
    }
    return keys
  }

  #setOf(statement: ParsedStatement): ActionSet {
    let set = this.#sets.get(statement)
    if (set === undefined) {
      set = this.#within.actions.setOf(statement.action)
      this.#sets.set(statement, set)
    }
    return set
  }

  #identityOf(key: string): number {
    let identity = this.#identities.get(key)
    if (identity === undefined) {
      identity = this.#identities.size
      this.#identities.set(key, identity)
    }
    return identity
  }
}

const variablesIn = (text: string): readonly string[] =>
  (splitVariables(text).parts ?? []).flatMap((part) =>
    part.kind === 'variable' ? [part.name.toLowerCase()] : [],
  )
