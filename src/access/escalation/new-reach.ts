import type { AccountFacts } from '../../evaluator/estate/account-policies.ts'
import type { IdentifiedPolicy } from '../../evaluator/layers.ts'
import {
  isUnknown,
  type PrincipalEntity,
  parseEntityArn,
  principalEntityNamed,
  rootArn,
  type StateDocument,
  type UnknownDocument,
} from '../../model/index.ts'
import type { UnknownAccess, UnknownReason } from '../access-entry.ts'
import { unknownPlace } from '../entries/unknown-place.ts'
import type { EstateView } from '../estate-view.ts'
import type { Exploration } from '../explore.ts'
import { type Changed, changedBetween } from './changed-between.ts'
import type { World } from './edge.ts'
import { AssumableRoles } from './following/assumable.ts'
import { RunningThings } from './following/running-things.ts'
import { Trusts } from './following/trusts.ts'
import { type Holder, holderOf } from './powers/holder.ts'
import { Powers } from './powers/powers.ts'
import { SurplusOf } from './powers/surplus.ts'
import { type Gained, Reach, type Reached } from './reach.ts'
import { alikeInWays } from './touching/alike-in-ways.ts'
import { Leads } from './touching/leads.ts'
import { Touching } from './touching/touching.ts'

interface FoundReach {
  readonly reached: readonly Gained[]
  readonly unknown: readonly Unknown[]
}

/** Somebody who may come to more than is known: a policy can't be read, or there is too much to look at; or a resource whose policy says who may. */
interface Unknown {
  readonly label: string
  readonly reason: Extract<UnknownReason, 'document' | 'budget'>
}

export const unknownAccess = (
  unknown: readonly Unknown[],
  { view }: Pick<World, 'view'>,
): readonly UnknownAccess[] =>
  unknown.map(({ label, reason }) => ({
    principals: [label],
    direction: 'gained',
    reason,
    ...(reason === 'document' ? unknownPlace(label, null, view) : { policy: '', sid: null, source: null }),
  }))

export interface ReachedBy {
  /** Of an account id: whose principals are looked at. */
  readonly isConcerned: (account: string) => boolean
  /** Label of whom to look at; null: everybody. */
  readonly from: string | null
}

/** @param facts where AWS's own policies are known */
export function worldOf(exploration: Exploration, facts: AccountFacts, isListed: boolean): World {
  const powers = new Powers(exploration)
  return {
    ...exploration,
    isListed,
    powers,
    surplus: new SurplusOf(exploration, powers),
    trusts: new Trusts(exploration),
    running: new RunningThings(exploration.view.estate),
    assumable: new AssumableRoles(exploration.reasoner.actions),
    managedPolicy: managedIn(exploration.view, facts),
  }
}

function managedIn(view: EstateView, facts: AccountFacts): World['managedPolicy'] {
  const known = new Map<string, IdentifiedPolicy | null>()
  return (arn) => {
    let policy = known.get(arn)
    if (policy === undefined) {
      const held = [...view.accounts.values()].flatMap(({ awsPolicies }) => awsPolicies?.get(arn) ?? [])
      const json = held.length > 0 ? null : facts.documentOf(arn)
      const document = held[0] ?? (json === null ? null : { json, located: null })
      policy = document === null ? null : view.knownPolicy(arn, document, 'identity')
      known.set(arn, policy)
    }
    return policy
  }
}

/** What everybody can come to in a state that they couldn't come to in another. @param before null: nothing was there */
export function newReach(after: World, before: World | null, by: ReachedBy): FoundReach {
  const now = new Reach(after)
  const old = before === null ? null : new Reach(before)
  const reached: Gained[] = []
  const unknown: Unknown[] = []
  const changed = before === null ? null : changedBetween(before.view, after.view)
  const looked: string[] = []
  for (const account of after.view.accounts.keys()) {
    const isReadable = readableIn(account, after)
    for (const entity of by.isConcerned(account) ? after.view.entitiesOf(account) : []) {
      const { arn } = entity
      if (by.from !== null && by.from !== arn) continue
      const isHidden = !isReadable(entity) && startAt(arn, after) === 'unknown'
      if (isHidden || isTrustHidden(entity, before)) unknown.push({ label: arn, reason: 'document' })
      if (!isHidden) looked.push(arn)
    }
  }
  for (const { arn, account, policy, policyOf } of after.view.estate.resources.values())
    if (
      policy !== null &&
      policyOf === undefined &&
      isUnknown(policy) &&
      (by.isConcerned(account) || !after.view.accounts.has(account))
    )
      if (by.from === null && !isSameUnknown(policy, before?.view.resourceOf(arn)?.policy ?? null))
        unknown.push({ label: arn, reason: 'document' })
  const concerned =
    changed === null || before === null
      ? startsAt(looked, after)
      : concernedBy(changed, looked, before, after)
  for (const start of concerned) {
    const { label } = start.principal
    const found = now.from(start)
    if (!found.isWhole) unknown.push({ label, reason: 'budget' })
    if (found.reached.length === 0) continue
    const formerly = before === null ? null : startAt(formerArn(label, before), before)
    if (formerly === 'unknown') {
      unknown.push({ label, reason: 'document' })
      continue
    }
    const former = formerly === null || old === null ? [] : old.from(formerly).reached
    const news = found.reached.filter(notAmong(former, formerly, before))
    reached.push(...gainsIn(news, after))
  }
  return { reached, unknown }
}

/** Whether nobody can read who may become a role, and it isn't as unreadable as before. */
function isTrustHidden(entity: PrincipalEntity, before: World | null): boolean {
  if (!('trustPolicy' in entity) || !isUnknown(entity.trustPolicy)) return false
  return !isSameUnknown(entity.trustPolicy, before?.view.roleOf(entity.arn)?.trustPolicy ?? null)
}

const isSameUnknown = (now: UnknownDocument, former: StateDocument | null): boolean =>
  former !== null && isUnknown(former) && former.text === now.text

/** Whether the policies of somebody of an account can be read, all of them: nothing else is put together to tell. */
function readableIn(account: string, { view }: World): (entity: PrincipalEntity) => boolean {
  const state = view.accounts.get(account)
  const root = state === undefined ? null : view.principalOf(rootArn(state.account))
  if (root === null || !('principal' in root)) return () => false
  return (entity) => view.ownLayersOf(entity, account) !== null
}

const startsAt = (arns: readonly string[], world: World): readonly Holder[] =>
  arns.flatMap((arn) => {
    const start = startAt(arn, world)
    return start === null || start === 'unknown' ? [] : [start]
  })

/** Of some starts those that a change may bear on: by what statements say alone first, then by who may become whom. */
function concernedBy(
  changed: Changed,
  arns: readonly string[],
  before: World,
  after: World,
): Iterable<Holder> {
  const leads = new Leads(after)
  const alike = alikeInWays(changed, before.view, after, leads)
  if (alike.size === 0 && arns.every(changed.has)) return startsAt(arns, after)
  const coming = new Touching(after, leads).comingTo(changed, alike)
  const starts = startsAt(arns.filter(coming.hasOwn), after)
  return new Reach({ ...after, isOutline: true }).concerned(starts, changed.has, coming.has)
}

/** Whom one path leads to, at most, that are told: of the others it is not looked at what they may do. */
const MOST_TARGETS = 12

/** Of what is reached, what gives anything. */
function gainsIn(reached: readonly Reached[], { surplus }: World): readonly Gained[] {
  const told = new Map<string, number>()
  const gained: Gained[] = []
  const administrated = stepsToAdministrators(reached)
  // Administrators first.
  for (const each of reached.toSorted((a, b) => Number(b.isAdministrator) - Number(a.isAdministrator))) {
    const { edge, start, isAdministrator } = each
    // Who else there may be is said beside whom a finding names.
    const isBeside = edge.undeclared !== null && told.has(`true ${waysOf(each)}`)
    if (!isBeside && isLess(each, administrated)) continue
    if (edge.to === null) {
      gained.push({ ...each, surplus: null })
      continue
    }
    const ways = `${isAdministrator} ${waysOf(each)}`
    const count = told.get(ways) ?? 0
    if (count >= MOST_TARGETS) continue
    const more = surplus.beyond(edge.to, start, edge.only)
    if (more === null) continue
    told.set(ways, count + 1)
    gained.push({ ...each, surplus: more })
  }
  return gained
}

const waysOf = ({ path }: Reached): string => path.map(({ way }) => way).join()

/** By account id, how many steps it takes to become an administrator at least, for sure. */
function stepsToAdministrators(reached: readonly Reached[]): ReadonlyMap<string, number> {
  const steps = new Map<string, number>()
  for (const { edge, path, isAdministrator } of reached)
    if (edge.to !== null && isAdministrator && !edge.isPotential)
      steps.set(edge.to.account, Math.min(path.length, steps.get(edge.to.account) ?? path.length))
  return steps
}

/** Whether somebody who may be an administrator as soon gains nothing by it: another's power in the account, or what is potential. */
function isLess(
  { edge, start, path, isAdministrator }: Reached,
  administrated: ReadonlyMap<string, number>,
): boolean {
  const steps = administrated.get(edge.to?.account ?? start.account)
  if (steps === undefined || steps > path.length || isAdministrator) return false
  return edge.to !== null || edge.isPotential || edge.class === 'can-let-others-in'
}

/** null: there is nobody such. */
function startAt(arn: string, { view }: World): Holder | 'unknown' | null {
  const known = view.principalOf(arn)
  if (known === null) return null
  return ('principal' in known ? holderOf(arn, 'own', view) : null) ?? 'unknown'
}

/** Who moves to another path stays the same. */
function formerArn(arn: string, { view }: World): string {
  const state = view.accounts.get(parseEntityArn(arn)?.account ?? '')
  return principalEntityNamed(state?.entities, arn)?.arn ?? arn
}

function notAmong(
  former: readonly Reached[],
  formerly: Holder | null,
  before: World | null,
): (each: Reached) => boolean {
  const certain = new Set(former.filter(({ edge }) => !edge.isPotential).map(({ key }) => key))
  const all = new Set(former.map(({ key }) => key))
  const wasAdministrator = formerly !== null && before?.surplus.isAdministrator(formerly) === true
  return (each) => {
    const account = each.edge.to?.account ?? each.start.account
    // Nearly everything is more than anything else in an account.
    if (wasAdministrator && formerly?.account === account) return false
    if (certain.has(`administrator of ${account}`)) return false
    return each.edge.isPotential ? !all.has(each.key) : !certain.has(each.key)
  }
}
