import type { KnownNames } from '../../catalog/known-names.ts'
import { actionKeyProblem } from './actions/action-keys.ts'
import { actionProblem } from './actions/action-names.ts'
import { actionResourceProblem } from './actions/action-resources.ts'
import { awsPolicyProblem } from './aws-policy-names.ts'
import { keyProblem } from './keys/key-names.ts'
import { requestValueProblem } from './keys/value-kinds.ts'
import type { NameProblem } from './name-problem.ts'
import { partitionProblem } from './partition-names.ts'
import { originAccessIdentityProblem } from './principals/origin-access-identities.ts'
import { providerProblem } from './principals/provider-names.ts'
import { servicePrincipalProblem } from './principals/service-principal-names.ts'
import { resourceProblem } from './resources/resource-forms.ts'

/** What a question names. Actions and resources may be patterns. */
export interface AskedNames {
  readonly actions?: readonly string[]
  readonly resources?: readonly string[]
  readonly principals?: readonly string[]
  readonly context?: ReadonlyMap<string, readonly string[]>
}

/** Which part of a question a problem is in. */
export type AskedPart = keyof AskedNames

/**
 * The names of a question that nothing is known by.
 * @param partitions those of the accounts that are asked about; null: they aren't known
 */
export function askedNameProblems(
  { actions = [], resources = [], principals = [], context = new Map() }: AskedNames,
  known: KnownNames,
  partitions: ReadonlySet<string> | null = null,
): readonly (NameProblem & { readonly part: AskedPart })[] {
  const of = (part: AskedPart, problem: NameProblem | null) =>
    problem === null ? [] : [{ ...problem, part }]
  const ofResources = resources.flatMap((resource) =>
    of('resources', askedResourceProblem(resource, known, partitions)),
  )
  // Of what is mistyped nobody knows what is on it.
  const onThese = ofResources.length > 0 ? [] : resources
  return [
    ...actions.flatMap((action) =>
      of('actions', actionProblem(action, known) ?? actionResourceProblem(action, onThese, known)),
    ),
    ...ofResources,
    ...principals.flatMap((principal) =>
      of('principals', askedPrincipalProblem(principal, known, partitions)),
    ),
    ...[...context].flatMap(([key, values]: readonly [string, readonly string[]]) => {
      const problem = keyProblem(key, known) ?? actionKeyProblem(key, actions, known)
      return problem === null
        ? values.flatMap((value) => of('context', requestValueProblem(key, value, known)))
        : of('context', problem)
    }),
  ]
}

/** @param partitions those of the accounts that are asked about; null: they aren't known */
export const askedResourceProblem = (
  resource: string,
  known: KnownNames,
  partitions: ReadonlySet<string> | null = null,
): NameProblem | null =>
  partitionProblem(resource, partitions) ??
  awsPolicyProblem(resource, known) ??
  resourceProblem(resource, known)

/** Of principals services have names that are AWS's, and known providers theirs. @param written as findings call them too: `service:NAME` */
export function askedPrincipalProblem(
  written: string,
  known: KnownNames,
  partitions: ReadonlySet<string> | null = null,
): NameProblem | null {
  const partition = partitionProblem(written, partitions)
  if (partition !== null) return partition
  if (/^canonical:/.test(written) && !/^canonical:[0-9a-f]{64}$/i.test(written))
    return {
      code: 'names.kind-of-value',
      message: `\`${written}\` is nobody: it is no canonical user id`,
      help: 'a canonical user id has 64 hexadecimal digits',
    }
  const ofCloudfront = originAccessIdentityProblem(written)
  if (ofCloudfront !== null) return ofCloudfront
  const text = written.replace(/^(?:service|federated):/, '')
  return /^[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?$/i.test(text) && !PROVIDERS.has(text)
    ? servicePrincipalProblem(text, known)
    : /^[^:@]+$|^https?:|:oidc-provider\//i.test(text)
      ? providerProblem(text)
      : null
}

/** An identity provider, by its host. */
const PROVIDERS: ReadonlySet<string> = new Set(['cognito-identity.amazonaws.com'])
