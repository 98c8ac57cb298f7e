import {
  NONE,
  PRINCIPAL_BASE_BY_NAME,
  PRINCIPAL_LISTED,
  PRINCIPAL_SERVICE_LINKED,
} from '../../../assembly/wire.ts'
import { principalContext } from '../keys/context.ts'
import { groupCode, type NamedGroup, principalGroups, resourceGroups, USE_CLASSES } from '../layer-groups.ts'
import type { PolicyLayers } from '../layers.ts'
import {
  isServiceLinkedPrincipal,
  isSessionOfRole,
  type PrincipalFacts,
  parsePrincipal,
  principalProblem,
} from '../principal.ts'
import { UnevaluableRequestError } from '../unevaluable.ts'
import { ActionNumbers } from './action-numbers.ts'
import { BlockBuilder, type Range } from './block.ts'
import { type Context, ContextWriter, type KeySet, keySetOf } from './context-writer.ts'
import type { Engine } from './engine.ts'
import { LoadedProgram, NO_KEY } from './loaded-program.ts'
import { KIND_CODES } from './request-facts.ts'

/** What the module knows of one `PolicyLayers`, and of who asks under it. Numbers are of an epoch. */
export interface LayersEntry {
  /** The groups that come with who asks, and those that come with what is asked about. */
  readonly own: readonly NamedGroup[]
  readonly resource: readonly NamedGroup[]
  epoch: number
  /** Its policies are in the program of this build. */
  build: number
  /** A bit for each key that its policies name; null: not asked for yet. */
  keys: KeySet | null
  set: number
  facts: number
  readonly principals: Map<string, number>
  /** The one who asked last asks again, most of the time. */
  lastPrincipal: string
  lastBase: string | undefined
  lastNumber: number
}

/** What is registered may grow by so many bytes before it is forgotten; what is still asked for comes again. */
const MOST_REGISTERED_BYTES = 128 * 1024 * 1024

/**
 * What the module has been told: the program, and whatever requests name by number. Everything gets its number when a
 * request first needs it, and gets another one after the module forgot it (a new program, or too much to keep).
 */
export class Registry {
  readonly #engine: Engine
  readonly #program: LoadedProgram
  readonly #layers = new WeakMap<PolicyLayers, LayersEntry>()
  readonly #pending = new BlockBuilder()
  readonly #contextWriter: ContextWriter
  /** Numbers of actions, of this epoch. */
  readonly actions: ActionNumbers
  #epoch = 0
  #sets = 0
  #principals = 0
  #resources = 0
  #contexts = 0

  constructor(engine: Engine) {
    this.#engine = engine
    this.#program = new LoadedProgram(engine)
    this.#contextWriter = new ContextWriter(this.#program)
    this.actions = new ActionNumbers(this.#program, this.#pending)
    this.#pending.clear('exact')
  }

  /** Raised whenever numbers that were given lose their meaning. */
  get epoch(): number {
    return this.#epoch
  }

  /** Whether the module has all policies so far. */
  get isLoaded(): boolean {
    return this.#program.isLoaded
  }

  /** How many contexts are registered: the number of an opened block's first own one. */
  get contextCount(): number {
    return this.#contexts
  }

  /** @throws UnevaluablePolicyError when a policy has no clear meaning */
  entryOf(layers: PolicyLayers): LayersEntry {
    let entry = this.#layers.get(layers)
    if (entry === undefined) {
      entry = {
        own: principalGroups(layers),
        resource: resourceGroups(layers),
        epoch: -1,
        build: -1,
        keys: null,
        set: 0,
        facts: NONE,
        principals: new Map(),
        lastPrincipal: '',
        lastBase: undefined,
        lastNumber: 0,
      }
      this.#layers.set(layers, entry)
    }
    if (entry.build !== this.#program.build) {
      for (const group of entry.own) this.#compile(group)
      for (const group of entry.resource) this.#compile(group)
      entry.build = this.#program.build
      entry.keys = null
    }
    return entry
  }

  #compile({ layer, policies }: NamedGroup): void {
    for (const { policy } of policies) this.#program.policyNumber(policy, USE_CLASSES[layer])
  }

  /** Before numbers are asked for: makes room if there is too much, so that what is in use now comes first. */
  begin(): void {
    const { isTooLarge, isLoaded, bytes } = this.#program
    if (isTooLarge) this.#program.forget()
    else if (isLoaded && this.#engine.sizeInUse - bytes > MOST_REGISTERED_BYTES) {
      this.#engine.forget()
      this.#startEpoch()
    }
  }

  /** Forgets all policies: those that questions still bring are compiled again. */
  forget(): void {
    this.#program.forget()
  }

  /** Gives the module all policies so far. Numbers that were given lose their meaning if there are new ones. */
  load(): void {
    if (this.#program.load() === 'anew') this.#startEpoch()
  }

  #startEpoch(): void {
    this.#epoch++
    this.#sets = 0
    this.#principals = 0
    this.#resources = 0
    this.actions.forget()
    this.#contexts = 0
    this.#pending.clear('exact')
  }

  #refresh(entry: LayersEntry): void {
    if (entry.epoch === this.#epoch) return
    entry.epoch = this.#epoch
    entry.principals.clear()
    entry.lastPrincipal = ''
    entry.set = this.#addSet(entry.own)
    entry.facts = entry.resource.length === 0 ? NONE : this.addResource(entry, null)
  }

  #addSet(groups: readonly NamedGroup[]): number {
    this.#pending.addSet(
      groups.map((group) => ({
        code: groupCode(group),
        numbers: group.policies.map(({ policy }) =>
          this.#program.policyNumber(policy, USE_CLASSES[group.layer]),
        ),
      })),
    )
    return this.#sets++
  }

  /** What belongs to a resource: policies, and context keys that follow from which it is. @returns its number */
  addResource(entry: LayersEntry, context: Context | null): number {
    const set = this.#addSet(entry.resource)
    this.#pending.addResource(
      set,
      context === null ? [0, 0] : this.#contextWriter.write(this.#pending, context, undefined, null),
    )
    return this.#resources++
  }

  /** The number of the resource's policies, or NONE. */
  factsNumber(entry: LayersEntry): number {
    this.#refresh(entry)
    return entry.facts
  }

  /**
   * The number of a principal who asks under these policies.
   * @param principal as in a request
   * @param base as in a question; absent: what the principal itself says
   * @throws UnevaluableRequestError when nobody can make a request under that name
   */
  principalNumber(entry: LayersEntry, principal: string, base: string | undefined): number {
    this.#refresh(entry)
    if (principal === entry.lastPrincipal && base === entry.lastBase) return entry.lastNumber
    const identity = base === undefined ? principal : `${principal} ${base}`
    let number = entry.principals.get(identity)
    if (number === undefined) {
      const facts = principalFacts(principal)
      number = this.addPrincipal(entry, facts, base, null)
      entry.principals.set(identity, number)
    }
    entry.lastPrincipal = principal
    entry.lastBase = base
    entry.lastNumber = number
    return number
  }

  /**
   * A principal with its own policies. @returns its number
   * @param given as `base` of a question; undefined: what the principal itself says
   * @param listed the context keys that follow from who it is, of one that questions about everybody are about; else null
   */
  addPrincipal(
    entry: LayersEntry,
    facts: PrincipalFacts,
    given: string | undefined,
    listed: Context | null,
  ): number {
    const base = given ?? facts.roleArn ?? ''
    this.#refresh(entry)
    const { keys } = this.#program
    const first = this.#pending.keyCount
    const told = new Set<number>()
    let spelling = this.#program.startOfContexts
    for (const [key, values] of listed ?? []) {
      spelling = this.#program.spellingAfter(spelling, key)
      if (spelling.number === NO_KEY) continue
      told.add(spelling.number)
      this.#pending.addKey(spelling.number, values)
    }
    for (const [key, value] of principalContext(facts, base)) {
      const number = keys.get(key)
      if (number !== undefined && !told.has(number)) this.#pending.addKey(number, [value])
    }
    let flags = listed === null ? 0 : PRINCIPAL_LISTED
    if (isServiceLinkedPrincipal(facts, base === '' ? null : base)) flags |= PRINCIPAL_SERVICE_LINKED
    if (given === undefined && isSessionOfRole(facts)) flags |= PRINCIPAL_BASE_BY_NAME
    this.#pending.addPrincipal({
      kind: KIND_CODES[facts.kind],
      flags,
      principal: facts.text,
      base,
      account: facts.account ?? '',
      partition: facts.partition ?? '',
      keys: [first, this.#pending.keyCount - first],
      set: entry.set,
    })
    return this.#principals++
  }

  /** The keys that an entry's policies name. */
  #keysOf(entry: LayersEntry): KeySet {
    entry.keys ??= keySetOf(this.#keysNamedBy(entry), this.#program.keys.size)
    return entry.keys
  }

  *#keysNamedBy({ own, resource }: LayersEntry): Iterable<Iterable<number>> {
    for (const { layer, policies } of [...own, ...resource])
      for (const { policy } of policies)
        yield this.#program.keysNamedBy(this.#program.policyNumber(policy, USE_CLASSES[layer]))
  }

  /** A context to ask under more than once. @returns its number */
  addContext(context: Context, now: Date | undefined): number {
    this.#pending.addContext(this.#contextWriter.write(this.#pending, context, now, null))
    return this.#contexts++
  }

  /** Writes what an entry's policies ask of a context to an opened block. Throws as `ContextWriter.write`. */
  writeContext(block: BlockBuilder, entry: LayersEntry, context: Context, now: Date | undefined): Range {
    return this.#contextWriter.write(block, context, now, this.#keysOf(entry))
  }

  /** The same for a question that is about everybody. */
  writeContextForAll(block: BlockBuilder, context: Context, now: Date | undefined): Range {
    return this.#contextWriter.write(block, context, now, null)
  }

  /** The number of a context key, in lower case; undefined: no policy asks for it. */
  keyNumber(key: string): number | undefined {
    return this.#program.keys.get(key)
  }

  /** Whether a policy asks what time it is. */
  get asksForTime(): boolean {
    return this.#program.asksForTime
  }

  /** Tells the module of everything that got a number since the last time. */
  flush(): void {
    if (this.#pending.isEmpty) return
    const { size } = this.#pending
    this.#pending.writeTo(this.#engine.reserve(size))
    this.#engine.register(size)
    this.#pending.clear('exact')
  }
}

/** @throws UnevaluableRequestError when nobody can make a request under that name */
export function principalFacts(principal: string): PrincipalFacts {
  const facts = parsePrincipal(principal)
  if (facts !== null) return facts
  throw new UnevaluableRequestError(principalProblem(principal))
}
