import type { IdentifiedPolicy, PolicyLayers } from '../evaluator/layers.ts'
import { UnevaluablePolicyError } from '../evaluator/unevaluable.ts'
import type { ParsedPolicy, ParsedStatement } from '../policy/parsed.ts'
import { hasAction } from './action-table.ts'
import type { Comparer, Comparison } from './comparer.ts'
import type { Decider } from './decider.ts'
import { EntryCollector } from './entries.ts'
import type { EstateView } from './estate-view.ts'
import { namingOf } from './principal-match.ts'
import type { Reasoner } from './reasoner.ts'
import { REST, type Region, resourceRegion, trustRegion } from './region.ts'
import { differingStatements, type PrincipalSide } from './side.ts'
import { entitySubject, outsidersIn, type Subject, sessionsIn, stateOf } from './subject.ts'

/** Two states of one partition's accounts, and what it takes to compare them. */
export interface EstateComparison {
  readonly before: EstateView
  readonly after: EstateView
  readonly reasoner: Reasoner
  readonly comparer: Comparer
  readonly decider: Decider
}

/** An edge of the graph of who may assume which role. */
export interface AssumeEdge {
  readonly from: Subject
  readonly role: string
}

export interface FoundChanges {
  readonly collector: EntryCollector
  /** Roles that somebody of the estate may assume now and couldn't. */
  readonly gainedEdges: readonly AssumeEdge[]
  /** What somebody whose access changed may do afterwards, where resources' own policies aren't known; null: nobody such. */
  readonly sideOf: (principal: string) => PrincipalSide | null
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
  readonly #sides = new Map<string, PrincipalSide>()
  /** One array for each direction: what spaces are remembered by. */
  readonly #views: { readonly gained: readonly EstateView[]; readonly lost: readonly EstateView[] }

  constructor(comparison: EstateComparison, isConcerned: (account: string) => boolean) {
    this.#in = comparison
    this.#isConcerned = isConcerned
    this.#collector = new EntryCollector(comparison.reasoner, comparison.decider)
    const { before, after } = comparison
    this.#views = { gained: [after, before], lost: [before, after] }
  }

  run(): FoundChanges {
    const changed = this.#changedSubjects()
    this.#prepare(changed)
    const groups = new Map<string, ChangedSubject[]>()
    for (const subject of changed) {
      const found = this.#compare(subject, REST)
      if (found === null) continue
      const group = groups.get(found.key)
      const differing = differingStatements(found.now.side, found.before.side)
      const each = {
        subject,
        assumes: differing.some(({ actions }) => hasAction(actions, 'sts:assumerole')),
      }
      if (group === undefined) groups.set(found.key, [each])
      else group.push(each)
    }
    this.#compareRegions([...groups.values()])
    return {
      collector: this.#collector,
      gainedEdges: this.#gainedEdges,
      sideOf: (principal) => this.#sides.get(principal) ?? null,
    }
  }

  /** A policy that can't be evaluated is found when it is asked about. */
  #prepare(subjects: readonly Subject[]): void {
    const { before, after, decider } = this.#in
    for (const view of [before, after]) {
      const layers = subjects.flatMap(({ principal }) => {
        const known = view.principalOf(principal)
        return known !== null && 'layers' in known ? [known.layers] : []
      })
      try {
        decider.prepare(layers)
      } catch (error) {
        if (!(error instanceof UnevaluablePolicyError)) throw error
      }
    }
  }

  /** Users and roles whose own layers, or tags, aren't the same in both states. */
  #changedSubjects(): readonly Subject[] {
    const { before, after } = this.#in
    const subjects: Subject[] = []
    const accounts = new Set([...before.accounts.keys(), ...after.accounts.keys()])
    for (const account of accounts) {
      const arns = new Set(
        [...after.entitiesOf(account), ...before.entitiesOf(account)].map(({ arn }) => arn),
      )
      for (const arn of arns) if (!this.#isSame(arn)) subjects.push(entitySubject(arn, account))
    }
    return subjects
  }

  #isSame(arn: string): boolean {
    const { before, after } = this.#in
    const [old, now] = [before.principalOf(arn), after.principalOf(arn)]
    if (old === null || now === null || !('asker' in old) || !('asker' in now)) return false
    return sameLayers(old.layers, now.layers) && keysText(old.asker.context) === keysText(now.asker.context)
  }

  /** Collects what changes for a subject in a region. @returns null: nothing can */
  #compare(subject: Subject, region: Region): Comparison | null {
    const { before, after, comparer } = this.#in
    comparer.makeRoom()
    const gained = comparer.compare(subject, region, after, before)
    if (gained === 'same') return null
    if (gained === 'unknown') {
      for (const direction of ['gained', 'lost'] as const)
        this.#collector.addUnknown(direction, subject.label, 'variables', NOWHERE)
      return null
    }
    const lost = comparer.compare(subject, region, before, after)
    const gains = comparer.gainsOf(gained, this.#views.gained)
    this.#collector.add('gained', gained, gains)
    if (region.type === 'rest') this.#sides.set(subject.label, gained.now.side)
    if (region.type === 'trust' && subject.account !== null && gains.findings.length > 0)
      this.#gainedEdges.push({ from: subject, role: region.arn })
    if (typeof lost !== 'string') this.#collector.add('lost', lost, comparer.gainsOf(lost, this.#views.lost))
    return gained
  }

  #compareRegions(groups: readonly (readonly ChangedSubject[])[]): void {
    const { before, after } = this.#in
    const resources = new Map([...before.estate.resources, ...after.estate.resources])
    for (const [arn, { account }] of resources) {
      const region = resourceRegion(arn, account)
      const policies = [before, after].map((view) => {
        const facts = view.resourceOf(arn)
        return facts === null ? null : view.policyOf(facts)
      })
      this.#compareRegion(region, account, policies, groups.flat())
    }
    const roles = new Set(
      [...after.accounts.values(), ...before.accounts.values()].flatMap((state) =>
        [...state.roles.values()].map(({ arn }) => arn),
      ),
    )
    const assuming = groups.flatMap((group) => {
      const able = group.filter(({ assumes }) => assumes)
      return able.length === 0 ? [] : [able]
    })
    for (const arn of roles) {
      const region = trustRegion(arn)
      const policies = [before.trustOf(arn), after.trustOf(arn)]
      const named = new Set(policies.flatMap((policy) => namedArns(policy?.policy ?? null)))
      // Of those who are alike, one stands for all whom the policy doesn't name.
      const changed = assuming.flatMap((group) => {
        const [first] = group.filter(({ subject }) => !named.has(subject.principal))
        return [
          ...(first === undefined ? [] : [first]),
          ...group.filter(({ subject }) => named.has(subject.principal)),
        ]
      })
      this.#compareRegion(region, region.type === 'trust' ? region.owner : '', policies, changed)
    }
  }

  #compareRegion(
    region: Region,
    owner: string,
    policies: readonly (IdentifiedPolicy | null)[],
    changed: readonly ChangedSubject[],
  ): void {
    const [old, now] = policies
    const isSamePolicy = contentOf(old?.policy ?? null) === contentOf(now?.policy ?? null)
    const subjects = new Map<string, Subject>()
    const statements = policies.flatMap((policy) => policy?.policy.statements ?? [])
    for (const { subject } of changed)
      if (region.type !== 'trust' || this.#isNamedIn(statements, subject))
        subjects.set(subject.label, subject)
    if (!isSamePolicy || this.#existenceDiffers(region))
      for (const subject of this.#affectedBy(policies)) subjects.set(subject.label, subject)
    for (const subject of subjects.values())
      if (this.#isConcerned(subject.account ?? owner) || this.#isConcerned(owner))
        this.#compare(subject, region)
  }

  #existenceDiffers(region: Region): boolean {
    const { before, after } = this.#in
    if (region.type === 'trust')
      return (before.roleOf(region.arn) === null) !== (after.roleOf(region.arn) === null)
    return (
      region.type === 'resource' &&
      (before.resourceOf(region.arn) === null) !== (after.resourceOf(region.arn) === null)
    )
  }

  /** Whether some statement is about somebody, as they are in either state. */
  #isNamedIn(statements: readonly ParsedStatement[], subject: Subject): boolean {
    const { before, after } = this.#in
    return [after, before].some((view) => {
      const state = stateOf(subject, view)
      if (state === null || state === 'unknown') return state === 'unknown'
      const named = { facts: state.facts, base: state.base, hasBoundary: state.layers.boundary != null }
      return statements.some((statement) => namingOf(statement, named) !== null)
    })
  }

  /** Everybody of whom one of the policies speaks. */
  #affectedBy(policies: readonly (IdentifiedPolicy | null)[]): readonly Subject[] {
    const { before, after } = this.#in
    const subjects: Subject[] = []
    const statements = policies.flatMap((policy) => policy?.policy.statements ?? [])
    for (const [account] of [...after.accounts, ...before.accounts])
      for (const { arn } of new Set([...after.entitiesOf(account), ...before.entitiesOf(account)])) {
        const subject = entitySubject(arn, account)
        if (this.#isNamedIn(statements, subject)) subjects.push(subject)
      }
    for (const [index, view] of [before, after].entries()) {
      const policy = policies[index]?.policy ?? null
      subjects.push(...outsidersIn(policy, view), ...sessionsIn(policy, view))
    }
    return subjects
  }
}

interface ChangedSubject {
  readonly subject: Subject
  /** What changed has to do with assuming roles. */
  readonly assumes: boolean
}

const NOWHERE = { policy: '', sid: null, source: null }

const namedArns = (policy: ParsedPolicy | null): readonly string[] =>
  (policy?.statements ?? []).flatMap(({ principal }) =>
    (principal?.entries ?? []).flatMap((entry) => (entry.kind === 'arn' ? [entry.arn] : [])),
  )

const keysText = (context: ReadonlyMap<string, readonly string[]>): string =>
  JSON.stringify([...context].filter(([key]) => /^aws:principal/i.test(key)).sort())

const contents = new WeakMap<ParsedPolicy, string>()

/** What a policy says, whatever its names, places and order of statements. */
export function contentOf(policy: ParsedPolicy | null): string {
  if (policy === null) return ''
  let content = contents.get(policy)
  if (content === undefined) {
    const statements = policy.statements.map(({ index: _i, sid: _s, span: _p, ...rest }) =>
      JSON.stringify(rest),
    )
    content = `${policy.version} ${statements.sort().join()}`
    contents.set(policy, content)
  }
  return content
}

function sameLayers(a: PolicyLayers, b: PolicyLayers): boolean {
  return (
    sameUnion(a.identity, b.identity) &&
    sameUnion(a.boundary, b.boundary) &&
    (a.scp?.length ?? 0) === (b.scp?.length ?? 0) &&
    (a.scp ?? []).every((level, index) => sameUnion(level, b.scp?.[index]))
  )
}

type Union = readonly IdentifiedPolicy[] | null | undefined

function sameUnion(a: Union, b: Union): boolean {
  if (a == null || b == null) return a == null && b == null
  if (a.length === b.length && a.every(({ policy }, index) => policy === b[index]?.policy)) return true
  const contentsOf = (union: readonly IdentifiedPolicy[]) =>
    [...new Set(union.map(({ policy }) => contentOf(policy)))].sort().join('\n')
  return contentsOf(a) === contentsOf(b)
}
