import type { ActionFacts } from '../../catalog/actions.ts'
import { conditionsBlock } from '../../evaluator/estate/who-can.ts'
import type { AccessEntry, Direction } from '../access-entry.ts'
import { ActionLists } from '../actions/action-lists.ts'
import type { ComparedSide, Comparison } from '../diff/comparison.ts'
import { isAssumption } from '../principals/assuming.ts'
import type { Reasoner } from '../reasoner.ts'
import { tagsOfPrincipal } from '../session-tags/carried-tags.ts'
import { PRINCIPAL_TAG } from '../session-tags/tag-keys.ts'
import { changedValues, withValuesOf } from '../sides/changed-values.ts'
import { placedStatements } from '../sides/side.ts'
import type { FoundRequest, SideFinding } from '../sides/side-finding.ts'
import { NOTHING_PINNED } from '../symbolic/pins.ts'
import { asked } from '../witness/asked.ts'
import { type Decider, isPotential } from '../witness/decider.ts'
import type { Asked } from '../witness/decision.ts'
import { ShownRequests } from '../witness/shown-request.ts'
import { spelledKey } from '../witness/spelled-keys.ts'
import { witnessOf } from '../witness/witness.ts'
import { writtenKeys } from '../witness/written-keys.ts'
import { becauseOf } from './because.ts'
import { endOf } from './ended.ts'
import { extentsOf } from './extents.ts'

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
    const { principal, region } = comparison
    const { allow, actions, tier } = finding
    const { source } = allow.symbolic
    const now = asked(comparison, comparison.now)
    const before = asked(comparison, comparison.before)
    const request = this.#requests.requestOf({ ...finding, request: plainest }, comparison, now, before)
    const sessionTags = sessionTagsOf(now, request, this.#reasoner.actions.facts)
    const because = becauseOf(direction, finding, { allowing: now, denying: before }, request, this.#decider)
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
        ...witnessOf(comparison, request, this.#reasoner.actions.facts),
        action: this.#reasoner.actions.shown(request.action),
      },
      via: [],
      tier: tier === 'named' ? 'typed' : tier,
      source: source.span,
      policy: allow.policy,
      sid: source.sid,
      because,
      isPotential: region.type === 'rest' && isPotential(request, principal),
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
      principal.account,
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
}

/** By tag, as policies write it; null: the role's own tags do. */
function sessionTagsOf(
  { sessions, layers }: Asked,
  request: FoundRequest,
  facts: ActionFacts,
): Readonly<Record<string, string>> | null {
  if (sessions?.tags == null) return null
  const { own } = sessions.tags
  const tags = [...tagsOfPrincipal(request, sessions.keys)].filter(([key, value]) => own.get(key) !== value)
  const spelled = (tag: string) =>
    spelledKey(`${PRINCIPAL_TAG}${tag}`, facts, () => writtenKeys({ layers })).slice(PRINCIPAL_TAG.length)
  return tags.length === 0 ? null : Object.fromEntries(tags.map(([tag, value]) => [spelled(tag), value]))
}

/** As the statement says; of a policy about its own resource, that one. */
function resourcesOf({ allow }: SideFinding, { region }: Comparison): readonly string[] {
  const { resource } = allow.symbolic.source
  if (resource === null) return region.type === 'rest' ? [] : [region.arn]
  return resource.negated ? [] : resource.entries
}
