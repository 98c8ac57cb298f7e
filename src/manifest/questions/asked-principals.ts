import {
  type Diagnostic,
  entryOf,
  errorOf,
  type LocatedMap,
  nearest,
  type Span,
} from '../../diagnostics/index.ts'
import {
  ENTITIES,
  type IdentityEntityKind,
  isIdentityKind,
  PRINCIPAL_ENTITY_KINDS,
  parseArn,
  parseEntityArn,
} from '../../model/index.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { QuestionNames } from '../desired.ts'
import type { NamesInScope } from '../entities/policy-names.ts'

/** Roles of AWS's own making are declared nowhere. */
const OF_AWS = /^(?:role\/aws-(?:service-role|reserved)\/|assumed-role\/AWS(?:ReservedSSO_|ServiceRoleFor))/

/** Whether a test or an invariant may name what nothing is known by. */
export const unknownNamesIn = (question: LocatedMap): QuestionNames['unknown'] => {
  const value = entryOf(question, 'allowUnknown')?.value
  return value?.kind === 'scalar' && value.value === true ? 'allowed' : 'refused'
}

/** That nobody is called so. */
export const isMissing = (
  kind: IdentityEntityKind,
  name: string,
  { isOfAnotherState }: Pick<NamesInScope, 'isOfAnotherState'>,
): string =>
  isOfAnotherState
    ? `there is no ${kind} \`${shorten(name)}\``
    : `no ${kind} \`${shorten(name)}\` is declared`

/** Where to look, where nobody is called nearly so. */
export const howToName = (
  kind: IdentityEntityKind,
  { isOfAnotherState }: Pick<NamesInScope, 'isOfAnotherState'>,
): string =>
  isOfAnotherState
    ? `what \`--as-of\` names has none of that name, nor is one declared under \`${ENTITIES[kind].section}\``
    : `declare it under \`${ENTITIES[kind].section}\``

/**
 * What is wrong with the ARN of somebody in an account, as a test or an invariant names them: whoever isn't there may do
 * nothing, so that the question has its answer for ever.
 * @returns null: nothing, or it is no ARN of a user, role, group or session of that account
 */
export function undeclaredPrincipalProblem(
  text: string,
  span: Span,
  names: Omit<NamesInScope, 'aws'>,
  unknown: QuestionNames['unknown'],
): Diagnostic | null {
  const { account, arns, isComplete, isAccountKnown, suggestions } = names
  const arn = parseArn(text)
  if (arn === null || !isAccountKnown || arn.account !== account.id || arn.partition !== account.partition)
    return null
  const named = nameIn(text)
  if (named === null || OF_AWS.test(arn.resource)) return null
  const { kind, name } = named
  const declared = arns[kind].get(name)
  if (declared !== undefined) {
    if (arn.service === 'sts' || declared === text) return null
    return errorOf({
      code: 'manifest.other-path',
      message: `the ${kind} \`${shorten(name)}\` is declared with another path`,
      help: `write \`${kind}/${name}\`, or \`${declared}\``,
      span,
    })
  }
  if (!isComplete || unknown === 'allowed') return null
  return errorOf({
    code: 'manifest.unknown-principal',
    message: `${isMissing(kind, name, names)} in the account ${account.id}`,
    help: suggestions.help(
      kind,
      name,
      () => arns[kind].keys(),
      `${howToName(kind, names)}; what is managed elsewhere is meant by \`allowUnknown: true\``,
    ),
    span,
  })
}

function nameIn(text: string): { readonly kind: IdentityEntityKind; readonly name: string } | null {
  const [, role] = /^arn:[^:]*:sts::\d{12}:assumed-role\/([^/]+)\/[^/]+$/.exec(text) ?? []
  if (role !== undefined) return { kind: 'role', name: role }
  const entity = parseEntityArn(text)
  return entity === null || !isIdentityKind(entity.kind) ? null : { kind: entity.kind, name: entity.name }
}

const PRINCIPAL_TYPES = PRINCIPAL_ENTITY_KINDS.map((kind) => ENTITIES[kind].arnType)

const RESOURCES = [...PRINCIPAL_TYPES, 'assumed-role', 'federated-user', 'saml-provider', 'oidc-provider']

/** An ARN of IAM that tells one principal. */
const PRINCIPAL_OF_IAM = new RegExp(
  `^arn:[^:]*:iam::\\d{12}:(?:root|(?:${[...PRINCIPAL_TYPES, 'saml-provider', 'oidc-provider'].join('|')})/[^*?]*[^/*?])$`,
)

/** Whether an ARN has the form of somebody who makes requests. */
export const isPrincipalArn = (text: string): boolean =>
  PRINCIPAL_OF_IAM.test(text) ||
  /^arn:[^:]*:sts::\d{12}:(?:assumed-role\/[^/*?]+\/[^/*?]+|federated-user\/[^/*?]+)$/.test(text)

/** For what is nearly such an ARN. */
export function principalArnHelp(text: string): string | null {
  const arn = parseArn(text)
  if (arn === null) return null
  if (!/^\d{12}$/.test(arn.account)) return 'the account of a principal has twelve digits'
  if (arn.resource.startsWith('group/'))
    return 'a group makes no requests: name one of its users, as `user/NAME`'
  const [word = '', ...rest] = arn.resource.split('/')
  const near = nearest(word, RESOURCES)
  if (near === null || rest.length === 0) return null
  const service = near === 'assumed-role' || near === 'federated-user' ? 'sts' : 'iam'
  return `did you mean \`arn:${arn.partition}:${service}::${arn.account}:${[near, ...rest].join('/')}\`?`
}
