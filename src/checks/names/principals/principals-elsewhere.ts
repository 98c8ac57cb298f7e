import type { Diagnostic } from '../../../diagnostics/index.ts'
import type { DesiredState, Project } from '../../../manifest/desired.ts'
import type { NamesInScope } from '../../../manifest/entities/policy-names.ts'
import { Suggestions } from '../../../manifest/hints/suggestions.ts'
import { undeclaredPrincipalProblem } from '../../../manifest/questions/asked-principals.ts'
import { byKind, parseArn } from '../../../model/index.ts'
import { textsAt } from '../question-names.ts'

/**
 * Users, roles and sessions of another account of the project, named in tests and invariants, that aren't declared there.
 * Those of a question's own account are found where it is read. What isn't known of the other account is passed over.
 */
export function principalsElsewhereErrors({ accounts }: Pick<Project, 'accounts'>): readonly Diagnostic[] {
  const byId = new Map(accounts.map((each) => [each.account.id, each.desired]))
  const scopes = new Map<string, Omit<NamesInScope, 'aws'>>()
  return accounts.flatMap(({ account: { id }, questions }) =>
    questions.flatMap(({ node, unknown }) =>
      ['principal', 'onlyPrincipals', 'neverPrincipals'].flatMap((key) =>
        textsAt(node, key).flatMap(([text, span]) => {
          const owner = parseArn(text)?.account ?? ''
          const desired = owner === id ? null : (byId.get(owner) ?? null)
          if (desired === null) return []
          const scope = scopes.get(owner) ?? scopeOf(desired)
          scopes.set(owner, scope)
          return undeclaredPrincipalProblem(text, span, scope, unknown) ?? []
        }),
      ),
    ),
  )
}

const scopeOf = ({ account, entities }: DesiredState): Omit<NamesInScope, 'aws'> => ({
  account,
  arns: byKind((kind) => new Map([...entities[kind].values()].map(({ name, arn }) => [name, arn]))),
  isComplete: true,
  isAccountKnown: true,
  suggestions: new Suggestions(),
})
