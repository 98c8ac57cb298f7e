import { type AccountState, PRINCIPAL_ENTITY_KINDS, type PrincipalEntity } from '../../model/index.ts'
import type { ParsedPolicy, ParsedStatement } from '../../policy/parsed.ts'
import type { EstateView } from '../estate-view.ts'
import { outsidersOf } from '../outsiders/outsiders.ts'
import { asksForTags } from '../principals/asked-resource-tags.ts'
import { arnsOf } from '../principals/assume-candidates.ts'
import { UnchangedPrincipals } from '../principals/changed-principals.ts'
import { type ExaminedPrincipal, sessionsIn } from '../principals/examined-principal.ts'
import { issuing } from '../principals/issuers.ts'
import type { MovedEntities } from '../principals/moved-entities.ts'
import { keysText, sameLayers } from '../principals/policy-content.ts'
import { stateOf } from '../principals/principal-in-state.ts'
import { mayNameIssued, namingOf } from '../principals/principal-match.ts'
import { valuesNamed } from '../principals/unlike-entries.ts'
import type { Reasoner } from '../reasoner.ts'
import { changedSessions } from '../session-tags/changed-sessions.ts'
import type { SessionTagTable } from '../session-tags/session-tag-table.ts'
import { speakOfTags } from './retagged.ts'
import { isSameTrust } from './same-declared.ts'

/** Two states, and what tells who is who in them. */
interface TwoStates {
  readonly before: EstateView
  readonly after: EstateView
  readonly reasoner: Reasoner
  readonly table: SessionTagTable
  readonly moved: MovedEntities
  /** Whether control policies bind some account otherwise than before: then nobody is taken to be as they were. */
  readonly controlsDiffer: boolean
}

/** Whose access two states are compared for: who isn't as they were, and of whom a policy speaks that isn't. */
export class ComparedPrincipals {
  readonly #in: TwoStates
  /** null: not looked for yet. */
  #retrusted: readonly ExaminedPrincipal[] | null = null

  constructor(states: TwoStates) {
    this.#in = states
  }

  /** Users and roles whose own layers, or tags, aren't the same in both states. */
  changed(): readonly ExaminedPrincipal[] {
    const { before, after } = this.#in
    const principals: ExaminedPrincipal[] = []
    const sameOrganization = before.estate.organization === after.estate.organization
    for (const account of new Set([...before.accounts.keys(), ...after.accounts.keys()])) {
      const [old, now] = [before.accounts.get(account), after.accounts.get(account)]
      if (old !== undefined && old === now && sameOrganization) continue
      const unlike =
        old === undefined || now === undefined || !sameOrganization
          ? { old: before.entitiesOf(account), now: after.entitiesOf(account) }
          : unlikeIn(old, now, new UnchangedPrincipals(old, now, after.documents))
      const arns = new Set(unlike.now.map(({ arn }) => arn))
      for (const arn of arns)
        if (this.#in.controlsDiffer || !this.#isSame(arn))
          principals.push(...this.#in.moved.principalsOf(arn, account))
      for (const { arn } of unlike.old)
        if (!arns.has(arn)) principals.push(...this.#in.moved.principalsOf(arn, account))
    }
    return principals
  }

  /** Roles that are the same but for the tags that their sessions can carry. */
  withOtherSessions(unlike: readonly ExaminedPrincipal[]): readonly ExaminedPrincipal[] {
    return changedSessions(this.#in, new Set(unlike.map(({ name }) => name))).flatMap((arn) =>
      this.#in.moved.principalsOf(arn, arn.split(':')[4] ?? ''),
    )
  }

  /** Roles of both states whose trust policies aren't the same: their sessions may be issued otherwise. */
  retrusted(): readonly ExaminedPrincipal[] {
    const { before, after, moved } = this.#in
    this.#retrusted ??= [...after.accounts].flatMap(([account, state]) =>
      [...state.entities.role.values()].flatMap(({ arn }) => {
        const isSame =
          before.roleOf(arn) === null ||
          isSameTrust(before.roleOf(arn), after.roleOf(arn), [
            before.trustAtMost(arn),
            after.trustAtMost(arn),
          ])
        return isSame ? [] : moved.principalsOf(arn, account)
      }),
    )
    return this.#retrusted
  }

  /** Those of them whom a policy perhaps names by the provider that issues their sessions. @param policies before and after */
  issuedOtherwise(policies: readonly (ParsedPolicy | null)[]): readonly ExaminedPrincipal[] {
    const statements = policies.flatMap((policy) => policy?.statements ?? [])
    const isByProvider = statements.some(
      ({ principal }) => principal?.entries.some(({ kind }) => kind === 'federated') === true,
    )
    return isByProvider ? this.retrusted().filter((principal) => this.#isNamedIn(statements, principal)) : []
  }

  #isSame(arn: string): boolean {
    const { before, after } = this.#in
    const [old, now] = [before.principalOf(arn), after.principalOf(arn)]
    if (old === null || now === null || !('principal' in old) || !('principal' in now)) return false
    return (
      sameLayers(old.layers, now.layers) &&
      keysText(old.principal.context) === keysText(now.principal.context)
    )
  }

  everybody(): readonly ExaminedPrincipal[] {
    const { before, after } = this.#in
    return [...new Set([...after.accounts.keys(), ...before.accounts.keys()])].flatMap((account) =>
      this.everybodyOf(account),
    )
  }

  everybodyOf(account: string): readonly ExaminedPrincipal[] {
    const { before, after, moved } = this.#in
    return [...arnsOf(account, [after, before])].flatMap((arn) => moved.principalsOf(arn, account))
  }

  /** Everybody of an account whose policies ask for one of some tags, in lower case, of what is asked about, or can't be read. */
  askingForTags(account: string, tags: ReadonlySet<string>): readonly ExaminedPrincipal[] {
    const { before, after } = this.#in
    if (![after, before].some((view) => asksForTags(view, account, tags))) return []
    return this.everybodyOf(account).filter((principal) => this.#mayAskFor(tags, principal))
  }

  #mayAskFor(tags: ReadonlySet<string>, { name, formerly = name }: ExaminedPrincipal): boolean {
    const { before, after } = this.#in
    return [after.principalOf(name), before.principalOf(formerly)].some(
      (known) => known !== null && (!('layers' in known) || speakOfTags(known.layers, tags)),
    )
  }

  /** Everybody of whom one of the policies speaks. */
  affectedBy(policies: readonly (ParsedPolicy | null)[], owner: string): readonly ExaminedPrincipal[] {
    const { before, after } = this.#in
    const statements = policies.flatMap((policy) => policy?.statements ?? [])
    const principals: ExaminedPrincipal[] = []
    for (const account of new Set([...after.accounts.keys(), ...before.accounts.keys()]))
      for (const arn of arnsOf(account, [after, before]))
        for (const principal of this.#in.moved.principalsOf(arn, account))
          if (this.#isNamedIn(statements, principal)) principals.push(principal)
    return [...principals, ...this.outsidersIn(policies, owner)]
  }

  /** @param policies before and after */
  outsidersIn(policies: readonly (ParsedPolicy | null)[], owner: string): readonly ExaminedPrincipal[] {
    const views = [this.#in.before, this.#in.after]
    return [
      ...outsidersOf(policies, views, [], owner),
      ...distinctPrincipals(views.flatMap((view, index) => sessionsIn(policies[index] ?? null, view))),
    ]
  }

  /** Whether some statement is about somebody, as they are in either state. */
  #isNamedIn(statements: readonly ParsedStatement[], principal: ExaminedPrincipal): boolean {
    const { before, after } = this.#in
    return [after, before].some((view) => {
      const state = stateOf(principal, view)
      if (state === null || state === 'unknown') return state === 'unknown'
      const { facts, base, layers, isOutside } = state
      const named = { facts, base, hasBoundary: layers.boundary != null }
      const ofRole =
        facts.kind === 'role' && !isOutside ? { isIssuedBy: issuing(base ?? facts.text, view) } : {}
      return statements.some(
        (statement) =>
          namingOf(statement, named) !== null || mayNameIssued(statement.principal, statement.effect, ofRole),
      )
    })
  }
}

/** Of both states of an account who isn't known to be the same in the other. */
function unlikeIn(
  old: AccountState,
  now: AccountState,
  unchanged: UnchangedPrincipals,
): { readonly old: readonly PrincipalEntity[]; readonly now: readonly PrincipalEntity[] } {
  const names = PRINCIPAL_ENTITY_KINDS.map((kind) => ({ kind, unlike: unchanged.unlike(kind) }))
  const of = ({ entities }: AccountState) =>
    names.flatMap(({ kind, unlike }) => valuesNamed<PrincipalEntity>(entities[kind], unlike))
  return { old: of(old), now: of(now) }
}

/** Once each; whom one principal sends and another does are two. */
export const distinctPrincipals = (
  principals: readonly ExaminedPrincipal[],
): readonly ExaminedPrincipal[] => [
  ...new Map(
    principals.map((principal) => [`${principal.name} ${principal.parent ?? ''}`, principal]),
  ).values(),
]
