import type { AccessLevel } from '../../catalog/actions.ts'
import type { ActionSet } from '../action-table.ts'
import type { Comparison } from '../comparer.ts'
import { asked, levelsOf } from '../entries.ts'
import type { Exploration } from '../explore.ts'
import { namingOf } from '../principal-match.ts'
import { type Region, regionKey, resourceRegions, restRegion } from '../region.ts'
import { sideKey } from '../side.ts'
import { isAdministrator } from './breadth.ts'
import { AT_BEST, type Holder, holderKey } from './holder.ts'
import type { Powers } from './powers.ts'

/** How much more somebody else may do: nearly everything, or at most actions of a level. */
export type Surplus = 'administrator' | 'permissions' | 'write' | 'read'

/**
 * What anything that runs reports about itself: whoever may do nothing else has no power.
 * @see Lambda Developer Guide, "Defining Lambda function permissions with an execution role": AWSLambdaBasicExecutionRole
 */
const TELEMETRY: readonly string[] = [
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'logs:DescribeLogGroups',
  'logs:DescribeLogStreams',
  'cloudwatch:PutMetricData',
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'ec2messages:*',
  'ssmmessages:*',
  'ssm:UpdateInstanceInformation',
  'sts:GetCallerIdentity',
]
const ORDER: readonly AccessLevel[] = ['permissions', 'write', 'tagging', 'read', 'list']

/** Compares what somebody may do with what another may. */
export class SurplusOf {
  readonly #in: Exploration
  readonly #powers: Powers
  readonly #wanted: ActionSet
  readonly #known = new Map<string, Surplus | null>()
  readonly #administrators = new Map<string, boolean>()

  constructor(exploration: Exploration, powers: Powers) {
    this.#in = exploration
    this.#powers = powers
    // Actions to come decide nothing.
    const but = exploration.reasoner.actions.setOf({ negated: true, entries: TELEMETRY })
    this.#wanted = { ...but, isOpen: false }
  }

  isAdministrator(holder: Holder): boolean {
    const id = holderKey(holder)
    let found = this.#administrators.get(id)
    if (found === undefined) {
      const side = this.#powers.sideOf(holder)
      found = side !== null && isAdministrator(side, this.#in.reasoner.actions)
      this.#administrators.set(id, found)
    }
    return found
  }

  /**
   * What somebody may do that another may not, at best. null: nothing.
   * @param only actions of these patterns count; absent: all but those that tell how something is doing
   */
  beyond(holder: Holder, of: Holder, only?: readonly string[]): Surplus | null {
    const isSame = holder.account === of.account
    if (isSame && this.isAdministrator(of)) return null
    if (only === undefined && this.isAdministrator(holder)) return 'administrator'
    const wanted =
      only === undefined ? this.#wanted : this.#in.reasoner.actions.setOf({ negated: false, entries: only })
    let best = this.#inRegion(holder, isSame ? of : null, restRegion(holder.account, 'own'), wanted)
    if (best !== 'permissions' && best !== 'write')
      for (const region of this.#namedRegions(holder)) {
        const found = this.#inRegion(holder, isSame ? of : null, region, wanted)
        if (found !== null && (best === null || rankOf(found) < rankOf(best))) best = found
      }
    return best
  }

  #inRegion(holder: Holder, of: Holder | null, region: Region, wanted: ActionSet): Surplus | null {
    const now = this.#powers.in(holder, region)
    if (now === null) return null
    const before = of === null ? null : this.#powers.in(of, region, AT_BEST)
    const keys = [now, before].map((each) => (each === null ? '' : sideKey(each.now.side)))
    if (keys[0] === keys[1]) return null
    const id = `${keys.join(' > ')} ${regionKey(region)} ${now.now.state?.keys.id ?? ''} ${wanted.id}`
    let found = this.#known.get(id)
    if (found === undefined) {
      found = this.#compare(now, before, wanted)
      this.#known.set(id, found)
    }
    return found
  }

  #compare(now: Comparison, before: Comparison | null, wanted: ActionSet): Surplus | null {
    const { comparer, decider, reasoner } = this.#in
    const comparison: Comparison = before === null ? now : { ...now, before: before.now }
    const { findings, doubts } = comparer.gainsOf(comparison, this.#powers.views, { wanted, once: true })
    const former = before === null ? null : asked(before, before.now)
    const mayAlready = ({ request }: (typeof findings)[number]) => {
      if (former === null) return false
      const given = [...AT_BEST] as [string, readonly string[]][]
      const own = request.context.entries()
      return decider.decisionOf(former, { ...request, context: new Map([...own, ...given]) }) === 'yes'
    }
    const deciding = findings.filter(
      (each) => (each.tier === 'typed' || each.tier === 'named') && !mayAlready(each),
    )
    if (deciding.length === 0) return doubts.length > 0 ? 'read' : null
    const levels = levelsOf(
      deciding.flatMap(({ actions }) => actions),
      reasoner.actions,
    )
    const level = ORDER.find((each) => levels[each] > 0)
    return level === 'permissions'
      ? 'permissions'
      : level === 'write' || level === 'tagging'
        ? 'write'
        : 'read'
  }

  /** Declared resources that somebody's own policies may be about, or whose policies name them. */
  #namedRegions({ account, state }: Holder): readonly Region[] {
    const { view } = this.#in
    const named = { facts: state.facts, base: state.base, hasBoundary: state.layers.boundary != null }
    return [...view.estate.resources.values()]
      .filter(
        (facts) =>
          facts.account === account ||
          (view.policyOf(facts)?.policy.statements ?? []).some(
            (statement) => statement.effect === 'Allow' && namingOf(statement, named) !== null,
          ),
      )
      .flatMap((facts) => resourceRegions(facts.arn, facts.account))
  }
}

const LEVELS: readonly Surplus[] = ['administrator', 'permissions', 'write', 'read']
const rankOf = (surplus: Surplus): number => LEVELS.indexOf(surplus)
