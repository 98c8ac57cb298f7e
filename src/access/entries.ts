import type { AccessLevel } from '../catalog/actions.ts'
import { conditionsText } from '../evaluator/estate/who-can.ts'
import type { AccessEntry, AccessLevels, Because, UnknownAccess } from './access-diff.ts'
import type { ActionTable } from './action-table.ts'
import { changedValues, keysIn, withValuesOf } from './changed-values.ts'
import type { ComparedSide, Comparison } from './comparer.ts'
import { type Asked, type Decider, isPotential, statementOf } from './decider.ts'
import { endOf } from './ended.ts'
import { areaIn, extentsOf } from './extents.ts'
import { readableRequests } from './readable-request.ts'
import type { Reasoner } from './reasoner.ts'
import { tagsOfCaller, withoutTags } from './session-tags/carried-tags.ts'
import { statementsOf } from './side.ts'
import type { FoundRequest, SideDiff, SideFinding } from './side-diff.ts'
import { isBeside } from './side-findings.ts'
import type { PlacedStatement } from './statement-compiler.ts'
import { NOTHING_PINNED } from './symbolic/pins.ts'
import { isOpenToServices } from './undocumented-keys.ts'
import { witnessOf } from './witness.ts'

export type Direction = 'gained' | 'lost'

type Draft = Omit<AccessEntry, 'principals'> & {
  readonly principals: Set<string>
  readonly found: SideFinding['tier']
}
type UnknownDraft = Omit<UnknownAccess, 'principals'> & { readonly principals: Set<string> }

/** Collects what was found of single subjects into entries: one for all who gain, or lose, the same by the same statement. */
export class EntryCollector {
  readonly #reasoner: Reasoner
  readonly #decider: Decider
  readonly #entries: Readonly<Record<Direction, Map<string, Draft>>> = { gained: new Map(), lost: new Map() }
  readonly #unknown = new Map<string, UnknownDraft>()
  /** Entries by what was compared: of the next subject that is alike the name is new, and its request is asked anew. */
  readonly #byComparison = new Map<string, readonly (Collected | null)[]>()

  constructor(reasoner: Reasoner, decider: Decider) {
    this.#reasoner = reasoner
    this.#decider = decider
  }

  /** @param comparison whose `now` is the side that allows */
  add(direction: Direction, comparison: Comparison, diff: SideDiff): void {
    const { label } = comparison.subject
    const findings = diff.findings.map((each) => ({ ...each, allow: ownStatement(each.allow, comparison) }))
    const places = findings.map(({ allow: { policy, symbolic } }) => [
      policy,
      symbolic.source.sid,
      symbolic.source.span,
    ])
    const key = `${direction} ${comparison.key} ${JSON.stringify(places)}`
    const known = this.#byComparison.get(key)
    const collected = findings.map((finding, index) => {
      const earlier = known?.[index]
      if (earlier != null && !earlier.isOfOne && this.#isConfirmed(comparison, earlier.request)) {
        this.#entries[direction].get(earlier.key)?.principals.add(label)
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
      const [rule] = plain === request ? rulesOf(allow) : [SERVICE_KEYS]
      // What the evaluator confirms hangs on nothing that is open.
      if (
        rule === undefined ||
        (tier !== 'typed' && tier !== 'named') ||
        this.#isConfirmed(comparison, plain)
      )
        continue
      const { sid, span } = allow.symbolic.source
      this.addUnknown(
        direction,
        comparison.subject.label,
        'assumed',
        { policy: allow.policy, sid, source: span },
        { rule, witness: witnessOf(comparison, request) },
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

  /** Whether the evaluator decides a request of a subject as reasoning did. */
  #isConfirmed(comparison: Comparison, request: FoundRequest): boolean {
    return this.#decider.confirms(
      asked(comparison, comparison.now),
      asked(comparison, comparison.before),
      request,
    )
  }

  /** A role that somebody can reach through others. */
  addChain(entry: Omit<AccessEntry, 'principals'>, label: string): void {
    const key = JSON.stringify(['chain', entry.resources, entry.via])
    const known = this.#entries.gained.get(key)
    if (known !== undefined) known.principals.add(label)
    else this.#entries.gained.set(key, { ...entry, found: 'typed', principals: new Set([label]) })
  }

  /** null: the evaluator doesn't confirm it. */
  #addFinding(direction: Direction, comparison: Comparison, finding: SideFinding): Collected | null {
    const { subject, region } = comparison
    const { allow, actions, tier } = finding
    const { source } = allow.symbolic
    const now = asked(comparison, comparison.now)
    const before = asked(comparison, comparison.before)
    const plainest = this.#plainestOf(finding.request, now, before)
    if (!this.#decider.confirms(now, before, plainest)) {
      // What decides nothing needn't be known.
      if (tier === 'pattern' || tier === 'future') return null
      const place = { policy: allow.policy, sid: source.sid, source: source.span }
      const witness = witnessOf(comparison, plainest)
      // Of sessions with tags more is taken to be possible than there may be.
      const reason = isOfTags(now, plainest) ? 'variables' : 'unverified'
      this.addUnknown(direction, subject.label, reason, place, reason === 'variables' ? {} : { witness })
      return null
    }
    const found = { ...finding, request: plainest }
    const shown = region.type === 'trust' ? plainest : this.#readable(found, comparison, now, before)
    const request = this.#withoutNeedless(shown, finding, now, before)
    const sessionTags = sessionTagsOf(now, request)
    const because = this.#becauseOf(direction, finding, before, request)
    const ended = endOf(source.conditions, this.#decider.now)
    const told = {
      ...this.#differenceOf(direction, comparison, finding),
      ...(ended === null ? {} : { ended }),
    }
    const entry: Omit<AccessEntry, 'principals'> = {
      kind: region.type === 'trust' && actions.some(isAssumption) ? 'assume' : 'action',
      actions: actions.map((action) => this.#reasoner.actions.shown(action)),
      levels: levelsOf(actions, this.#reasoner.actions),
      resources: region.type === 'trust' ? [region.arn] : resourcesOf(finding, comparison),
      notResources: source.resource?.negated === true ? source.resource.entries : [],
      conditions: conditionsText(source.conditions),
      witness: {
        ...witnessOf(comparison, request),
        action: this.#reasoner.actions.shown(request.action),
      },
      via: [],
      tier: tier === 'named' ? 'typed' : tier,
      source: source.span,
      policy: allow.policy,
      sid: source.sid,
      because,
      isPotential: region.type === 'rest' && isPotential(request, subject),
      ...(sessionTags === null ? {} : { sessionTags }),
      ...told,
    }
    const key = JSON.stringify([
      tier,
      entry.kind,
      actions,
      entry.resources,
      entry.notResources,
      entry.conditions,
      entry.tier,
      entry.source,
      entry.policy,
      entry.sid,
      because,
      entry.isPotential,
      entry.sessionTags ?? null,
      told,
      subject.account,
    ])
    const place = this.#placeOf(direction, key, request, now, before)
    const known = this.#entries[direction].get(place)
    if (known !== undefined) known.principals.add(subject.label)
    else this.#entries[direction].set(place, { ...entry, found: tier, principals: new Set([subject.label]) })
    return { key: place, request, isOfOne: told.values !== undefined }
  }

  /** One entry is of all who may do the very same as its witness; who may only do it elsewhere has an entry of their own. */
  #placeOf(direction: Direction, key: string, request: FoundRequest, now: Asked, before: Asked): string {
    const witness = this.#entries[direction].get(key)?.witness
    if (witness === undefined) return key
    const { action, resource } = witness
    if (action === request.action && resource === request.resource) return key
    return this.#decider.confirms(now, before, { action, resource, context: request.context })
      ? key
      : JSON.stringify([key, request.action, request.resource])
  }

  /** How much was allowed, and is; and what else is known of the principal that the statements ask for. */
  #differenceOf(
    direction: Direction,
    { region, now, before }: Comparison,
    { allow, actions, tier }: SideFinding,
  ): Pick<AccessEntry, 'before' | 'after' | 'values'> {
    // Of actions that no catalogue lists it isn't told.
    if (tier === 'future') return {}
    const { symbols, actions: table } = this.#reasoner
    const sides = { now: now.side, before: before.side }
    const [earlier, later] = direction === 'gained' ? [before, now] : [now, before]
    const values = changedValues(
      () =>
        [...statementsOf(sides.now), ...statementsOf(sides.before)]
          .filter((each) => table.haveCommon(each.actions, allow.actions))
          .map(({ symbolic }) => symbolic.source),
      earlier.state,
      later.state,
    )
    const keys = new Set(Object.keys(values).map((key) => key.toLowerCase()))
    const valuesIn = ({ state }: ComparedSide) => withValuesOf(keys, state?.pins ?? NOTHING_PINNED)
    const extents = extentsOf({ allow, actions }, sides, {
      symbols,
      actions: table,
      now: this.#decider.now,
      own: region.type === 'rest' ? [] : [region.arn],
      shown: { now: valuesIn(now), before: valuesIn(before) },
    })
    const [old, recent] =
      direction === 'gained' ? [extents.before, extents.now] : [extents.now, extents.before]
    return { before: old, after: recent, ...(keys.size > 0 ? { values } : {}) }
  }

  #readable(
    finding: SideFinding,
    { subject, region, now, isMeant }: Comparison,
    after: Asked,
    before: Asked,
  ): FoundRequest {
    const { partition, templates } = this.#reasoner
    const owner = region.type === 'rest' ? subject.account : region.owner
    const account = owner ?? now.state?.facts.account ?? '111122223333'
    const pins = now.state?.pins ?? NOTHING_PINNED
    const readable = [
      // Which resources an action takes that the catalogue doesn't know nobody can say.
      ...(region.type === 'rest' && !this.#reasoner.actions.isListed(finding.request.action)
        ? [{ ...finding.request, resource: '*' }]
        : []),
      ...readableRequests(finding, account, partition, templates, pins),
    ]
    const isOpen = (request: FoundRequest) => isPotential(request, subject)
    // What is certain says more than what another policy must allow as well.
    const ordered = [
      ...readable.filter((each) => !isOpen(each)),
      ...(isOpen(finding.request) ? readable : []),
    ]
    return (
      ordered.find(
        (request) =>
          isMeant(request.action, request.resource) && this.#decider.confirms(after, before, request),
      ) ?? finding.request
    )
  }

  /** Without tags of the session, where it holds without them. */
  #plainestOf(request: FoundRequest, now: Asked, before: Asked): FoundRequest {
    if (!isOfTags(now, request)) return request
    const plain = withoutTags(request, now.sessions?.keys ?? new Set())
    return this.#decider.confirms(now, before, plain) ? plain : request
  }

  /** Without keys that it could do without, where a request needn't have them, and that its statement doesn't ask for. */
  #withoutNeedless(request: FoundRequest, { allow }: SideFinding, now: Asked, before: Asked): FoundRequest {
    const asked = new Set(keysIn(allow.symbolic.source).map((key) => key.toLowerCase()))
    const isUser = now.state?.facts.kind === 'user'
    const keys = [...request.context.keys()].filter((key) => !STAYING.test(key))
    // What a user's session has, long-term keys haven't: all of it goes, or none.
    const ofSession = isUser ? keys.filter((key) => OF_SESSION.test(key)) : []
    let least = request
    for (const needless of [ofSession, ...keys.filter((key) => !OF_SESSION.test(key)).map((key) => [key])]) {
      if (needless.length === 0 || needless.some((key) => asked.has(key.toLowerCase()))) continue
      const context = new Map([...least.context].filter(([each]) => !needless.includes(each)))
      const without = { ...least, context }
      if (this.#decider.confirms(now, before, without)) least = without
    }
    return least
  }

  /** What decides on the side that doesn't allow. */
  #becauseOf(
    direction: Direction,
    { allow }: SideFinding,
    denying: Asked,
    request: FoundRequest,
  ): Because | null {
    const verdict = this.#decider.verdictOf(denying, request)
    if (verdict === null || verdict.decision === 'allow') return null
    // On the side that doesn't allow stands what came for a loss, and what went for a gain.
    const change = direction === 'lost' ? 'added' : 'removed'
    if (verdict.decision === 'explicit_deny') {
      const [reason] = verdict.reasons
      if (reason === undefined) return null
      const statement = statementOf(denying, reason)
      return {
        cause: 'deny',
        change,
        policy: reason.policy,
        sid: reason.sid,
        source: statement?.span ?? null,
        ...(statement === null ? {} : { area: areaIn(statement) }),
      }
    }
    const limits = verdict.reasons.find(
      ({ layer }) => layer !== allow.layer && layer !== 'resource' && layer !== 'identity',
    )
    if (limits === undefined || limits.layer === 'session' || limits.layer === 'endpoint') return null
    return {
      cause: limits.layer,
      change,
      policy: limits.policy === '' ? null : limits.policy,
      sid: null,
      source: null,
    }
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

/** Whether an action makes a session of a role. */
export const isAssumption = (action: string): boolean => /^sts:AssumeRole/i.test(action)

/** What the requests of services say of an account, a principal and its id is not documented. */
const SERVICE_KEYS = 'keys of services'

function withoutServiceKeys({ now }: Comparison, request: FoundRequest): FoundRequest {
  if (now.state?.facts.kind !== 'service') return request
  const context = [...request.context].filter(([key]) => !isOpenToServices(key.toLowerCase()))
  return context.length === request.context.size ? request : { ...request, context: new Map(context) }
}

/** Every request has them, or they go with others that it has. */
const STAYING =
  /^(?:aws:(?:principal|user|requesttag\/|tagkeys$|currenttime$|epochtime$|requestedregion$|resource|securetransport$|source|calledvia|viaawsservice$)|sts:)/i
const OF_SESSION = /^aws:(?:multifactorauth|tokenissuetime$)/i

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
  sessions !== undefined && tagsOfCaller(request, sessions.keys).size > 0

/** null: the role's own tags do. */
function sessionTagsOf({ sessions }: Asked, request: FoundRequest): Readonly<Record<string, string>> | null {
  if (sessions?.tags == null) return null
  const { own } = sessions.tags
  const tags = [...tagsOfCaller(request, sessions.keys)].filter(([key, value]) => own.get(key) !== value)
  return tags.length === 0 ? null : Object.fromEntries(tags)
}

/** What was found of somebody else may name an equal statement of theirs; this is where one's own stands. */
const ownStatement = (allow: PlacedStatement, { now }: Comparison): PlacedStatement =>
  now.side.ways.flat(2).find(({ identity, layer }) => identity === allow.identity && layer === allow.layer) ??
  allow

export const asked = (
  { subject, region }: Comparison,
  { state, layers, controls, sessions }: ComparedSide,
): Asked => ({
  subject,
  state,
  layers,
  region,
  ...(controls === undefined ? {} : { controls }),
  sessions,
})

export function levelsOf(actions: readonly string[], table: ActionTable): AccessLevels {
  const levels: Record<AccessLevel, number> = { permissions: 0, write: 0, tagging: 0, read: 0, list: 0 }
  // Of what the catalogue doesn't know no level is; what patterns may come to stand for may well write.
  for (const action of actions)
    if (table.isListed(action) || /[*?]/.test(action)) levels[table.levelOf(action)]++
  return levels
}

/** As the statement says; of a policy about its own resource, that one. */
function resourcesOf({ allow }: SideFinding, { region }: Comparison): readonly string[] {
  const { resource } = allow.symbolic.source
  if (resource === null) return region.type === 'rest' ? [] : [region.arn]
  return resource.negated ? [] : resource.entries
}

interface Collected {
  /** Of the entry. */
  readonly key: string
  readonly request: FoundRequest
  /** Whether it tells values that somebody else who is alike needn't have. */
  readonly isOfOne: boolean
}
