import { endedStatements } from '../../access/entries/ended-statements.ts'
import { type HeldDocument, neverMetConditions } from '../../access/entries/never-met.ts'
import { loadActions } from '../../catalog/actions.ts'
import { uniqueIdWarnings } from '../../checks/names/principals/unique-ids.ts'
import { undeclaredResourceWarnings } from '../../checks/names/resources/undeclared-resources.ts'
import type { Diagnostic } from '../../diagnostics/index.ts'
import type { DesiredState } from '../../manifest/desired.ts'
import { type DesiredIdentity, identitiesIn } from '../../model/index.ts'
import { endedParts } from './ended-parts.ts'

/** What accounts declare, as far as it could be read; `isWhole`: that is all of it. */
interface DeclaringAccount {
  readonly desired: DesiredState
  readonly isWhole: boolean
}

/** What `validate` warns of in what is declared, beside names: ids, users and roles that aren't there, conditions that can't be met. */
export async function declaredWarnings(
  accounts: readonly DeclaringAccount[],
): Promise<readonly Diagnostic[]> {
  const documents = accounts.flatMap(({ desired }) => documentsOf(desired))
  return [
    ...uniqueIdWarnings(accounts),
    ...undeclaredResourceWarnings(accounts.filter(({ isWhole }) => isWhole)),
    ...neverMetConditions(documents, await loadActions()),
    ...endedStatements(documents, new Date()),
    ...endedParts(accounts),
  ]
}

/** Every policy that an account declares. */
function documentsOf({ entities, resources }: DesiredState): readonly HeldDocument[] {
  const inline = identitiesIn<DesiredIdentity>(entities).flatMap(({ kind, inlinePolicies }) =>
    [...(inlinePolicies?.values() ?? [])].map(
      (document): HeldDocument => ({ document, use: 'identity', holder: kind === 'role' ? kind : 'user' }),
    ),
  )
  return [
    ...inline,
    ...[...entities.role.values()].map(
      ({ trustPolicy }): HeldDocument => ({ document: trustPolicy, use: 'trust', holder: null }),
    ),
    ...[...entities.policy.values()].map(
      ({ document }): HeldDocument => ({ document, use: 'identity', holder: null }),
    ),
    ...[...resources.values()].flatMap(({ policy }): readonly HeldDocument[] =>
      policy === null ? [] : [{ document: policy, use: 'resource', holder: null }],
    ),
  ]
}
