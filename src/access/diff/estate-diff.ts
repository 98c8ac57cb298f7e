import { UnevaluablePolicyError } from '../../evaluator/unevaluable.ts'
import type { ParsedPolicy } from '../../policy/parsed.ts'
import type { Direction } from '../access-entry.ts'
import { EntryCollector } from '../entries/entries.ts'
import { unknownPlace } from '../entries/unknown-place.ts'
import type { EstateView } from '../estate-view.ts'
import { AssumeCandidates } from '../principals/assume-candidates.ts'
import { startsSession } from '../principals/assuming.ts'
import type { ExaminedPrincipal } from '../principals/examined-principal.ts'
import { federatedBy, federatedNamedBy } from '../principals/federated-users.ts'
import { MovedEntities } from '../principals/moved-entities.ts'
import type { Reasoner } from '../reasoner.ts'
import {
  entityRegion,
  partsOf,
  type Region,
  resourceRegions,
  restRegion,
  trustRegion,
} from '../regions/region.ts'
import { sameControls } from '../regions/resource-controls.ts'
import type { Decider } from '../witness/decider.ts'
import { ComparedPrincipals, distinctPrincipals } from './compared-principals.ts'
import type { Comparer } from './comparer.ts'
import type { Comparison, TwoWays } from './comparison.ts'
import { gainsReadWider, onlyOf, partsByAllow } from './comparison-parts.ts'
import { retaggedIn } from './retagged.ts'
import { hasSameOrganization, hasSameTags, isSamePolicy, isSameTrust } from './same-declared.ts'
import { UntouchedResources } from './untouched-resources.ts'

/** Two states of one partition's accounts, and what it takes to compare them. */
export interface EstateComparison {
  readonly before: EstateView
  readonly after: EstateView
  readonly reasoner: Reasoner
  readonly comparer: Comparer
  readonly decider: Decider
  /** Whether rules that AWS leaves open are read the way that grants less only. */
  readonly assume?: 'strict'
}

/** An edge of the graph of who may assume which role, or tag its sessions. */
export interface AssumeEdge {
  readonly from: ExaminedPrincipal
  readonly role: string
  /** false: some policy that decides it has no clear meaning. */
  readonly isKnown: boolean
}

interface FoundChanges {
  readonly collector: EntryCollector
  /** Roles that somebody of the estate may assume now and couldn't, at all or with some tags, or perhaps. */
  readonly gainedEdges: readonly AssumeEdge[]
}

/**
 * Compares everybody's access in two states: first on resources whose own policies aren't known, then on each that is
 * declared, and on roles to assume. Who is alike on both sides of a comparison is compared once.
 * @param isConcerned of an account id: only changes of its principals, or of its resources, are of interest
 */
export function compareEstates(
  comparison: EstateComparison,
  isConcerned: (account: string) => boolean,
): FoundChanges {
  return new EstateComparer(comparison, isConcerned).run()
}

class EstateComparer {
  readonly #in: EstateComparison
  readonly #isConcerned: (account: string) => boolean
  readonly #collector: EntryCollector
  readonly #gainedEdges: AssumeEdge[] = []
  readonly #moved: MovedEntities
  readonly #who: ComparedPrincipals
  /** Who gains, and loses, something; by ARN. */
  readonly #changed: Readonly<Record<Direction, Set<string>>> = { gained: new Set(), lost: new Set() }
  /** One array for each direction: what spaces are remembered by. */
  readonly #views: { readonly gained: readonly EstateView[]; readonly lost: readonly EstateView[] }

  readonly #isControlled: boolean
  readonly #untouched: UntouchedResources

  constructor(comparison: EstateComparison, isConcerned: (account: string) => boolean) {
    this.#in = comparison
    this.#isConcerned = isConcerned
    this.#collector = new EntryCollector(comparison.reasoner, comparison.decider)
    const { before, after } = comparison
    this.#views = { gained: [after, before], lost: [before, after] }
    this.#moved = new MovedEntities(before, after)
    const controlled = new Set([...before.controllingAccounts, ...after.controllingAccounts])
    this.#isControlled = controlled.size > 0
    this.#untouched = new UntouchedResources(comparison, (...told) => this.#collector.isTold(...told))
    this.#who = new ComparedPrincipals({
      before,
      after,
      reasoner: comparison.reasoner,
      table: comparison.comparer.sessionTags,
      moved: this.#moved,
      controlsDiffer: [...controlled].some((account) => !this.#hasSameControls(account)),
    })
  }

  run(): FoundChanges {
    const unlike = this.#who.changed()
    const changed = [...unlike, ...this.#who.withOtherSessions(unlike)]
    this.#prepare(changed)
    // Which control policies bind a resource hangs on whose it is.
    const parts = this.#isControlled ? (['own', 'elsewhere'] as const) : (['all'] as const)
    for (const principal of changed)
      for (const part of parts) this.#compare(principal, restRegion(principal.account, part))
    this.#compareFederated(unlike)
    this.#compareResources(changed)
    this.#compareRetagged()
    this.#compareTrusts(new Set([...changed, ...this.#who.retrusted()].map(({ name }) => name)))
    return {
      collector: this.#collector,
      gainedEdges: this.#gainedEdges,
    }
  }

  /** Federated users: where their users gain, or lose, the same may be true of whom they ask credentials for, and is no news. */
  #compareFederated(users: readonly ExaminedPrincipal[]): void {
    const { before, after, reasoner } = this.#in
    for (const { name } of users) {
      const directions = DIRECTIONS.filter((direction) => !this.#changed[direction].has(name))
      if (directions.length === 0) continue
      for (const principal of federatedBy(name, [after, before], reasoner.actions))
        this.#compare(principal, restRegion(principal.account), [], directions)
    }
  }

  /** A policy that can't be evaluated is found when it is asked about. */
  #prepare(principals: readonly ExaminedPrincipal[]): void {
    const { before, after, decider } = this.#in
    for (const view of [before, after]) {
      const layers = principals.flatMap(({ name }) => {
        const known = view.principalOf(name)
        return known !== null && 'layers' in known ? [known.layers] : []
      })
      try {
        decider.prepare(layers)
      } catch (error) {
        if (!(error instanceof UnevaluablePolicyError)) throw error
      }
    }
  }

  /**
   * Collects what changes for a principal in a region.
   * @param others who are alike: what is found holds for them too
   * @returns in which directions something changes, or may
   */
  #compare(
    principal: ExaminedPrincipal,
    region: Region,
    others: readonly ExaminedPrincipal[] = [],
    directions: readonly Direction[] = DIRECTIONS,
  ): ReadonlySet<Direction> {
    const { before, after, comparer } = this.#in
    comparer.makeRoom()
    const gained = comparer.compare(principal, region, after, before)
    const all = [principal, ...others]
    if (gained !== 'unknown') this.#collectAssumed(principal, region, gained, all)
    if (gained !== 'unknown' && region.type === 'rest' && region.part === 'all') {
      const hangOnTags = [before, after].some((view) => comparer.asksForSessionTags(principal, region, view))
      if (!hangOnTags) this.#untouched.note({ principal, region }, gained)
    }
    if (gained === 'same') return NEITHER
    if (gained === 'unknown') {
      for (const [direction, view] of [
        ['gained', after],
        ['lost', before],
      ] as const)
        for (const { label } of all) {
          const place = unknownPlace(label, region, view, view === after ? before : after)
          this.#collector.addUnknown(direction, label, 'document', place)
        }
      this.#addEdges(all, region, false)
      return new Set(DIRECTIONS)
    }
    if (region.type === 'resource' && region.part === 'whole' && comparer.speaksOfTags(gained)) {
      const parts = partsOf(region).map((part) => this.#compare(principal, part, others, directions))
      return new Set(parts.flatMap((each) => [...each]))
    }
    const changes = new Set<Direction>()
    for (const direction of directions) {
      const found = this.#collect(direction, direction === 'gained' ? gained : gained.reversed(), all)
      if (found.isAny) {
        changes.add(direction)
        this.#changed[direction].add(principal.name)
      }
      if (direction === 'gained' && found.isAssumption) this.#addEdges(all, region, true)
    }
    return changes
  }

  #addEdges(principals: readonly ExaminedPrincipal[], region: Region, isKnown: boolean): void {
    if (region.type !== 'trust') return
    for (const from of principals)
      if (from.account !== null) this.#gainedEdges.push({ from, role: region.arn, isKnown })
  }

  /** What open rules would change if they were read otherwise. */
  #collectAssumed(
    principal: ExaminedPrincipal,
    region: Region,
    strict: TwoWays | 'same',
    all: readonly ExaminedPrincipal[],
  ): void {
    const { before, after, comparer, assume } = this.#in
    const other = assume === 'strict' ? null : comparer.otherReading(principal, region, after, before, strict)
    if (other === null) return
    for (const [direction, comparison] of [
      ['gained', other],
      ['lost', other.reversed()],
    ] as const) {
      const diff = gainsReadWider(comparison, this.#views[direction], this.#in)
      for (const each of all)
        this.#collector.addAssumed(direction, { ...comparison, principal: each }, diff, (allow) =>
          comparer.openRulesIn(comparison, allow),
        )
    }
  }

  /** @returns whether there is anything, and whether roles can be assumed by it */
  #collect(
    direction: Direction,
    comparison: Comparison,
    principals: readonly ExaminedPrincipal[],
  ): { readonly isAny: boolean; readonly isAssumption: boolean } {
    const { comparer, reasoner } = this.#in
    const parts =
      comparison.region.type === 'rest' ? partsByAllow(comparison, reasoner) : [{ comparison, only: null }]
    let isAny = false
    let isAssuming = false
    for (const { comparison: part, only } of parts) {
      const diff = onlyOf(comparer.gainsOf(part, this.#views[direction]), only)
      isAny ||= diff.findings.length > 0
      isAssuming ||= diff.findings.some(({ actions }) => actions.some(startsSession))
      for (const principal of principals) this.#collector.add(direction, { ...part, principal }, diff)
    }
    return { isAny, isAssumption: isAssuming }
  }

  #compareResources(changed: readonly ExaminedPrincipal[]): void {
    const { before, after } = this.#in
    const resources = new Map([...before.estate.resources, ...after.estate.resources])
    for (const [arn, { account }] of resources) {
      const [old, now] = [before, after].map((view) => {
        const facts = view.resourceOf(arn)
        return facts === null ? null : view.policyAtMost(facts)
      })
      const policies = [old ?? null, now ?? null]
      const isSame =
        isSamePolicy(before.resourceOf(arn), after.resourceOf(arn), policies) &&
        hasSameOrganization(before, after) &&
        this.#hasSameControls(account)
      const haveSameTags = hasSameTags(before.resourceOf(arn), after.resourceOf(arn))
      const federated = federatedNamedBy(policies, account, [after, before], this.#in.reasoner.actions)
      // Tags of a resource may decide about everybody.
      const principals = !haveSameTags
        ? [...this.#who.everybody(), ...federated, ...this.#who.outsidersIn(policies, account)]
        : [
            ...changed,
            ...federated,
            ...(isSame ? this.#who.issuedOtherwise(policies) : this.#who.affectedBy(policies, account)),
          ]
      const whole = resourceRegions(arn, account)
      const regions = haveSameTags ? whole : whole.flatMap(partsOf)
      const untouched = this.#untouched.resourceOf(
        arn,
        policies,
        isSame && haveSameTags && !this.#isControlled,
      )
      for (const region of regions)
        for (const principal of distinctPrincipals(principals))
          if (untouched !== null && this.#untouched.isSame(principal, untouched)) continue
          else if (this.#isOfInterest(principal, account))
            this.#compareWithFederated(principal, region, policies)
    }
  }

  /** @param policies of the resource, before and after */
  #compareWithFederated(
    principal: ExaminedPrincipal,
    region: Region,
    policies: readonly (ParsedPolicy | null)[],
  ): void {
    const { before, after, reasoner } = this.#in
    const found = this.#compare(principal, region)
    const directions = DIRECTIONS.filter((direction) => !found.has(direction))
    if (directions.length === 0) return
    for (const federated of federatedBy(principal.name, [after, before], reasoner.actions, policies))
      this.#compare(federated, region, [], directions)
  }

  /** What others may do with entities whose tags aren't the same. */
  #compareRetagged(): void {
    const { before, after } = this.#in
    for (const { arn, account, tags } of retaggedIn(before, after)) {
      const region = entityRegion(arn, account)
      for (const principal of this.#who.askingForTags(account, tags))
        if (this.#isOfInterest(principal, account)) this.#compareWithFederated(principal, region, [])
    }
  }

  #compareTrusts(changed: ReadonlySet<string>): void {
    const { before, after, reasoner } = this.#in
    const candidates = new AssumeCandidates([before, after], changed, reasoner.actions, this.#moved)
    const roles = new Set(
      [after, before].flatMap(({ accounts }) =>
        [...accounts.values()].flatMap((state) => [...state.entities.role.values()].map(({ arn }) => arn)),
      ),
    )
    for (const arn of roles) {
      const region = trustRegion(arn)
      const owner = arn.split(':')[4] ?? ''
      const policies = [before.trustAtMost(arn), after.trustAtMost(arn)]
      const isSame =
        isSameTrust(before.roleOf(arn), after.roleOf(arn), policies) &&
        hasSameTags(before.roleOf(arn), after.roleOf(arn)) &&
        // Whoever is outside may be bound by it, or belong to it.
        hasSameOrganization(before, after) &&
        this.#hasSameControls(owner)
      for (const { first, others } of candidates.of(policies, owner, isSame ? 'changed' : 'all'))
        if (this.#isOfInterest(first, owner)) this.#compare(first, region, others)
      if (!isSame)
        // Nobody assumes a role without credentials.
        for (const principal of this.#who.outsidersIn(policies, owner))
          if (principal.label !== 'anonymous' && this.#isOfInterest(principal, owner))
            this.#compare(principal, region)
    }
  }

  #hasSameControls(owner: string): boolean {
    const { before, after } = this.#in
    return sameControls(owner, before, after)
  }

  /** A resource of an account that isn't in the project is declared here and nowhere else. */
  #isOfInterest({ account }: ExaminedPrincipal, owner: string): boolean {
    const { before, after } = this.#in
    const isNobodys = !before.accounts.has(owner) && !after.accounts.has(owner)
    return isNobodys || this.#isConcerned(account ?? owner) || this.#isConcerned(owner)
  }
}

const DIRECTIONS: readonly Direction[] = ['gained', 'lost']
const NEITHER: ReadonlySet<Direction> = new Set()
