import type { AccessLevel } from '../../../catalog/actions.ts'
import { NOTABLE } from '../../../catalog/notable-actions.ts'
import type { ActionSet } from '../../actions/action-set.ts'
import type { ActionTable } from '../../actions/action-table.ts'
import type { Comparison } from '../../diff/comparison.ts'
import type { Exploration } from '../../explore.ts'
import { namingOf } from '../../principals/principal-match.ts'
import { type Region, regionKey, resourceRegions, restRegion } from '../../regions/region.ts'
import { sideKey } from '../../sides/side.ts'
import type { FoundRequest } from '../../sides/side-finding.ts'
import { asked } from '../../witness/asked.ts'
import type { Asked } from '../../witness/decision.ts'
import { AllowedMore } from './allowed-more.ts'
import { isAdministrator, isHeldByControls, mayWritePermissions } from './breadth.ts'
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
const CHANGING: ReadonlySet<AccessLevel> = new Set(['permissions', 'write', 'tagging'])

/** Sets of actions to look for one after the other: the gravest first, and of each few well known ones before all. */
type Wanted = readonly { readonly id: string; readonly set: ActionSet; readonly level: Surplus }[]

const known = new WeakMap<ActionTable, Wanted>()

function wantedIn(table: ActionTable): Wanted {
  let wanted = known.get(table)
  if (wanted === undefined) {
    const isChanging = (action: string) => CHANGING.has(table.levelOf(action))
    const few = (isMeant: (action: string) => boolean) =>
      table.setOf({ negated: false, entries: NOTABLE.filter(isMeant) })
    // Actions to come decide nothing.
    const all = (besides: readonly string[], isMeant: (action: string) => boolean): ActionSet => ({
      ...table.limited({ negated: true, entries: [...TELEMETRY, ...besides] }, isMeant),
      isOpen: false,
    })
    const isOfPermissions = (action: string) =>
      table.levelOf(action) === 'permissions' || /^iam:/.test(action)
    wanted = [
      {
        id: 'all',
        level: 'permissions',
        set: few((action) => isOfPermissions(action) && isChanging(action)),
      },
      { id: 'all', level: 'write', set: few((action) => !isOfPermissions(action) && isChanging(action)) },
      { id: 'all', level: 'write', set: all([], isChanging) },
      { id: 'all', level: 'read', set: few((action) => !isChanging(action)) },
      // The list differs from the one above, by which it is remembered.
      { id: 'all', level: 'read', set: all(['sts:GetCallerIdentity*'], (action) => !isChanging(action)) },
    ]
    known.set(table, wanted)
  }
  return wanted
}

/** Compares what somebody may do with what another may. */
export class SurplusOf {
  readonly #in: Exploration
  readonly #powers: Powers
  readonly #more: AllowedMore
  readonly #known = new Map<string, Surplus | null>()
  readonly #administrators = new Map<string, boolean>()

  constructor(exploration: Exploration, powers: Powers) {
    this.#in = exploration
    this.#powers = powers
    this.#more = new AllowedMore(exploration, powers)
  }

  /** Put together only where somebody's power is looked at. */
  get #wanted(): Wanted {
    return wantedIn(this.#in.reasoner.actions)
  }

  isAdministrator(holder: Holder): boolean {
    const id = holderKey(holder)
    let found = this.#administrators.get(id)
    if (found === undefined) {
      const side = this.#powers.sideOf(holder)
      const { decider, reasoner } = this.#in
      found = side !== null && isAdministrator(side, reasoner.actions, decider.now)
      this.#administrators.set(id, found)
    }
    return found
  }

  /** Whether an administrator may do more once control policies no longer stand in the way. */
  isHeldByControls(holder: Holder): boolean {
    const side = this.#powers.sideOf(holder)
    return side !== null && isHeldByControls(side, this.#in.reasoner.actions, this.#in.decider.now)
  }

  /** On any resource, control policies included. */
  mayWritePermissions(holder: Holder): boolean {
    const side = this.#powers.sideOf(holder)
    return side !== null && mayWritePermissions(side, this.#in.reasoner.actions, this.#in.decider.now)
  }

  /**
   * What somebody may do that another may not, at best. null: nothing.
   * @param only actions of these patterns count; absent: all but those that tell how something is doing
   */
  beyond(holder: Holder, of: Holder, only?: readonly string[]): Surplus | null {
    const isSame = holder.account === of.account
    if (isSame && this.isAdministrator(of)) return null
    // Where control policies leave nobody such power, it is looked at what there is.
    if (only === undefined && this.isAdministrator(holder) && this.mayWritePermissions(holder))
      return 'administrator'
    const wanted =
      only === undefined
        ? this.#wanted
        : [
            {
              id: only.join(),
              level: 'write' as const,
              set: this.#in.reasoner.actions.setOf({ negated: false, entries: only }),
            },
          ]
    let best = this.#inRegion(holder, isSame ? of : null, restRegion(holder.account, 'own'), wanted)
    if (best !== 'permissions' && best !== 'write')
      for (const region of this.#namedRegions(holder)) {
        const found = this.#inRegion(holder, isSame ? of : null, region, wanted)
        if (found !== null && (best === null || rankOf(found) < rankOf(best))) best = found
      }
    return best
  }

  /** Whether somebody may do anything that counts. */
  hasPower(holder: Holder): boolean {
    return [restRegion(holder.account, 'own'), ...this.#namedRegions(holder)].some(
      (region) => this.#inRegion(holder, null, region, this.#wanted) !== null,
    )
  }

  #inRegion(holder: Holder, of: Holder | null, region: Region, wanted: Wanted): Surplus | null {
    const now = this.#powers.in(holder, region)
    if (now === null) return null
    const before = of === null ? null : this.#powers.in(of, region, AT_BEST)
    const keys = [now, before].map((each) => (each === null ? '' : sideKey(each.now.side)))
    if (keys[0] === keys[1]) return null
    const id = `${keys.join(' > ')} ${regionKey(region)} ${now.now.state?.keys.id ?? ''} ${wanted[0]?.id}`
    let found = this.#known.get(id)
    if (found === undefined) {
      found = this.#compare(now, before, wanted)
      this.#known.set(id, found)
    }
    return found
  }

  #compare(now: Comparison, before: Comparison | null, wanted: Wanted): Surplus | null {
    const comparison: Comparison = before === null ? now : { ...now, before: before.now }
    for (const { set, level } of wanted) {
      // What no statement allows is gained by none.
      if (!this.#speaksOf(now, set)) continue
      if (this.#gains(comparison, before, set)) return level
    }
    return null
  }

  #speaksOf({ now }: Comparison, set: ActionSet): boolean {
    const { actions } = this.#in.reasoner
    return now.side.ways.some(([granting = []]) =>
      granting.some((each) => actions.haveCommon(each.actions, set)),
    )
  }

  /** Whether there is a request that the one side allows, and the other doesn't whatever the context. */
  #gains(comparison: Comparison, before: Comparison | null, wanted: ActionSet): boolean {
    const { decider } = this.#in
    const former = before === null ? null : asked(before, before.now)
    const given = [...AT_BEST] as [string, readonly string[]][]
    return this.#more.isAny(
      comparison,
      wanted,
      (request) =>
        former === null ||
        decider.decisionOf(former, {
          ...request,
          context: new Map([...contextOf(former, request.context), ...given]),
        }) !== 'yes',
    )
  }

  /** Declared resources that somebody's own policies may be about, or whose policies name them. */
  #namedRegions({ account, state }: Holder): readonly Region[] {
    const { view } = this.#in
    const named = { facts: state.facts, base: state.base, hasBoundary: state.layers.boundary != null }
    return [...view.estate.resources.values()]
      .filter(
        (facts) =>
          facts.account === account ||
          (view.policyAtMost(facts)?.statements ?? []).some(
            (statement) => statement.effect === 'Allow' && namingOf(statement, named) !== null,
          ),
      )
      .flatMap((facts) => resourceRegions(facts.arn, facts.account))
  }
}

/** A request's context as it would be of somebody else: with tags of their own. */
const contextOf = ({ state }: Asked, context: FoundRequest['context']): FoundRequest['context'] =>
  new Map(
    [...context].flatMap(([key, values]) => {
      const own = state?.pins.valueOf(key.toLowerCase())
      return own === undefined ? [[key, values] as const] : own === null ? [] : [[key, own] as const]
    }),
  )

const LEVELS: readonly Surplus[] = ['administrator', 'permissions', 'write', 'read']
const rankOf = (surplus: Surplus): number => LEVELS.indexOf(surplus)
