import type { ActionFacts } from '../../catalog/actions.ts'
import { isAlwaysThere } from '../../evaluator/keys/key-kinds.ts'
import type { ParsedStatement } from '../../policy/parsed.ts'
import type { AccessEntry, Direction, UnknownAccess } from '../access-entry.ts'
import type { Comparison } from '../diff/comparison.ts'
import type { Reasoner } from '../reasoner.ts'
import { tagsOfPrincipal, withoutTags } from '../session-tags/carried-tags.ts'
import type { FoundRequest, SideDiff, SideFinding } from '../sides/side-finding.ts'
import { isBeside } from '../sides/side-findings.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import { isOpenToServices } from '../sides/undocumented-keys.ts'
import { asked } from '../witness/asked.ts'
import type { Decider } from '../witness/decider.ts'
import type { Asked } from '../witness/decision.ts'
import { witnessOf } from '../witness/witness.ts'
import { EntryTeller } from './entry-teller.ts'
import { withOwnRole } from './own-role.ts'
import { SharedPlaces } from './shared-places.ts'
import { StatementPlaces } from './statement-places.ts'

type Draft = Omit<AccessEntry, 'principals'> & {
  readonly principals: Set<string>
  readonly found: SideFinding['tier']
}
type UnknownDraft = Omit<UnknownAccess, 'principals'> & { readonly principals: Set<string> }

/** Collects what was found of single principals into entries: one for all who gain, or lose, the same by the same statement. */
export class EntryCollector {
  readonly #facts: ActionFacts
  readonly #decider: Decider
  readonly #teller: EntryTeller
  readonly #entries: Readonly<Record<Direction, Map<string, Draft>>> = { gained: new Map(), lost: new Map() }
  readonly #unknown = new Map<string, UnknownDraft>()
  /** Entries by what was compared: of the next principal that is alike the name is new, and its request is asked anew. */
  readonly #byComparison = new Map<string, readonly (Collected | null)[]>()
  readonly #places = new StatementPlaces()
  /** Of whom, by which statements, something is told on resources of the actions' own types. */
  readonly #typed: Readonly<Record<Direction, Set<string>>> = { gained: new Set(), lost: new Set() }
  readonly #numbers = new WeakMap<ParsedStatement, number>()
  #lastNumber = 0
  readonly #shared: SharedPlaces

  constructor(reasoner: Reasoner, decider: Decider) {
    this.#facts = reasoner.actions.facts
    this.#decider = decider
    this.#teller = new EntryTeller(reasoner, decider)
    this.#shared = new SharedPlaces(decider)
  }

  /** @param comparison whose `now` is the side that allows */
  add(direction: Direction, comparison: Comparison, diff: SideDiff): void {
    const { label } = comparison.principal
    const findings = diff.findings.map((each) => ({ ...each, allow: ownStatement(each.allow, comparison) }))
    const places = findings.map(({ allow }) => this.#places.numberOf(allow)).join()
    const key = `${direction} ${comparison.key} ${places}`
    const known = this.#byComparison.get(key)
    const collected = findings.map((finding, index) => {
      if (this.#isNoNews(direction, comparison, finding)) return null
      const earlier = known?.[index]
      if (earlier != null && !earlier.isOfOne && this.#isConfirmed(comparison, earlier.request)) {
        this.#entries[direction].get(earlier.key)?.principals.add(label)
        this.#noteTyped(direction, comparison, finding)
        return earlier
      }
      return this.#addFinding(direction, comparison, finding)
    })
    if (known === undefined) this.#byComparison.set(key, collected)
    for (const { allow: equal, reason } of diff.doubts) {
      const allow = ownStatement(equal, comparison)
      this.addUnknown(direction, label, reason, {
        policy: allow.policy,
        sid: allow.symbolic.source.sid,
        source: allow.symbolic.source.span,
      })
    }
  }

  /**
   * What open rules allow by the reading that grants more.
   * @param rulesOf of a finding: the rules that it may hang on
   */
  addAssumed(
    direction: Direction,
    comparison: Comparison,
    diff: SideDiff,
    rulesOf: (allow: PlacedStatement) => readonly string[],
  ): void {
    for (const { allow: equal, request, tier } of diff.findings) {
      const allow = ownStatement(equal, comparison)
      const plain = withoutServiceKeys(comparison, request)
      // What a service perhaps says of a principal needn't be why: which request is found is a matter of chance.
      const ofStatements = likelyFirst(rulesOf(allow), request)
      const rules = plain === request ? ofStatements : [...ofStatements, SERVICE_KEYS]
      const [rule] = rules
      // A name that repeats the rest of a pattern is one that there can be only where its type says so.
      if (tier === 'named' && rules.every((each) => each === '4')) continue
      // What the evaluator confirms hangs on nothing that is open.
      if (
        rule === undefined ||
        (tier !== 'typed' && tier !== 'named') ||
        (!(plain !== request && this.#leavesOpen(comparison, plain)) && this.#isConfirmed(comparison, plain))
      )
        continue
      const { sid, span } = allow.symbolic.source
      this.addUnknown(
        direction,
        comparison.principal.label,
        'assumed',
        { policy: allow.policy, sid, source: span },
        { rule, witness: witnessOf(comparison, request, this.#facts) },
      )
    }
  }

  /** @param more of what is unknown about a single request: the rule, the request */
  addUnknown(
    direction: Direction,
    label: string,
    reason: UnknownAccess['reason'],
    { policy, sid, source }: Pick<UnknownAccess, 'policy' | 'sid' | 'source'>,
    more: Pick<UnknownAccess, 'rule' | 'witness'> = {},
  ): void {
    const key = JSON.stringify([direction, reason, more.rule ?? null, policy, sid, source])
    const known = this.#unknown.get(key)
    if (known !== undefined) known.principals.add(label)
    else
      this.#unknown.set(key, {
        principals: new Set([label]),
        direction,
        reason,
        ...more,
        policy,
        sid,
        source,
      })
  }

  /** What perhaps lets in services is no news where it lets in any account. */
  #isSaidOfAnybody({ rule, direction, policy, sid, source }: UnknownDraft): boolean {
    const place = JSON.stringify([policy, sid, source])
    return (
      rule === SERVICE_KEYS &&
      [...this.#entries[direction].values()].some(
        (entry) =>
          entry.principals.has('account:*') &&
          JSON.stringify([entry.policy, entry.sid, entry.source]) === place,
      )
    )
  }

  /** Whether statements ask for what every request has, and this one doesn't say: what was left out of it had decided before. */
  #leavesOpen({ now, before }: Comparison, { context }: FoundRequest): boolean {
    const told = new Set([...context.keys()].map((key) => key.toLowerCase()))
    return [now, before].some(({ layers }) =>
      Object.values(layers)
        .flat(2)
        .flatMap((each) => each?.policy.statements ?? [])
        .flatMap(({ conditions }) => conditions)
        .map(({ key }) => key.toLowerCase())
        .some((key) => isAlwaysThere(key) && !told.has(key)),
    )
  }

  #isConfirmed(comparison: Comparison, request: FoundRequest): boolean {
    return this.#decider.confirms(
      asked(comparison, comparison.now),
      asked(comparison, comparison.before),
      request,
    )
  }

  /** A role that somebody can reach through others. */
  addChain(entry: Omit<AccessEntry, 'principals'>, label: string): void {
    // Whose sessions differ, they go the same way by requests that do.
    const key = JSON.stringify(['chain', entry.resources, entry.via, [...entry.witness.context]])
    const known = this.#entries.gained.get(key)
    if (known !== undefined) known.principals.add(label)
    else this.#entries.gained.set(key, { ...entry, found: 'typed', principals: new Set([label]) })
  }

  /** null: the evaluator doesn't confirm it. */
  #addFinding(direction: Direction, comparison: Comparison, finding: SideFinding): Collected | null {
    const { principal } = comparison
    const { allow, tier } = finding
    const { source } = allow.symbolic
    const now = asked(comparison, comparison.now)
    const before = asked(comparison, comparison.before)
    const plainest = this.#plainestOf(finding.request, now, before)
    if (!this.#decider.confirms(now, before, plainest)) {
      // What decides nothing needn't be known.
      if (tier === 'pattern' || tier === 'future') return null
      const place = { policy: allow.policy, sid: source.sid, source: source.span }
      const witness = witnessOf(comparison, plainest, this.#facts)
      // Of sessions with tags more is taken to be possible than there may be.
      const reason = isOfTags(now, plainest) ? 'variables' : 'unverified'
      this.addUnknown(direction, principal.label, reason, place, reason === 'variables' ? {} : { witness })
      return null
    }
    const { entry, request, key } = this.#teller.tell(direction, comparison, finding, plainest)
    const told = withOwnRole(key, this.#entries[direction], request, now)
    const place = this.#shared.placeOf(direction, told, request, now, before)
    const known = this.#entries[direction].get(place)
    if (known !== undefined) known.principals.add(principal.label)
    else
      this.#entries[direction].set(place, { ...entry, found: tier, principals: new Set([principal.label]) })
    this.#noteTyped(direction, comparison, finding)
    return { key: place, request, isOfOne: entry.values !== undefined }
  }

  /**
   * Whether `entries` would leave it out beside what is told already: it is on a resource that is there by name and isn't of the actions'
   * types. There may be thousands of those for each of hundreds who change.
   */
  #isNoNews(direction: Direction, comparison: Comparison, { allow, tier }: SideFinding): boolean {
    return tier === 'named' && this.isTold(direction, comparison, allow)
  }

  /** Whether something is told already of a principal by a statement of its own, on resources of its actions' types. */
  isTold(
    direction: Direction,
    where: Pick<Comparison, 'principal' | 'region'>,
    statement: PlacedStatement,
  ): boolean {
    const key = this.#statementOf(where, statement)
    return key !== null && this.#typed[direction].has(key)
  }

  #noteTyped(direction: Direction, comparison: Comparison, { allow, tier }: SideFinding): void {
    if (tier !== 'typed') return
    const key = this.#statementOf(comparison, allow)
    if (key !== null) this.#typed[direction].add(key)
  }

  /** INVARIANT: equal for entries with equal `statementKey` only, of one principal. null: what kind of entry it is hangs on more. */
  #statementOf(
    { principal: { label }, region }: Pick<Comparison, 'principal' | 'region'>,
    { policy, symbolic: { source } }: PlacedStatement,
  ): string | null {
    if (region.type === 'trust') return null
    // A statement of a resource's policy that names none is about that one.
    const own = region.type === 'rest' || source.resource !== null ? '' : region.arn
    let number = this.#numbers.get(source)
    if (number === undefined) {
      number = this.#lastNumber++
      this.#numbers.set(source, number)
    }
    return `${number} ${policy} ${own} ${label}`
  }

  /** Without tags of the session, where it holds without them. */
  #plainestOf(request: FoundRequest, now: Asked, before: Asked): FoundRequest {
    if (!isOfTags(now, request)) return request
    const plain = withoutTags(request, now.sessions?.keys ?? new Set())
    return this.#decider.confirms(now, before, plain) ? plain : request
  }

  /** Without what is no news beside what else the same principal has by the same statement. */
  entries(direction: Direction): readonly AccessEntry[] {
    const drafts = [...this.#entries[direction].values()]
    const best = new Map<string, SideFinding['tier']>()
    for (const draft of drafts)
      for (const principal of draft.principals) {
        const key = `${principal} ${statementKey(draft)}`
        const known = best.get(key)
        if (known === undefined || isBeside(known, draft.found)) best.set(key, draft.found)
      }
    return drafts.flatMap(({ found, principals, ...entry }) => {
      const statement = statementKey(entry)
      const news = [...withoutParts(principals)].filter(
        (principal) => !isBeside(found, best.get(`${principal} ${statement}`) ?? found),
      )
      return news.length === 0 ? [] : [{ ...entry, principals: news }]
    })
  }

  unknown(): readonly UnknownAccess[] {
    return [...this.#unknown.values()]
      .filter((each) => !this.#isSaidOfAnybody(each))
      .map((each) => ({ ...each, principals: withoutParts(each.principals) }))
  }
}

/** What the requests of services say of an account, a principal and its id is not documented. */
const SERVICE_KEYS = 'keys of services'

/** Rules that a request may hang on, first of them the likely one: how empty keys are read matters where there is one. */
const likelyFirst = (rules: readonly string[], { context }: FoundRequest): readonly string[] => {
  const hasEmpty = [...context.values()].some((values) => values.length === 1 && values[0] === '')
  return hasEmpty
    ? rules
    : [...rules.filter((rule) => rule !== '18'), ...rules.filter((rule) => rule === '18')]
}

function withoutServiceKeys({ now }: Comparison, request: FoundRequest): FoundRequest {
  if (now.state?.facts.kind !== 'service') return request
  const context = [...request.context].filter(([key]) => !isOpenToServices(key.toLowerCase()))
  return context.length === request.context.size ? request : { ...request, context: new Map(context) }
}

/** Equal for entries of one statement. */
const statementKey = ({
  kind,
  policy,
  sid,
  source,
  resources,
  conditions,
}: Omit<AccessEntry, 'principals'>) => JSON.stringify([kind, policy, sid, source, resources, conditions])

/** Sorted; whose account is named as a whole is not named besides. */
const withoutParts = (labels: ReadonlySet<string>): readonly string[] =>
  [...labels]
    .filter((label) => {
      const [, account] = /^arn:[^:]*:sts::([^:]+):federated-user\/\*$/.exec(label) ?? []
      return account === undefined || !labels.has(`account:${account}`)
    })
    .sort()

const isOfTags = ({ sessions }: Asked, request: FoundRequest): boolean =>
  sessions !== undefined && tagsOfPrincipal(request, sessions.keys).size > 0

/** What was found of somebody else may name an equal statement of theirs; this is where one's own stands. */
const ownStatement = (allow: PlacedStatement, { now }: Comparison): PlacedStatement =>
  now.side.ways.flat(2).find(({ identity, layer }) => identity === allow.identity && layer === allow.layer) ??
  allow

interface Collected {
  /** Of the entry. */
  readonly key: string
  readonly request: FoundRequest
  /** Whether it tells values that somebody else who is alike needn't have. */
  readonly isOfOne: boolean
}
