import {
  CONDITION_FOR_ALL,
  CONDITION_FOR_ANY,
  CONDITION_IF_EXISTS,
  CONDITION_NEGATED,
  CONDITION_SIZE,
  NAMED_ACCOUNT,
  NAMED_ARN,
  NAMED_CANONICAL_USER,
  NAMED_EVERYONE,
  NAMED_FEDERATED,
  NAMED_ROOT,
  NAMED_SERVICE,
  NAMED_SIZE,
  NAMED_UNIQUE_ID,
  NONE,
  PATTERN_ANY,
  PATTERN_ARN,
  PATTERN_EXACT,
  PATTERN_FOLDS,
  PATTERN_GLOB,
  PATTERN_NEVER,
  PATTERN_PREFIX,
  PATTERN_SIZE,
  PATTERN_TEMPLATE,
  PIECE_LITERAL,
  PIECE_ONE,
  PIECE_ONE_IN_SEGMENT,
  PIECE_SIZE,
  PIECE_STAR,
  PIECE_STAR_IN_SEGMENT,
  PIECE_VARIABLE,
  POLICY_SIZE,
  PROGRAM_CALLER_KEY_AT,
  PROGRAM_CONDITIONS,
  PROGRAM_HEADER_SIZE,
  PROGRAM_KEYS_AT,
  PROGRAM_MAGIC,
  PROGRAM_MAGIC_AT,
  PROGRAM_OWNER_KEY_AT,
  PROGRAM_PATTERNS,
  PROGRAM_PIECES,
  PROGRAM_POLICIES,
  PROGRAM_PRINCIPALS,
  PROGRAM_REFS,
  PROGRAM_SERVICES_AT,
  PROGRAM_SIZE_AT,
  PROGRAM_STATEMENTS,
  PROGRAM_STRINGS,
  PROGRAM_VALUES,
  PROGRAM_VERSION_AT,
  REF_SIZE,
  STATEMENT_ANY_RESOURCE,
  STATEMENT_DENIES,
  STATEMENT_NO_PRINCIPAL,
  STATEMENT_NOT_ACTION,
  STATEMENT_NOT_PRINCIPAL,
  STATEMENT_NOT_RESOURCE,
  STATEMENT_SIZE,
  TABLE_COUNT,
  VALUE_SIZE,
  WIRE_VERSION,
} from '../../../assembly/wire.ts'
import { OPERATORS, type OperatorMeaning } from '../../policy/operators.ts'
import type { ParsedCondition, ParsedPolicy, ParsedPrincipal, ParsedStatement } from '../../policy/parsed.ts'
import { fold } from './fold.ts'
import { operatorNumber } from './operators.ts'
import { actionPieces, arnPieces, type Piece, readPieces, resourcePieces, type UseClass } from './pieces.ts'
import { RecordTable, RefTable } from './record-table.ts'
import { byteLength, StringPool } from './string-pool.ts'

const PIECE_CODES: Readonly<Record<Exclude<Piece['kind'], 'literal' | 'variable'>, number>> = {
  star: PIECE_STAR,
  starInSegment: PIECE_STAR_IN_SEGMENT,
  one: PIECE_ONE,
  oneInSegment: PIECE_ONE_IN_SEGMENT,
}

/**
 * Turns policies into the bytes that the module runs. Whatever is equal stands there once: statements, lists,
 * patterns, conditions, texts; so a statement that a thousand policies share is one record.
 */
export class ProgramBuilder {
  readonly #strings = new StringPool()
  readonly #refs = new RefTable()
  readonly #pieces = new RefTable()
  readonly #policies = new RecordTable()
  readonly #statements = new RecordTable()
  readonly #patterns = new RecordTable()
  readonly #conditions = new RecordTable()
  readonly #values = new RecordTable()
  readonly #principals = new RecordTable()
  readonly #keys = new Map<string, number>()
  /** The prefixes of action patterns, numbered from 1. */
  readonly #services = new Map<string, number>()
  /** Action patterns by their text, as written and in lower case. */
  readonly #actions = new Map<string, number>()
  /** Other patterns by what they were made from. */
  readonly #known = new Map<string, readonly number[]>()

  /** The context keys that policies name, in lower case, with their numbers. */
  get keys(): ReadonlyMap<string, number> {
    return this.#keys
  }

  /** The number of a service, in lower case; 0: no policy names an action of it. */
  serviceNumber(service: string): number {
    return this.#services.get(service) ?? 0
  }

  /**
   * @returns the policy's number; equal policies may share one
   * @throws UnevaluablePolicyError when it has no clear meaning
   */
  addPolicy(policy: ParsedPolicy, use: UseClass): number {
    const variables = policy.version === '2012-10-17'
    const statements = policy.statements.map((statement) => this.#addStatement(statement, variables, use))
    return this.#policies.add(this.#refs.add(statements))
  }

  #addStatement(statement: ParsedStatement, variables: boolean, use: UseClass): number {
    const { action, resource, principal } = statement
    const named = use === 'resource' || use === 'rcp' ? principal : null
    let flags = 0
    if (statement.effect === 'Deny') flags |= STATEMENT_DENIES
    if (action.negated) flags |= STATEMENT_NOT_ACTION
    if (resource?.negated) flags |= STATEMENT_NOT_RESOURCE
    // Elsewhere a statement without Resource has none that it could match.
    if (resource === null && use === 'resource') flags |= STATEMENT_ANY_RESOURCE
    if (named === null) flags |= STATEMENT_NO_PRINCIPAL
    else if (named.negated) flags |= STATEMENT_NOT_PRINCIPAL
    const resources = resource?.entries.flatMap((text) => this.#resourcePatterns(text, variables, use)) ?? []
    return this.#statements.add([
      flags,
      ...this.#refs.add(action.entries.map((text) => this.#actionPattern(text))),
      // An entry that matches nothing still makes the list not empty.
      ...this.#refs.add(resources),
      ...this.#refs.add(named?.entries.map((entry) => this.#addPrincipal(entry)) ?? []),
      ...this.#refs.add(statement.conditions.map((condition) => this.#addCondition(condition, variables))),
    ])
  }

  #actionPattern(text: string): number {
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

  #resourcePatterns(text: string, variables: boolean, use: UseClass): readonly number[] {
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

  #addCondition(condition: ParsedCondition, variables: boolean): number {
    const meaning = OPERATORS[condition.operator]
    const form = patternForm(meaning)
    let flags = 0
    if (meaning.negated) flags |= CONDITION_NEGATED
    if (condition.ifExists) flags |= CONDITION_IF_EXISTS
    if (condition.quantifier === 'ForAllValues') flags |= CONDITION_FOR_ALL
    if (condition.quantifier === 'ForAnyValue') flags |= CONDITION_FOR_ANY
    const list = condition.values.flatMap((text) =>
      form === null ? [this.#addValue(text)] : this.#valuePattern(text, form, variables),
    )
    return this.#conditions.add([
      operatorNumber(meaning),
      flags,
      this.#keyNumber(condition.key),
      ...this.#refs.add(list),
    ])
  }

  #addValue(text: string): number {
    return this.#values.add([this.#strings.add(text), byteLength(text)])
  }

  #valuePattern(text: string, form: PatternForm, variables: boolean): readonly number[] {
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
          codes.push(PIECE_VARIABLE, this.#keyNumber(name), at, text === null ? 0 : byteLength(text))
          break
        }
        default:
          if (piece.kind === 'one' || piece.kind === 'oneInSegment') shortest++
          codes.push(PIECE_CODES[piece.kind], 0, 0, 0)
      }
    }
    const [start, fields] = this.#pieces.append(codes)
    const perPiece = PIECE_SIZE / REF_SIZE
    return this.#patterns.append([
      kind,
      isTemplate ? flags | PATTERN_TEMPLATE : flags,
      start / perPiece,
      fields / perPiece,
      shortest,
      service,
    ])
  }

  #addPrincipal(principal: ParsedPrincipal): number {
    const [kind, text] = principalCode(principal)
    return this.#principals.add([kind, this.#strings.add(text), byteLength(text)])
  }

  #keyNumber(name: string): number {
    const key = name.toLowerCase()
    const known = this.#keys.get(key)
    if (known !== undefined) return known
    const number = this.#keys.size
    this.#keys.set(key, number)
    return number
  }

  /** All policies so far as a program. */
  encode(): Uint8Array {
    const tables: readonly (readonly [entry: number, fields: readonly number[], recordSize: number])[] = [
      [PROGRAM_POLICIES, this.#policies.fields, POLICY_SIZE],
      [PROGRAM_STATEMENTS, this.#statements.fields, STATEMENT_SIZE],
      [PROGRAM_REFS, this.#refs.fields, REF_SIZE],
      [PROGRAM_PATTERNS, this.#patterns.fields, PATTERN_SIZE],
      [PROGRAM_PIECES, this.#pieces.fields, PIECE_SIZE],
      [PROGRAM_CONDITIONS, this.#conditions.fields, CONDITION_SIZE],
      [PROGRAM_VALUES, this.#values.fields, VALUE_SIZE],
      [PROGRAM_PRINCIPALS, this.#principals.fields, NAMED_SIZE],
    ]
    const stringsAt = tables.reduce((at, [, fields]) => at + fields.length * 4, PROGRAM_HEADER_SIZE)
    const size = stringsAt + this.#strings.size
    const bytes = new Uint8Array(size)
    const words = new Uint32Array(bytes.buffer, 0, stringsAt / 4)
    const set = (at: number, value: number) => {
      words[at / 4] = value
    }
    set(PROGRAM_MAGIC_AT, PROGRAM_MAGIC)
    set(PROGRAM_VERSION_AT, WIRE_VERSION)
    set(PROGRAM_SIZE_AT, size)
    set(PROGRAM_KEYS_AT, this.#keys.size)
    set(PROGRAM_SERVICES_AT, this.#services.size)
    set(PROGRAM_OWNER_KEY_AT, this.#keys.get('aws:resourceaccount') ?? NONE)
    set(PROGRAM_CALLER_KEY_AT, this.#keys.get('kms:calleraccount') ?? NONE)
    let at = PROGRAM_HEADER_SIZE
    for (const [entry, fields, recordSize] of tables) {
      set(entry, at)
      set(entry + TABLE_COUNT, (fields.length * 4) / recordSize)
      words.set(fields, at / 4)
      at += fields.length * 4
    }
    set(PROGRAM_STRINGS, stringsAt)
    set(PROGRAM_STRINGS + TABLE_COUNT, this.#strings.size)
    this.#strings.writeTo(bytes.subarray(stringsAt))
    return bytes
  }
}

type PatternForm = Extract<OperatorMeaning, { readonly form: unknown }>['form']

/** How an operator's values are patterns; null: they are texts that the module parses. */
const patternForm = (meaning: OperatorMeaning): PatternForm | null =>
  'form' in meaning ? meaning.form : null

function principalCode(principal: ParsedPrincipal): readonly [kind: number, text: string] {
  switch (principal.kind) {
    case 'everyone':
      return [NAMED_EVERYONE, '']
    case 'account':
      return principal.partition === null
        ? [NAMED_ACCOUNT, principal.account]
        : [NAMED_ROOT, `${principal.account}${principal.partition}`]
    case 'arn':
      return [NAMED_ARN, principal.arn]
    case 'service':
      return [NAMED_SERVICE, principal.service]
    case 'federated':
      return [NAMED_FEDERATED, principal.provider]
    case 'canonicalUser':
      return [NAMED_CANONICAL_USER, principal.id]
    case 'uniqueId':
      return [NAMED_UNIQUE_ID, principal.id]
  }
}
