import { conditionsBlock } from '../evaluator/estate/who-can.ts'
import type { AccessEntry, Because, Direction } from './access-entry.ts'
import { ActionLists } from './action-lists.ts'
import { asked } from './asked.ts'
import { isAssumption } from './assuming.ts'
import { changedValues, withValuesOf } from './changed-values.ts'
import type { ComparedSide, Comparison } from './comparer.ts'
import { type Decider, isPotential, statementOf } from './decider.ts'
import type { Asked } from './decision.ts'
import { endOf } from './ended.ts'
import { areaIn, extentsOf } from './extents.ts'
import type { Reasoner } from './reasoner.ts'
import { tagsOfCaller } from './session-tags/carried-tags.ts'
import { ShownRequests } from './shown-request.ts'
import { placedStatements } from './side.ts'
import type { FoundRequest, SideFinding } from './side-finding.ts'
import { NOTHING_PINNED } from './symbolic/pins.ts'
import { witnessOf } from './witness.ts'

/** What an entry says of a finding that the evaluator confirms. */
interface ToldEntry {
  readonly entry: Omit<AccessEntry, 'principals'>
  /** Its witness as it was asked about. */
  readonly request: FoundRequest
  /** Equal for all of whom it says the same, but for the witness. */
  readonly key: string
}

/** Says what a finding is: which access by which statement, how much of it is new, why, and by which request that shows. */
export class EntryTeller {
  readonly #reasoner: Reasoner
  readonly #decider: Decider
  readonly #requests: ShownRequests
  readonly #lists: ActionLists

  constructor(reasoner: Reasoner, decider: Decider) {
    this.#reasoner = reasoner
    this.#lists = new ActionLists(reasoner.actions)
    this.#decider = decider
    this.#requests = new ShownRequests(reasoner, decider)
  }

  /** @param plainest the request that shows it, which the evaluator confirms */
  tell(
    direction: Direction,
    comparison: Comparison,
    finding: SideFinding,
    plainest: FoundRequest,
  ): ToldEntry {
    const { subject, region } = comparison
    const { allow, actions, tier } = finding
    const { source } = allow.symbolic
    const now = asked(comparison, comparison.now)
    const before = asked(comparison, comparison.before)
    const request = this.#requests.requestOf({ ...finding, request: plainest }, comparison, now, before)
    const sessionTags = sessionTagsOf(now, request)
    const because = this.#becauseOf(direction, finding, before, request)
    const ended = endOf(source.conditions, this.#decider.now)
    const told = {
      ...this.#differenceOf(direction, comparison, finding),
      ...(ended === null ? {} : { ended }),
    }
    const list = this.#lists.shown(actions)
    const entry: Omit<AccessEntry, 'principals'> = {
      kind: region.type === 'trust' && actions.some(isAssumption) ? 'assume' : 'action',
      actions: list.actions,
      levels: list.levels,
      resources: region.type === 'trust' ? [region.arn] : resourcesOf(finding, comparison),
      notResources: source.resource?.negated === true ? source.resource.entries : [],
      conditions: conditionsBlock(source.conditions),
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
      list.id,
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
    return { entry, request, key }
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
        [...placedStatements(sides.now), ...placedStatements(sides.before)]
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
}

/** null: the role's own tags do. */
function sessionTagsOf({ sessions }: Asked, request: FoundRequest): Readonly<Record<string, string>> | null {
  if (sessions?.tags == null) return null
  const { own } = sessions.tags
  const tags = [...tagsOfCaller(request, sessions.keys)].filter(([key, value]) => own.get(key) !== value)
  return tags.length === 0 ? null : Object.fromEntries(tags)
}

/** As the statement says; of a policy about its own resource, that one. */
function resourcesOf({ allow }: SideFinding, { region }: Comparison): readonly string[] {
  const { resource } = allow.symbolic.source
  if (resource === null) return region.type === 'rest' ? [] : [region.arn]
  return resource.negated ? [] : resource.entries
}
