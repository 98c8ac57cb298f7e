import type { AccessEntry, Direction } from '../../access/access-entry.ts'
import type { Request } from '../../evaluator/decision.ts'
import { accountTitle } from '../layout/account-title.ts'
import type { ComparedAccess } from '../result.ts'
import { awsCommand } from './aws-command.ts'
import { comment } from './script.ts'

/**
 * One question to IAM for each entry of an access diff: whether its witness is allowed in the account as it is. What came of resource
 * policies or trust IAM's simulation doesn't tell, and it knows users and roles only: of the rest the request stands there to be read.
 * @see IAM API Reference, SimulatePrincipalPolicy
 */
export const accessScript = ({ account, diff }: ComparedAccess): string =>
  [
    comment(account === null ? 'whoever holds the policy' : accountTitle(account)),
    ...entryLines(diff.gained, 'gained'),
    ...entryLines(diff.lost, 'lost'),
    ...(diff.unknown.length === 0
      ? []
      : ['', comment(`not known: ${diff.unknown.length}; see --format text`)]),
    ...(diff.gained.length + diff.lost.length === 0 ? [comment('no entries')] : []),
  ].join('\n')

const entryLines = (entries: readonly AccessEntry[], direction: Direction): readonly string[] =>
  entries.flatMap(({ witness, principals }) => [
    '',
    comment(`${direction}: ${principals.join(', ')}`),
    SIMULATED.test(witness.principal)
      ? awsCommand({ operation: 'SimulatePrincipalPolicy', input: questionOf(witness) })
      : comment(`IAM doesn't simulate ${witness.principal}: ${witness.action} ${witness.resource}`),
  ])

const SIMULATED = /^arn:[^:]+:iam::\d{12}:(?:user|role)\//

const questionOf = ({ principal, action, resource, context }: Request): object => ({
  PolicySourceArn: principal,
  ActionNames: [action],
  ResourceArns: [resource],
  ...(context.size === 0
    ? {}
    : {
        ContextEntries: [...context].map(([key, values]) => ({
          ContextKeyName: key,
          ContextKeyValues: values,
          ContextKeyType: `${TYPES[key.toLowerCase()] ?? 'string'}${values.length === 1 ? '' : 'List'}`,
        })),
      }),
})

/** Of global keys that are no texts. */
const TYPES: Readonly<Record<string, string>> = {
  'aws:sourceip': 'ip',
  'aws:vpcsourceip': 'ip',
  'aws:currenttime': 'date',
  'aws:tokenissuetime': 'date',
  'aws:epochtime': 'numeric',
  'aws:multifactorauthage': 'numeric',
  'aws:multifactorauthpresent': 'boolean',
  'aws:securetransport': 'boolean',
  'aws:viaawsservice': 'boolean',
  'aws:principalisawsservice': 'boolean',
}
