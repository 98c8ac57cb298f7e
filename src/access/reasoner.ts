import type { ActionFacts } from '../catalog/actions.ts'
import { CarriedKeys } from '../catalog/carried-keys.ts'
import type { PolicyLayers } from '../evaluator/layers.ts'
import { ActionTable } from './actions/action-table.ts'
import { ResourceTemplates } from './regions/resource-templates.ts'
import type { ResourceScope, Sides } from './sides/scope.ts'
import type { PrincipalSide } from './sides/side.ts'
import { SideDiffer } from './sides/side-diff.ts'
import type { SideDiff } from './sides/side-finding.ts'
import { type PlacedStatement, StatementCompiler } from './sides/statement-compiler.ts'
import type { Lang } from './symbolic/lang.ts'
import type { Pins } from './symbolic/pins.ts'
import { Symbols } from './symbolic/symbols.ts'
import { COLON, canonical, literalGlob, STAR, STAR_IN_SEGMENT } from './symbolic/tokens.ts'

/** Everything that reasoning about one partition's policies needs, with what it remembers. */
export class Reasoner {
  readonly actions: ActionTable
  readonly partition: string
  readonly #carried: CarriedKeys
  #memory: Memory
  #generation = 0

  constructor(facts: ActionFacts, partition: string) {
    this.actions = new ActionTable(facts)
    this.partition = partition
    this.#carried = new CarriedKeys(facts)
    this.#memory = this.#begin()
  }

  /** Forgets when there is too much to remember. Sides and languages from before mean nothing any more. @returns whether it did */
  makeRoom(): boolean {
    if (!this.#memory.symbols.isFull) return false
    this.#memory = this.#begin()
    this.#generation++
    return true
  }

  /** How often everything was forgotten. */
  get generation(): number {
    return this.#generation
  }

  get symbols(): Symbols {
    return this.#memory.symbols
  }

  get compiler(): StatementCompiler {
    return this.#memory.compiler
  }

  get templates(): ResourceTemplates {
    return this.#memory.templates
  }

  /** Any ARN of the partition. */
  get anyResource(): Lang {
    return this.symbols.langs.of([arnGlob(this.partition)])
  }

  diff(sides: Sides, scope: ResourceScope): SideDiff {
    return this.#memory.differ.diff(sides, scope)
  }

  /** What a principal's own layers allow and deny. @throws UnevaluablePolicyError */
  sideOf({ identity = [], boundary, session, scp = [] }: PolicyLayers, pins: Pins): PrincipalSide {
    const { compiler } = this
    const layers = [
      compiler.compile(identity, 'identity', 'identity', pins),
      ...(boundary == null ? [] : [compiler.compile(boundary, 'boundary', 'boundary', pins)]),
      ...(session == null ? [] : [compiler.compile(session, 'session', 'session', pins)]),
      ...scp.map((level) => compiler.compile(level, 'scp', 'scp', pins)),
    ]
    return { ways: [layers.map(allowing)], denies: layers.flatMap(denying) }
  }

  #begin(): Memory {
    const symbols = new Symbols()
    const templates = new ResourceTemplates(this.actions.facts, symbols, this.partition)
    return {
      symbols,
      compiler: new StatementCompiler({ symbols, actions: this.actions, partition: this.partition }),
      differ: new SideDiffer({ symbols, actions: this.actions, templates, carried: this.#carried }),
      templates,
    }
  }
}

interface Memory {
  readonly symbols: Symbols
  readonly compiler: StatementCompiler
  readonly differ: SideDiffer
  readonly templates: ResourceTemplates
}

const allowing = (statements: readonly PlacedStatement[]): readonly PlacedStatement[] =>
  statements.filter(({ effect }) => effect === 'Allow')
const denying = (statements: readonly PlacedStatement[]): readonly PlacedStatement[] =>
  statements.filter(({ effect }) => effect === 'Deny')

/** ARNs of a partition. */
function arnGlob(partition: string) {
  const segment = [COLON, STAR_IN_SEGMENT]
  return canonical([...literalGlob(`arn:${partition}`), ...segment, ...segment, ...segment, COLON, STAR])
}
