import type { IdentifiedPolicy } from '../../../evaluator/layers.ts'
import { matchesPattern } from '../../../model/name-pattern.ts'
import type { ParsedPolicy, ParsedStatement } from '../../../policy/parsed.ts'
import type { ActionTable } from '../../actions/action-table.ts'
import { namingOf } from '../../principals/principal-match.ts'
import { accountOf, type Holder } from '../powers/holder.ts'
import { resourcesAtMost } from '../powers/resources-at-most.ts'

const ASSUMING = 'sts:AssumeRole'

/** How a role's trust policy lets somebody in: as such, or as their account, which leaves it to their own policies. */
type LetIn = 'itself' | 'account'

/** null: no statement is about them. @param statements of the role's trust policy */
export function letInBy(statements: readonly ParsedStatement[], { state }: Holder): LetIn | null {
  const named = { facts: state.facts, base: state.base, hasBoundary: state.layers.boundary != null }
  let found: LetIn | null = null
  for (const statement of statements) {
    const naming = statement.effect === 'Allow' ? namingOf(statement, named) : null
    if (naming === 'account') found = 'account'
    else if (naming !== null) return 'itself'
  }
  return found
}

/**
 * Which roles somebody's own policies let them assume at most, by the resources of their Allows: neither conditions nor denies,
 * boundaries or control policies are looked at. Patterns of ARNs in lower case.
 */
export class AssumableRoles {
  readonly #actions: ActionTable
  readonly #known = new Map<string, readonly string[]>()
  readonly #granting = new Map<ParsedPolicy, readonly ParsedStatement[]>()

  constructor(actions: ActionTable) {
    this.#actions = actions
  }

  /** Empty: none. A holder's id tells their policies and their keys, by which variables are filled in. */
  patternsOf({ id, state }: Holder): readonly string[] {
    let patterns = this.#known.get(id)
    if (patterns === undefined) {
      patterns = (state.layers.identity ?? [])
        .flatMap(({ policy }) => this.#grantingIn(policy))
        .flatMap(({ resource }) => resourcesAtMost(resource, state.pins))
      this.#known.set(id, patterns)
    }
    return patterns
  }

  /** Whether whoever holds some policies may be let assume any. */
  mayBy(policies: readonly IdentifiedPolicy[]): boolean {
    return policies.some(({ policy }) => this.#grantingIn(policy).length > 0)
  }

  #grantingIn(policy: ParsedPolicy): readonly ParsedStatement[] {
    let granting = this.#granting.get(policy)
    if (granting === undefined) {
      granting = policy.statements.filter(
        ({ effect, action }) =>
          effect === 'Allow' && this.#actions.isIn(this.#actions.setOf(action), ASSUMING),
      )
      this.#granting.set(policy, granting)
    }
    return granting
  }

  has(holder: Holder, role: string): boolean {
    const patterns = this.patternsOf(holder)
    if (patterns.length === 0) return false
    const lower = role.toLowerCase()
    return patterns.some((pattern) => matchesPattern(pattern, lower))
  }
}

/** Whether a role of whichever account can't be assumed without a permission of one's own. */
export const needsOwnPermission = (letIn: LetIn, { account }: Holder, role: string): boolean =>
  letIn === 'account' || account !== accountOf(role)
