import { UnevaluablePolicyError } from '../../evaluator/unevaluable.ts'
import { isUnknown, type ResourceFacts } from '../../model/index.ts'
import type { ParsedPolicy, ParsedStatement } from '../../policy/parsed.ts'
import type { Direction } from '../access-entry.ts'
import type { EstateView } from '../estate-view.ts'
import type { ExaminedPrincipal, PrincipalInState } from '../principals/examined-principal.ts'
import { mayIssue } from '../principals/federated-users.ts'
import { keysText } from '../principals/policy-content.ts'
import { stateOf } from '../principals/principal-in-state.ts'
import { namingOf } from '../principals/principal-match.ts'
import type { Reasoner } from '../reasoner.ts'
import { differingStatements, type PrincipalSide, sideKey } from '../sides/side.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import type { Pins } from '../symbolic/pins.ts'
import type { Comparison, TwoWays } from './comparison.ts'

/** A statement that one of two sides has and the other one hasn't. */
interface Change {
  readonly statement: PlacedStatement
  /** How the resources begin that it is about. */
  readonly begins: readonly string[]
  /** What is found where it grants something; null: it limits, or hangs on more than on actions and resources. */
  readonly grants: Direction | null
  /** As ARNs name the services whose resources its actions take. */
  readonly services: ReadonlySet<string>
}

/** What isn't the same for a principal on both sides, wherever no policy of a resource is known. */
interface Changed {
  readonly where: Where
  readonly changes: readonly Change[]
  /** In the one state where it is there; null: in both, and what policies of resources say of it is the same. */
  readonly only: PrincipalInState | null
}

/** A resource that is the same in both states, as are all policies that bind it. */
interface Untouched {
  readonly arn: string
  readonly allows: readonly ParsedStatement[]
}

type Where = Pick<Comparison, 'principal' | 'region'>
type IsTold = (direction: Direction, where: Where, statement: PlacedStatement) => boolean

/**
 * Tells without reasoning where a principal who changed is as they were: of thousands of resources and hundreds of principals nearly all
 * pairs are so, since statements name other resources.
 *
 * INVARIANT: what is told so would come to no entry. What differs between the sides of a principal there is what differs anywhere: policies,
 * tags and organization of the resource are the same in both. Of that each statement either matches no request about the resource; or it grants
 * actions of other services' resources alone, unconditionally, which is no news (`entries`) beside what was found by it before.
 */
export class UntouchedResources {
  readonly #views: readonly EstateView[]
  readonly #reasoner: Reasoner
  readonly #isTold: IsTold
  readonly #changed = new Map<ExaminedPrincipal, Changed>()

  /** @param isTold whether something is told already of a principal by a statement, on resources of its actions' types */
  constructor(
    {
      before,
      after,
      reasoner,
    }: { readonly before: EstateView; readonly after: EstateView; readonly reasoner: Reasoner },
    isTold: IsTold,
  ) {
    this.#views = [before, after]
    this.#reasoner = reasoner
    this.#isTold = isTold
  }

  /**
   * Remembers what differs for a principal.
   * @param compared where no policy of a resource is known, whosever it is; no tags of sessions decide there
   */
  note(where: Where, compared: TwoWays | 'same'): void {
    const { principal } = where
    // What federated users may do is looked at wherever their users are as they were.
    if (mayIssue(principal.name, this.#views, this.#reasoner.actions)) return
    const [old, recent] = this.#views.map((view) => stateOf(principal, view))
    if (old === 'unknown' || recent === 'unknown' || old === undefined || recent === undefined) return
    if (old !== null && recent !== null && !areNamedAlike(old, recent)) return
    const changes = compared === 'same' ? [] : this.#changesOf(compared)
    if (changes !== null)
      this.#changed.set(principal, {
        where,
        changes,
        only: old === null ? recent : recent === null ? old : null,
      })
  }

  /**
   * A resource that may be told of: known, declared, and the same in both states.
   * @param isSame whether policies, tags and what else binds it are
   */
  resourceOf(arn: string, policies: readonly (ParsedPolicy | null)[], isSame: boolean): Untouched | null {
    const [old, now] = this.#views.map((view) => view.resourceOf(arn))
    if (!isSame || old == null || now == null || old.account !== now.account) return null
    if (isUnknownPolicy(old) || isUnknownPolicy(now) || /:kms:/.test(arn)) return null
    const known = policies.flatMap((policy) => policy ?? [])
    const statements = known.flatMap((policy) => policy.statements)
    return known.every((policy) => policy.statements.every((statement) => this.#isPlain(statement, policy)))
      ? { arn, allows: statements.filter(({ effect }) => effect === 'Allow') }
      : null
  }

  /** Whether nothing changes there for the principal. */
  isSame(principal: ExaminedPrincipal, { arn, allows }: Untouched): boolean {
    const changed = this.#changed.get(principal)
    // What hangs on an open rule is compared by both readings.
    if (changed === undefined || this.#reasoner.compiler.sawOpenRules) return false
    const { only, changes, where } = changed
    if (only !== null && allows.some((statement) => isNamed(statement, only))) return false
    const service = arn.split(':', 3)[2]?.toLowerCase() ?? ''
    return changes.every(
      ({ begins, grants, services, statement }) =>
        !begins.some((begin) => mayBeIn(begin, arn.toLowerCase())) ||
        (grants !== null && !services.has(service) && this.#isTold(grants, where, statement)),
    )
  }

  /** null: what differs isn't told by statements alone. */
  #changesOf({ now: { side: now }, before: { side: before } }: TwoWays): readonly Change[] | null {
    const differing = differingStatements(now, before)
    const areLimitsAlike =
      now.ways.length === 0 || before.ways.length === 0 || limitsOf(now) === limitsOf(before)
    const [gained, lost] = [grantsOf(now), grantsOf(before)]
    const changes: Change[] = []
    for (const statement of differing) {
      const { source, variables } = statement.symbolic
      if (source.index < 0 || source.resource === null || source.resource.negated) return null
      const isPlain =
        areLimitsAlike &&
        source.conditions.length === 0 &&
        variables.length === 0 &&
        statement.effect === 'Allow'
      const services = isPlain ? this.#servicesOf(statement) : null
      const grants = gained.includes(statement) ? gained : lost.includes(statement) ? lost : null
      changes.push({
        // Of equal ones the first is told of.
        statement: grants?.find(({ identity }) => identity === statement.identity) ?? statement,
        begins: source.resource.entries.map((entry) => entry.split(/[*?$]/, 1)[0]?.toLowerCase() ?? ''),
        grants: services === null || grants === null ? null : grants === gained ? 'gained' : 'lost',
        services: services ?? new Set(),
      })
    }
    return changes
  }

  /** null: some of the actions aren't known, or take whatever resource. */
  #servicesOf({ actions: { isOpen, unlisted, entries } }: PlacedStatement): ReadonlySet<string> | null {
    if (isOpen || unlisted.length > 0) return null
    const { facts } = this.#reasoner.actions
    const services = entries.flatMap((action) =>
      facts
        .resourceTypesOf(action)
        .flatMap(({ type }) =>
          type.arn.split(/,\s*(?=arn:)/).map((arn) => arn.split(':', 3)[2]?.toLowerCase() ?? ''),
        ),
    )
    return services.some((service) => !/^[a-z0-9-]+$/.test(service)) ? null : new Set(services)
  }

  /** Whether it has a clear meaning, and hangs on no rule that is open. */
  #isPlain(statement: ParsedStatement, { version }: ParsedPolicy): boolean {
    const { compiler } = this.#reasoner
    const { principal } = statement
    if (principal === null || principal.entries.some(({ kind }) => kind === 'federated')) return false
    // Which tags sessions carry decides then.
    if (/principaltag/i.test(JSON.stringify([statement.conditions, statement.resource]))) return false
    if (compiler.openRulesOf(statement).length > 0) return false
    try {
      compiler.compileOne(statement, version, '', 'resource', 'resource', NOTHING_KNOWN)
      return true
    } catch (error) {
      if (error instanceof UnevaluablePolicyError) return false
      throw error
    }
  }
}

const NOTHING_KNOWN: Pins = { valueOf: () => undefined }

const isUnknownPolicy = ({ policy }: ResourceFacts): boolean => policy !== null && isUnknown(policy)

/** Whether policies of resources speak alike of a principal in both states. */
const areNamedAlike = (a: PrincipalInState, b: PrincipalInState): boolean =>
  a.name === b.name &&
  a.keys.id === b.keys.id &&
  hasBoundary(a) === hasBoundary(b) &&
  keysText(a.context) === keysText(b.context)

const isNamed = (statement: ParsedStatement, state: PrincipalInState): boolean =>
  namingOf(statement, { facts: state.facts, base: state.base, hasBoundary: hasBoundary(state) }) !== null

const hasBoundary = ({ layers: { boundary } }: PrincipalInState): boolean => (boundary ?? []).length > 0

const grantsOf = ({ ways }: PrincipalSide): readonly PlacedStatement[] =>
  ways.flatMap(([granting = []]) => granting)

/** What limits the one way of a side, and what denies. */
const limitsOf = ({ ways, denies }: PrincipalSide): string =>
  sideKey({ ways: ways.map(([, ...limits]) => [[], ...limits]), denies })

/** Whether a text that begins so may be a resource, or what lies in it. */
const mayBeIn = (begin: string, arn: string): boolean =>
  arn.startsWith(begin) || (begin.startsWith(arn) && /^[/:]/.test(begin.slice(arn.length)))
