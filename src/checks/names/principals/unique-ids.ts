import { type Diagnostic, warningOf } from '../../../diagnostics/index.ts'
import type { DesiredState } from '../../../manifest/desired.ts'
import { statementsIn } from '../statement-parts.ts'

/**
 * Trust policies that name somebody by unique id. It binds as long as somebody has it, which only the account says.
 * @see IAM User Guide, "AWS JSON policy elements: Principal"; "IAM identifiers": unique identifiers
 */
export const uniqueIdWarnings = (
  accounts: readonly { readonly desired: DesiredState }[],
): readonly Diagnostic[] =>
  accounts
    .flatMap(({ desired }) => [...desired.entities.role.values()])
    .flatMap(({ trustPolicy: { located } }) => (located === null ? [] : statementsIn(located)))
    .flatMap(({ principals }) => principals)
    .flatMap(([kind, { text, span }]) =>
      kind === 'AWS' && /^A(?:ROA|IDA)[A-Z0-9]{12,124}$/.test(text)
        ? [
            warningOf({
              code: 'policy.unique-id',
              message: `\`${text}\` is the unique id of a ${text.startsWith('AROA') ? 'role' : 'user'}, and may be nobody's any more`,
              help: 'an id is what AWS shows in place of a user or role that was deleted: name whoever is meant by ARN',
              span,
            }),
          ]
        : [],
    )
