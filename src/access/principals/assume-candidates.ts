import type { ParsedPolicy } from '../../policy/parsed.ts'
import { hasAction } from '../actions/action-set.ts'
import type { ActionTable } from '../actions/action-table.ts'
import type { EstateView } from '../estate-view.ts'
import { letsTagsIn } from '../session-tags/lets-tags-in.ts'
import { tagKeysInLayers, tagKeysOfPolicy } from '../session-tags/tag-keys.ts'
import type { ExaminedPrincipal } from './examined-principal.ts'
import type { MovedEntities } from './moved-entities.ts'
import { isPersonal, principalContent } from './policy-content.ts'

/** Some who are alike in all that decides: what is found of the first holds for the others. */
interface Alike {
  readonly first: ExaminedPrincipal
  readonly others: readonly ExaminedPrincipal[]
}

/** All, or only those who aren't the same in both states. */
type Whom = 'all' | 'changed'

/** Whether roles whose sessions can be tagged are like others: never where policies ask for tags, or always. */
type Tagged = 'apart' | 'together'

const BY_TRUST = ['sts:assumerole', 'sts:tagsession', 'sts:setsourceidentity', 'sts:setcontext']

/**
 * Who can be concerned by a trust policy at all: whom it names; and where it leaves the decision to an account, those of
 * the account whose own policies speak of assuming roles. Of thousands of principals these are few.
 */
export class AssumeCandidates {
  readonly #views: readonly [before: EstateView, after: EstateView]
  readonly #actions: ActionTable
  readonly #changed: ReadonlySet<string>
  readonly #moved: MovedEntities
  readonly #able = new Map<string, readonly Alike[]>()
  readonly #mentioned = new Map<string, readonly Alike[]>()
  /** By ARN. */
  readonly #tagged = new Map<string, boolean>()
  readonly #asking = new Map<string, boolean>()

  /** @param changed ARNs of those who aren't the same in both states */
  constructor(
    views: readonly [before: EstateView, after: EstateView],
    changed: ReadonlySet<string>,
    actions: ActionTable,
    moved: MovedEntities,
  ) {
    this.#moved = moved
    this.#views = views
    this.#changed = changed
    this.#actions = actions
  }

  /** @param owner the account of the role */
  of(
    policies: readonly (ParsedPolicy | null)[],
    owner: string,
    whom: Whom,
    tagged: Tagged = 'apart',
  ): readonly Alike[] {
    const mentioned = this.#mentionedIn(policies, owner, whom)
    if (mentioned.length === 0) return mentioned
    const found: Alike[] = []
    const told = new Set<string>()
    const deciding = [...policies, ...this.#views.flatMap((view) => view.controlPolicies)].flatMap(
      (policy) => policy ?? [],
    )
    // Who is named, or told apart by name, isn't like the others.
    const areAllApart = deciding.some(isPersonal)
    const areTagsAsked = deciding.some((policy) => tagKeysOfPolicy(policy).size > 0)
    const isApart = ({ name }: ExaminedPrincipal) =>
      areAllApart || (tagged === 'apart' && this.#isTagged(name) && (areTagsAsked || this.#asksForTags(name)))
    for (const { first, others } of mentioned) {
      const left = [first, ...others].filter(({ label }) => !told.has(label))
      for (const { label } of left) told.add(label)
      for (const each of left) if (isApart(each)) found.push({ first: each, others: [] })
      const [one, ...more] = left.filter((each) => !isApart(each))
      if (one !== undefined) found.push({ first: one, others: more })
    }
    return found
  }

  /** The same, some of them perhaps several times, and not yet told apart by what is theirs alone. */
  #mentionedIn(policies: readonly (ParsedPolicy | null)[], owner: string, whom: Whom): readonly Alike[] {
    // Where the same are named it is the same, whichever role lets them in.
    const key = `${whom} ${owner} ${policies.map(principalsText).join()}`
    const known = this.#mentioned.get(key)
    if (known !== undefined) return known
    const found: Alike[] = []
    const entries = policies.flatMap((policy) =>
      (policy?.statements ?? []).flatMap(({ principal }) => principal ?? []),
    )
    const accounts = new Set<string>()
    for (const { negated, entries: named } of entries)
      for (const entry of named)
        if (entry.kind === 'arn') for (const each of this.#named(entry.arn, whom)) found.push(each)
        else if (entry.kind === 'account') accounts.add(entry.account)
        else if (entry.kind === 'everyone' || negated) accounts.add('*')
    if (accounts.has('*') || entries.some(({ negated }) => negated)) {
      for (const each of this.#everybodyOf(owner, whom)) found.push(each)
      for (const account of this.#accounts())
        if (account !== owner) for (const each of this.#ableIn(account, whom)) found.push(each)
    } else for (const account of accounts) for (const each of this.#ableIn(account, whom)) found.push(each)
    this.#mentioned.set(key, found)
    return found
  }

  #accounts(): ReadonlySet<string> {
    return new Set(this.#views.flatMap(({ accounts }) => [...accounts.keys()]))
  }

  #named(named: string, whom: Whom): readonly Alike[] {
    const arn = this.#moved.presentArnOf(named)
    if (whom === 'changed' && !this.#changed.has(arn)) return []
    const view = this.#views.find((each) => each.principalOf(arn) !== null)
    const account = arn.split(':')[4] ?? ''
    return view === undefined || !this.#accounts().has(account) ? [] : this.#alone(arn, account)
  }

  #alone(arn: string, account: string): readonly Alike[] {
    return this.#moved.principalsOf(arn, account).map((first) => ({ first, others: [] }))
  }

  #arnsIn(account: string, whom: Whom): Iterable<string> {
    return whom === 'all'
      ? arnsOf(account, this.#views)
      : [...this.#changed].filter((arn) => arn.split(':')[4] === account)
  }

  #everybodyOf(account: string, whom: Whom): readonly Alike[] {
    return [...this.#arnsIn(account, whom)].flatMap((arn) => this.#alone(arn, account))
  }

  /** Those of an account who may be allowed to assume some role, each group of equals once. */
  #ableIn(account: string, whom: Whom): readonly Alike[] {
    const known = this.#able.get(`${whom} ${account}`)
    if (known !== undefined) return known
    const groups = new Map<string, ExaminedPrincipal[]>()
    for (const arn of this.#arnsIn(account, whom)) {
      const states = this.#views.map((view) => view.principalOf(arn))
      const isAble = states.some(
        (state) =>
          state !== null && (!('layers' in state) || this.#speaksOfAssuming(state.layers.identity ?? [])),
      )
      if (!isAble) continue
      const content = states.map((state) =>
        state !== null && 'layers' in state ? principalContent(state) : arn,
      )
      const key = `${arn.includes(':role/') ? 'role' : 'user'} ${content.join('\n')}`
      const group = groups.get(key)
      const principals = this.#moved.principalsOf(arn, account)
      if (group === undefined) groups.set(key, [...principals])
      else group.push(...principals)
    }
    const able = [...groups.values()].flatMap(([first, ...others]): readonly Alike[] =>
      first === undefined ? [] : [{ first, others }],
    )
    this.#able.set(`${whom} ${account}`, able)
    return able
  }

  /** Whether sessions of a role may have tags of their own: which, no policy that it holds tells. */
  #isTagged(arn: string): boolean {
    let isTagged = this.#tagged.get(arn)
    if (isTagged === undefined) {
      const trusts = this.#views.map((view) => view.trustAtMost(arn))
      isTagged = trusts.some((trust) => trust !== null && letsTagsIn(trust, this.#actions))
      this.#tagged.set(arn, isTagged)
    }
    return isTagged
  }

  /** Whether what somebody holds asks for tags of whoever asks. */
  #asksForTags(arn: string): boolean {
    let asks = this.#asking.get(arn)
    if (asks === undefined) {
      asks = this.#views.some((view) => {
        const state = view.principalOf(arn)
        return state !== null && 'layers' in state && tagKeysInLayers(state.layers).size > 0
      })
      this.#asking.set(arn, asks)
    }
    return asks
  }

  #speaksOfAssuming(policies: readonly { readonly policy: ParsedPolicy }[]): boolean {
    return policies.some(({ policy }) => {
      let speaks = speaking.get(policy)
      if (speaks === undefined) {
        speaks = policy.statements.some(
          ({ effect, action }) =>
            effect === 'Allow' && BY_TRUST.some((each) => hasAction(this.#actions.setOf(action), each)),
        )
        speaking.set(policy, speaks)
      }
      return speaks
    })
  }
}

/** Whether a policy allows assuming some role. */
const speaking = new WeakMap<ParsedPolicy, boolean>()

export const arnsOf = (account: string, views: readonly EstateView[]): ReadonlySet<string> =>
  new Set(views.flatMap((view) => view.entitiesOf(account).map(({ arn }) => arn)))

const principals = new WeakMap<ParsedPolicy, string>()

/** Whom the statements of a policy name, one after the other. */
function principalsText(policy: ParsedPolicy | null): string {
  if (policy === null) return ''
  let text = principals.get(policy)
  if (text === undefined) {
    text = JSON.stringify(policy.statements.map(({ principal }) => principal))
    principals.set(policy, text)
  }
  return text
}
