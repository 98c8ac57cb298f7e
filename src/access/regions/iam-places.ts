// Where resources of IAM lie, which belong to their account alone.

import type { Reasoner } from '../reasoner.ts'
import { DIGIT, type Glob, literalGlob, STAR } from '../symbolic/tokens.ts'
import type { Bounds } from './bounds.ts'

/**
 * Operations of IAM never cross accounts. AWS's own policies can be read by everybody, and changed by nobody.
 * @see IAM User Guide, "AWS services that work with IAM": IAM has no resource-based policies but trust policies
 */
export function iamBounds(
  account: string,
  { symbols, actions, partition }: Reasoner,
): (action: string) => Bounds {
  const of = (owners: readonly string[]): Bounds => ({
    inside: [
      symbols.langs.of(owners.map((owner) => [...literalGlob(`arn:${partition}:iam::${owner}:`), STAR])),
    ],
    outside: [],
  })
  const [changed, read] = [of([account]), of([account, 'aws'])]
  return (action) => {
    const level = actions.levelOf(actions.facts.spellingOf(action) ?? action)
    return level === 'read' || level === 'list' ? read : changed
  }
}

/**
 * Resources of IAM in other accounts. They have no policy that could let anybody in, but for the trust policies of roles.
 * @see IAM User Guide, "AWS services that work with IAM"
 */
export const iamOfOthers = (account: string, partition: string): readonly Glob[] => [
  // Of which the ARN doesn't tell whose they are: there are none.
  iamGlob(partition, [], ''),
  ...Array.from(account).flatMap((digit, place) =>
    Array.from('0123456789')
      .filter((other) => other !== digit)
      .map((other) =>
        iamGlob(
          partition,
          [
            ...literalGlob(account.slice(0, place) + other),
            ...Array.from({ length: account.length - place - 1 }, () => DIGIT),
          ],
          '',
        ),
      ),
  ),
]

/** What the resources of IAM begin with that nobody assumes. @see Service Authorization Reference: AWS STS, AssumeRole */
export const NO_ROLES = [
  'group/',
  'instance-profile/',
  'mfa/',
  'oidc-provider/',
  'policy/',
  'root',
  'saml-provider/',
  'server-certificate/',
  'user/',
]

export const iamGlob = (partition: string, account: Glob, begin: string, rest: Glob = [STAR]): Glob => [
  ...literalGlob(`arn:${partition}:iam::`),
  ...account,
  ...literalGlob(`:${begin}`),
  ...rest,
]
