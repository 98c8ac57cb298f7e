import type { IdentifiedPolicy } from '../../../evaluator/layers.ts'
import {
  type AccountState,
  keysOf,
  type PrincipalEntity,
  principalEntityNamed,
} from '../../../model/index.ts'
import type { ParsedPolicy, ParsedStatement } from '../../../policy/parsed.ts'
import type { ActionSet } from '../../actions/action-set.ts'
import type { EstateView } from '../../estate-view.ts'
import { otherArns } from '../../principals/moved-entities.ts'
import { type Changed, isWrittenAlike } from '../changed-between.ts'
import type { World } from '../edge.ts'
import { accountOf, holderOf } from '../powers/holder.ts'
import type { Leads } from './leads.ts'
import { NamedTags } from './named-tags.ts'

/** What trust policies decide about, beside the actions of the ways. */
const OF_ROLES = ['sts:AssumeRole*', 'sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext']

/**
 * Of who changed, the users and roles for whom nothing did that ways ask for: the same statements about their actions, the
 * same trust and boundary, and of their tags those alone are others that no policy names. Where they lead, and who leads to
 * them, is as it was.
 *
 * Who may write what somebody is allowed, give them tags or another name is never among them: what they then are may hang on
 * all that their policies say, as who is an administrator does.
 *
 * @returns ARNs; none where anybody changed otherwise, came or went: what others lead to may hang on that
 */
export function alikeInWays(
  { arns }: Changed,
  before: EstateView,
  world: World,
  leads: Leads,
): ReadonlySet<string> {
  const { view } = world
  for (const [id, now] of view.accounts) if (!hasSameNames(before.accounts.get(id), now)) return NONE
  const alike = new AlikeInWays(before, world, leads)
  const found = new Set<string>()
  for (const arn of arns) {
    const [former, now] = [before, view].map(({ accounts }) =>
      principalEntityNamed(accounts.get(accountOf(arn))?.entities, arn),
    )
    // Groups and policies count by whom they are about.
    if (now == null) continue
    if (former == null || !alike.is(former, now)) return NONE
    found.add(arn)
  }
  return found
}

const NONE: ReadonlySet<string> = new Set()

const hasSameNames = (old: AccountState | undefined, now: AccountState): boolean =>
  old === now ||
  keysOf(now.entities).every((kind) => otherArns(old?.entities[kind], now.entities[kind]).size === 0)

class AlikeInWays {
  readonly #before: EstateView
  readonly #world: World
  readonly #leads: Leads
  readonly #asked: ActionSet
  /** By policy, what it says of ways. */
  readonly #texts = new Map<ParsedPolicy, readonly string[]>()
  #named: NamedTags | null = null

  constructor(before: EstateView, world: World, leads: Leads) {
    this.#before = before
    this.#world = world
    this.#leads = leads
    const { powers, reasoner } = world
    const { entries } = powers.wanted
    this.#asked = reasoner.actions.setOf({ negated: false, entries: [...entries, ...OF_ROLES] })
  }

  is(former: PrincipalEntity, now: PrincipalEntity): boolean {
    if (former.arn !== now.arn || former.permissionsBoundary !== now.permissionsBoundary) return false
    if (!sameTrust(former, now)) return false
    const account = accountOf(now.arn)
    const old = this.#before.ownLayersOf(former, account)
    const layers = this.#world.view.ownLayersOf(now, account)
    if (old === null || layers === null) return false
    if (!this.#sayTheSame(old.identity, layers.identity) || !this.#sayTheSame(old.boundary, layers.boundary))
      return false
    return this.#isOfOthers(now.arn) && changedTags(former.tags, now.tags).every((tag) => !this.#isAsked(tag))
  }

  /** Whether what somebody is allowed, their tags and their name are for others to change. */
  #isOfOthers(arn: string): boolean {
    const holder = holderOf(arn, 'own', this.#world.view)
    if (holder === null) return false
    const { isFree, isRenaming, isTagging } = this.#leads.of(holder).kinds
    return !isFree && !isRenaming && !isTagging
  }

  #sayTheSame(old: Union, now: Union): boolean {
    const [former, present] = [old, now].map((union) => new Set((union ?? []).map(({ policy }) => policy)))
    if (former === undefined || present === undefined) return false
    const missing = (some: ReadonlySet<ParsedPolicy>, others: ReadonlySet<ParsedPolicy>) => {
      const rest = [...some]
        .filter((policy) => !others.has(policy))
        .flatMap((policy) => this.#textsOf(policy))
      const said = rest.length === 0 ? [] : [...others].flatMap((policy) => this.#textsOf(policy))
      return rest.some((text) => !said.includes(text))
    }
    return !missing(former, present) && !missing(present, former)
  }

  #textsOf(policy: ParsedPolicy): readonly string[] {
    let texts = this.#texts.get(policy)
    if (texts === undefined) {
      texts = policy.statements
        .filter((statement) => this.#bearsOnWays(statement))
        .map(({ index: _i, sid: _s, span: _p, ...rest }) => JSON.stringify(rest))
      this.#texts.set(policy, texts)
    }
    return texts
  }

  /** Keys of single services tell of roles that are passed, and of boundaries, whatever statement they stand in. */
  #bearsOnWays({ action, conditions }: ParsedStatement): boolean {
    const { actions: table } = this.#world.reasoner
    return (
      table.haveCommon(table.setOf(action), this.#asked) || conditions.some(({ key }) => !/^aws:/i.test(key))
    )
  }

  /** Whether a policy of anybody or anything names a tag. */
  #isAsked(tag: string): boolean {
    this.#named ??= new NamedTags(this.#world)
    return this.#named.has(tag)
  }
}

type Union = readonly IdentifiedPolicy[] | null | undefined

const sameTrust = (a: PrincipalEntity, b: PrincipalEntity): boolean =>
  !('trustPolicy' in a && 'trustPolicy' in b) || isWrittenAlike(a.trustPolicy, b.trustPolicy)

function changedTags(
  former: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): readonly string[] {
  return former === now
    ? []
    : [...new Set([...former.keys(), ...now.keys()])].filter((tag) => former.get(tag) !== now.get(tag))
}
