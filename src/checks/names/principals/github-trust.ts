import { type Diagnostic, warningOf } from '../../../diagnostics/index.ts'
import type { StatementParts } from '../statement-parts.ts'

const HOST = 'token.actions.githubusercontent.com'

/** Claims that say whose workflow it is. `aud`, `ref` and the like are of everybody's. */
const WHOSE = new Set(
  ['sub', 'repository', 'repository_id', 'enterprise', 'enterprise_id', 'actor_id', 'job_workflow_ref'].map(
    (claim) => `${HOST}:${claim}`,
  ),
)

/**
 * A role that every workflow on GitHub may assume. Clients have seen IAM refuse such a trust since 2025.
 * @see IAM User Guide, "Configure a role for the GitHub OIDC identity provider"
 */
export function githubTrustWarnings(statement: StatementParts): readonly Diagnostic[] {
  if (statement.effect !== 'Allow') return []
  if (statement.conditions.some(({ key }) => WHOSE.has(key.text.toLowerCase()))) return []
  return statement.principals.flatMap(([kind, { text, span }]) =>
    kind === 'Federated' && text.endsWith(`:oidc-provider/${HOST}`)
      ? [
          warningOf({
            code: 'policy.github-subject',
            message: 'nothing says whose workflows of GitHub may assume the role',
            help: `add a condition: \`StringLike: { "${HOST}:sub": "repo:ORG/REPO:*" }\``,
            span,
          }),
        ]
      : [],
  )
}
