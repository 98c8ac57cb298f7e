import { type Diagnostic, didYouMean, warningOf } from '../../../diagnostics/index.ts'
import type { DesiredState } from '../../../manifest/desired.ts'
import { type DesiredEntity, principalEntitiesIn } from '../../../model/index.ts'
import { textsAt } from '../question-names.ts'
import { meet } from './pattern-meeting.ts'

/** Roles of AWS's own making are declared nowhere. */
const OF_AWS = /^role\/aws-(?:service-role|reserved)\//

/**
 * Tests and invariants about a user or role of an account of the project that isn't declared, or a pattern of them that no
 * declared one matches: nobody may do anything to what isn't there, or only by accident. What is asked about creating is passed over.
 */
export function undeclaredResourceWarnings(
  accounts: readonly { readonly desired: DesiredState }[],
): readonly Diagnostic[] {
  const declared = new Map(accounts.map(({ desired }) => [desired.account.id, arnsOf(desired)]))
  return accounts
    .flatMap(({ desired: { tests, invariants } }) => [...tests, ...invariants])
    .flatMap(({ names }) => (names === undefined || names.unknown === 'allowed' ? [] : [names.node]))
    .filter((node) => !textsAt(node, 'action').some(([action]) => /^iam:Create/i.test(action)))
    .flatMap((node) => textsAt(node, 'resource'))
    .flatMap(([text, span]) => {
      const [, account = '', resource = '', kind = ''] =
        /^arn:[^:]*:iam::(\d{12}):((user|role)\/.+)$/.exec(text) ?? []
      const known = declared.get(account)
      if (known === undefined || OF_AWS.test(resource) || known.some((arn) => meet(text, arn))) return []
      const isPattern = /[*?]/.test(text)
      return [
        warningOf({
          code: 'names.undeclared-resource',
          message: isPattern
            ? `no declared ${kind} matches \`${text}\``
            : `no ${kind} \`${text}\` is declared`,
          help: didYouMean(
            text,
            isPattern ? [] : known,
            `correct it, or declare the ${kind} (what is made elsewhere: \`allowUnknown: true\`)`,
          ),
          span,
        }),
      ]
    })
}

const arnsOf = ({ entities }: DesiredState): readonly string[] =>
  principalEntitiesIn<DesiredEntity>(entities).map(({ arn }) => arn)
