import {
  CONDITION_FOR_ALL,
  CONDITION_FOR_ANY,
  CONDITION_IF_EXISTS,
  CONDITION_NEGATED,
  CONDITION_SIZE,
  NAMED_SIZE,
  NONE,
  PATTERN_SIZE,
  PIECE_SIZE,
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
import { OPERATORS } from '../../policy/operators.ts'
import type { ParsedCondition, ParsedPolicy, ParsedPrincipal, ParsedStatement } from '../../policy/parsed.ts'
import { namedCode } from './named-code.ts'
import { operatorNumber } from './operators.ts'
import { PatternTable, patternForm } from './pattern-table.ts'
import type { UseClass } from './pieces.ts'
import { RecordTable, RefTable } from './record-table.ts'
import { byteLength, StringPool } from './string-pool.ts'

const NO_KEYS: ReadonlySet<number> = new Set()

/**
 * Turns policies into the bytes that the module runs. Whatever is equal stands there once: statements, lists,
 * patterns, conditions, texts; so a statement that a thousand policies share is one record.
 */
export class ProgramBuilder {
  readonly #strings = new StringPool()
  readonly #refs = new RefTable()
  readonly #policies = new RecordTable()
  readonly #statements = new RecordTable()
  readonly #conditions = new RecordTable()
  readonly #values = new RecordTable()
  readonly #principals = new RecordTable()
  readonly #keys = new Map<string, number>()
  readonly #patterns = new PatternTable(this.#strings, (name) => this.#keyNumber(name))
  /** By policy, the keys that its conditions and variables name. */
  readonly #keysNamed: ReadonlySet<number>[] = []

  /** The context keys that policies name, in lower case, with their numbers. */
  get keys(): ReadonlyMap<string, number> {
    return this.#keys
  }

  /** The number of a service, in lower case; 0: no policy names an action of it. */
  serviceNumber(service: string): number {
    return this.#patterns.serviceNumber(service)
  }

  /**
   * @returns the policy's number; equal policies may share one
   * @throws UnevaluablePolicyError when it has no clear meaning
   */
  addPolicy(policy: ParsedPolicy, use: UseClass): number {
    const variables = policy.version === '2012-10-17'
    const keys = new Set<number>()
    const statements = policy.statements.map((statement) =>
      this.#addStatement(statement, variables, use, keys),
    )
    const number = this.#policies.add(this.#refs.add(statements))
    this.#keysNamed[number] = keys
    return number
  }

  /** Numbers of all the keys that a policy's answer can depend on. */
  keysNamedBy(policy: number): ReadonlySet<number> {
    return this.#keysNamed[policy] ?? NO_KEYS
  }

  /** @param keys takes in those that the statement names */
  #addStatement(statement: ParsedStatement, variables: boolean, use: UseClass, keys: Set<number>): number {
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
    const resources =
      resource?.entries.flatMap((text) => this.#patterns.ofResource(text, variables, use)) ?? []
    this.#noteVariables(resources, keys)
    return this.#statements.add([
      flags,
      ...this.#refs.add(action.entries.map((text) => this.#patterns.ofAction(text))),
      // An entry that matches nothing still makes the list not empty.
      ...this.#refs.add(resources),
      ...this.#refs.add(named?.entries.map((entry) => this.#addPrincipal(entry)) ?? []),
      ...this.#refs.add(
        statement.conditions.map((condition) => this.#addCondition(condition, variables, keys)),
      ),
    ])
  }

  #noteVariables(patterns: readonly number[], keys: Set<number>): void {
    for (const pattern of patterns) for (const key of this.#patterns.keysOf(pattern)) keys.add(key)
  }

  #addCondition(condition: ParsedCondition, variables: boolean, keys: Set<number>): number {
    const meaning = OPERATORS[condition.operator]
    const form = patternForm(meaning)
    let flags = 0
    if (meaning.negated) flags |= CONDITION_NEGATED
    if (condition.ifExists) flags |= CONDITION_IF_EXISTS
    if (condition.quantifier === 'ForAllValues') flags |= CONDITION_FOR_ALL
    if (condition.quantifier === 'ForAnyValue') flags |= CONDITION_FOR_ANY
    const list = condition.values.flatMap((text) =>
      form === null ? [this.#addValue(text)] : this.#patterns.ofValue(text, form, variables),
    )
    if (form !== null) this.#noteVariables(list, keys)
    const key = this.#keyNumber(condition.key)
    keys.add(key)
    return this.#conditions.add([operatorNumber(meaning), flags, key, ...this.#refs.add(list)])
  }

  #addValue(text: string): number {
    return this.#values.add([this.#strings.add(text), byteLength(text)])
  }

  #addPrincipal(principal: ParsedPrincipal): number {
    const [kind, text] = namedCode(principal)
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
      [PROGRAM_PATTERNS, this.#patterns.records, PATTERN_SIZE],
      [PROGRAM_PIECES, this.#patterns.pieces, PIECE_SIZE],
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
    set(PROGRAM_SERVICES_AT, this.#patterns.serviceCount)
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
