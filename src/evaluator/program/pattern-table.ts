import {
  NONE,
  PATTERN_ANY,
  PATTERN_ARN,
  PATTERN_EXACT,
  PATTERN_FOLDS,
  PATTERN_GLOB,
  PATTERN_NEVER,
  PATTERN_PREFIX,
  PATTERN_TEMPLATE,
  PIECE_LITERAL,
  PIECE_ONE,
  PIECE_ONE_IN_SEGMENT,
  PIECE_SIZE,
  PIECE_STAR,
  PIECE_STAR_IN_SEGMENT,
  PIECE_VARIABLE,
  REF_SIZE,
} from '../../../assembly/wire.ts'
import type { OperatorMeaning } from '../../policy/operators.ts'
import { fold } from './fold.ts'
import { actionPieces, arnPieces, type Piece, readPieces, resourcePieces, type UseClass } from './pieces.ts'
import { RecordTable, RefTable } from './record-table.ts'
import { byteLength, type StringPool } from './string-pool.ts'

const PIECE_CODES: Readonly<Record<Exclude<Piece['kind'], 'literal' | 'variable'>, number>> = {
  star: PIECE_STAR,
  starInSegment: PIECE_STAR_IN_SEGMENT,
  one: PIECE_ONE,
  oneInSegment: PIECE_ONE_IN_SEGMENT,
}

const NO_KEYS: readonly number[] = []

type PatternForm = Extract<OperatorMeaning, { readonly form: unknown }>['form']

/** How an operator's values are patterns; null: they are texts that the module parses. */
export const patternForm = (meaning: OperatorMeaning): PatternForm | null =>
  'form' in meaning ? meaning.form : null

/** The patterns of a program and their pieces, each once; with the services that action patterns are about. */
export class PatternTable {
  readonly #strings: StringPool
  readonly #keyNumber: (name: string) => number
  readonly #pieces = new RefTable()
  readonly #patterns = new RecordTable()
  /** The prefixes of action patterns, numbered from 1. */
  readonly #services = new Map<string, number>()
  /** Action patterns by their text, as written and in lower case. */
  readonly #actions = new Map<string, number>()
  /** Other patterns by what they were made from. */
  readonly #known = new Map<string, readonly number[]>()
  /** Of patterns that have any: the keys of their variables. */
  readonly #variables = new Map<number, readonly number[]>()

  /** @param keyNumber of a context key that a variable names, as spelled */
  constructor(strings: StringPool, keyNumber: (name: string) => number) {
    this.#strings = strings
    this.#keyNumber = keyNumber
  }

  /** The fields of all patterns. */
  get records(): readonly number[] {
    return this.#patterns.fields
  }

  /** The fields of all pieces. */
  get pieces(): readonly number[] {
    return this.#pieces.fields
  }

  get serviceCount(): number {
    return this.#services.size
  }

  /** The number of a service, in lower case; 0: no policy names an action of it. */
  serviceNumber(service: string): number {
    return this.#services.get(service) ?? 0
  }

  /** The keys that a pattern's variables name. */
  keysOf(pattern: number): readonly number[] {
    return this.#variables.get(pattern) ?? NO_KEYS
  }

  /** @returns the number of an action pattern */
  ofAction(text: string): number {
    const known = this.#actions.get(text)
    if (known !== undefined) return known
    const lower = text.toLowerCase()
    const number =
      this.#actions.get(lower) ?? this.#addPattern(actionPieces(text), PATTERN_FOLDS, this.#addService(lower))
    this.#actions.set(lower, number)
    this.#actions.set(text, number)
    return number
  }

  /** 0: a pattern for any service. */
  #addService(action: string): number {
    const service = action.slice(0, action.indexOf(':'))
    if (service === '' || service.startsWith('*') || !action.includes(':')) return 0
    const number = this.#services.get(service) ?? this.#services.size + 1
    this.#services.set(service, number)
    return number
  }

  /**
   * @returns numbers of the patterns that a Resource entry stands for, see `resourcePieces`; where it matches nothing, of
   * one that never does
   */
  ofResource(text: string, variables: boolean, use: UseClass): readonly number[] {
    return this.#once(`resource ${use} ${variables} ${text}`, () => {
      const readings = resourcePieces(text, variables, use)
      return readings.length === 0
        ? [this.#addPattern(null, 0)]
        : readings.map((pieces) => this.#addPattern(pieces, 0))
    })
  }

  #once(source: string, make: () => readonly number[]): readonly number[] {
    const known = this.#known.get(source)
    if (known !== undefined) return known
    const made = make()
    this.#known.set(source, made)
    return made
  }

  /** @returns numbers of the patterns that a condition's value is */
  ofValue(text: string, form: PatternForm, variables: boolean): readonly number[] {
    return this.#once(`${form} ${variables} ${text}`, () => {
      const pieces = readPieces(text, { wildcards: form === 'glob' || form === 'arn', variables })
      if (form === 'arn') {
        const isTemplate = pieces?.some((piece) => piece.kind === 'variable') ?? false
        // With variables, the module finds the segments when it knows their values.
        if (isTemplate) return [this.#addPattern(pieces, PATTERN_ARN)]
        return [this.#addPattern(pieces === null ? null : arnPieces(pieces), PATTERN_ARN)]
      }
      return [this.#addPattern(pieces, form === 'folded' ? PATTERN_FOLDS : 0)]
    })
  }

  /** @param pieces null: a pattern that matches nothing */
  #addPattern(pieces: readonly Piece[] | null, flags: number, service = 0): number {
    if (pieces === null) return this.#patterns.add([PATTERN_NEVER, 0, 0, 0, 0, 0])
    const folds = (flags & PATTERN_FOLDS) !== 0
    const isTemplate = pieces.some((piece) => piece.kind === 'variable')
    const [first, second] = pieces
    let kind = PATTERN_GLOB
    let written = pieces
    if (first === undefined) {
      kind = PATTERN_EXACT
      written = [{ kind: 'literal', text: '' }]
    } else if (first.kind === 'star' && second === undefined) kind = PATTERN_ANY
    else if (first.kind === 'literal' && second === undefined) kind = PATTERN_EXACT
    else if (first.kind === 'literal' && second?.kind === 'star' && pieces.length === 2) {
      kind = PATTERN_PREFIX
      written = [first]
    }
    let shortest = 0
    const codes: number[] = []
    const keys: number[] = []
    for (const piece of written) {
      switch (piece.kind) {
        case 'literal': {
          const text = folds ? fold(piece.text) : piece.text
          const length = byteLength(text)
          shortest += length
          codes.push(PIECE_LITERAL, this.#strings.add(text), length, 0)
          break
        }
        case 'variable': {
          const { name, fallback } = piece
          const text = fallback !== null && folds ? fold(fallback) : fallback
          const at = text === null ? NONE : this.#strings.add(text)
          const key = this.#keyNumber(name)
          keys.push(key)
          codes.push(PIECE_VARIABLE, key, at, text === null ? 0 : byteLength(text))
          break
        }
        default:
          if (piece.kind === 'one' || piece.kind === 'oneInSegment') shortest++
          codes.push(PIECE_CODES[piece.kind], 0, 0, 0)
      }
    }
    const [start, fields] = this.#pieces.append(codes)
    const perPiece = PIECE_SIZE / REF_SIZE
    const number = this.#patterns.append([
      kind,
      isTemplate ? flags | PATTERN_TEMPLATE : flags,
      start / perPiece,
      fields / perPiece,
      shortest,
      service,
    ])
    if (keys.length > 0) this.#variables.set(number, keys)
    return number
  }
}
