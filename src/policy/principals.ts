import { didYouMean } from '../diagnostics/suggest.ts'
import { type Arn, parseArn } from '../model/arn.ts'
import type { ParsedPrincipal } from './parsed.ts'
import {
  doubtful,
  invalid,
  isObject,
  keySpan,
  malformed,
  type Parsing,
  type Place,
  placeAt,
  readTexts,
  spanOfPlace,
  typeName,
} from './parsing.ts'

const PRINCIPAL_KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser'] as const
type PrincipalKind = (typeof PRINCIPAL_KINDS)[number]

const READERS: Readonly<
  Record<PrincipalKind, (parsing: Parsing, text: string, place: Place) => ParsedPrincipal | null>
> = { AWS: readAws, Service: readService, Federated: readFederated, CanonicalUser: readCanonicalUser }

/** Reads the value of `Principal` or `NotPrincipal`. @see IAM User Guide, "AWS JSON policy elements: Principal" */
export function readPrincipals(
  parsing: Parsing,
  element: 'Principal' | 'NotPrincipal',
  value: unknown,
  place: Place,
): readonly ParsedPrincipal[] {
  if (value === '*') return [{ kind: 'everyone' }]
  if (!isObject(value)) {
    malformed(parsing, {
      code: 'policy.principal-syntax',
      message:
        typeof value === 'string'
          ? `\`${element}\` is the string \`${value}\`; only \`*\` may stand there alone`
          : `\`${element}\` is ${typeName(value)}, not \`*\` or an object`,
      help:
        typeof value === 'string' && value.includes('.')
          ? `write \`${element}: { Service: ${value} }\``
          : `write \`${element}: { AWS: ${typeof value === 'string' && value !== '' ? value : 'ARN'} }\``,
      span: spanOfPlace(place),
    })
    return []
  }
  const principals: ParsedPrincipal[] = []
  const kinds = Object.keys(value)
  if (kinds.length === 0)
    doubtful(parsing, {
      code: 'policy.empty-list',
      message: `\`${element}\` names nobody, so the statement never applies`,
      help: 'name a principal, as in `{ Service: lambda.amazonaws.com }`',
      span: spanOfPlace(place),
    })
  for (const kind of kinds) {
    if (!isPrincipalKind(kind)) {
      malformed(parsing, {
        code: 'policy.principal-kind',
        message: `\`${kind}\` is not a kind of principal`,
        help: didYouMean(
          kind,
          PRINCIPAL_KINDS,
          `write one of ${PRINCIPAL_KINDS.map((name) => `\`${name}\``).join(', ')}`,
        ),
        span: keySpan(place, kind),
      })
      continue
    }
    const read = READERS[kind]
    readTexts(parsing, `${element}.${kind}`, value[kind], placeAt(place, kind), (_, text, at) => {
      const principal = read(parsing, text, at)
      if (principal !== null) principals.push(principal)
    })
  }
  return principals
}

const isPrincipalKind = (kind: string): kind is PrincipalKind =>
  (PRINCIPAL_KINDS as readonly string[]).includes(kind)

/** What ARNs may stand in `AWS`: those of what can sign a request. */
const SIGNER =
  /^arn:aws[a-z-]*:(?:iam::(?:\d{12}:(?:user|role)\/.+|cloudfront:user\/.+)|sts::\d{12}:(?:assumed-role\/[^/]+\/[^/]+|federated-user\/.+))$/
const ROOT = /^arn:(aws[a-z-]*):iam::(\d{12}):root$/
/** User (AIDA), role (AROA) and other unique ids. @see IAM User Guide, "IAM identifiers": unique identifiers */
const UNIQUE_ID = /^A[A-Z0-9]{3}[A-Z0-9]{12,124}$/

function readAws(parsing: Parsing, text: string, place: Place): ParsedPrincipal | null {
  if (text === '*') return { kind: 'everyone' }
  checkPartition(parsing, text, place)
  if (/^\d{12}$/.test(text)) return { kind: 'account', account: text, partition: null }
  const root = ROOT.exec(text)
  if (root !== null) return { kind: 'account', account: root[2] ?? '', partition: root[1] ?? '' }
  if (refuseWildcard(parsing, 'AWS', text, place)) return null
  if (SIGNER.test(text)) return { kind: 'arn', arn: text }
  if (UNIQUE_ID.test(text)) return { kind: 'uniqueId', id: text }
  const span = spanOfPlace(place)
  const arn = parseArn(text)
  if (arn !== null) {
    invalid(parsing, {
      code: 'policy.principal-kind-of-arn',
      message: `\`${text}\` can't be a principal`,
      help: helpForArn(arn),
      span,
    })
    return { kind: 'arn', arn: text }
  }
  malformed(parsing, {
    code: 'policy.principal-not-arn',
    message: `principal \`${text}\` is not an ARN`,
    help: /\.amazonaws\.com(?:\.cn)?$/.test(text)
      ? `a service stands under its own key: \`Service: ${text}\``
      : /^\d{1,11}$/.test(text)
        ? 'an account id has twelve digits; write it in quotes, to keep leading zeros'
        : /^[\w+=,.@-]{1,64}$/.test(text)
          ? `write \`arn:aws:iam::ACCOUNT:user/${text}\` or \`arn:aws:iam::ACCOUNT:role/${text}\``
          : 'write the ARN of a user, role or session, an account id, or `*`',
    span,
  })
  return null
}

/** Access never crosses partitions. @see IAM User Guide, "Amazon Resource Names (ARNs)" */
function checkPartition(parsing: Parsing, text: string, place: Place): void {
  const [, partition] = /^arn:(aws[a-z-]*):/.exec(text) ?? []
  if (parsing.partition === null || partition === undefined || partition === parsing.partition) return
  doubtful(parsing, {
    code: 'policy.principal-partition',
    message: `\`${text}\` is of the partition \`${partition}\`, and so nobody in \`${parsing.partition}\``,
    help: `name a principal of \`${parsing.partition}\`, or an account by its id`,
    span: spanOfPlace(place),
  })
}

function helpForArn(arn: Arn): string {
  if (arn.service === 'iam' && arn.resource.startsWith('group/'))
    return 'a group is never a principal: name its users, or a role'
  if (arn.service === 'iam' && /^(?:saml|oidc)-provider\//.test(arn.resource))
    return 'an identity provider stands under its own key: `Federated`'
  if ((arn.service === 'iam' || arn.service === 'sts') && !/^\d{12}$/.test(arn.account))
    return 'its account is not an account id of twelve digits'
  return 'name an account, a user, a role or a session by its ARN'
}

function readService(parsing: Parsing, text: string, place: Place): ParsedPrincipal | null {
  if (refuseWildcard(parsing, 'Service', text, place)) return null
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(text))
    invalid(parsing, {
      code: 'policy.principal-service',
      message:
        text === '' ? 'a service principal is an empty string' : `\`${text}\` is not a service principal`,
      help: /^[a-z0-9-]+$/i.test(text)
        ? `write \`${text.toLowerCase()}.amazonaws.com\``
        : 'write it as `lambda.amazonaws.com`',
      span: spanOfPlace(place),
    })
  else if (/\.com\.cn$/i.test(text) && parsing.partition !== null && parsing.partition !== 'aws-cn')
    doubtful(parsing, {
      code: 'policy.principal-partition',
      message: `\`${text}\` is a service of the partition \`aws-cn\`, and so nobody in \`${parsing.partition}\``,
      help: `write \`${text.replace(/\.cn$/i, '')}\``,
      span: spanOfPlace(place),
    })
  return { kind: 'service', service: text }
}

/** The identity providers that need no provider ARN. @see IAM User Guide, "AWS JSON policy elements: Principal" */
export const WELL_KNOWN_PROVIDERS: readonly string[] = [
  'cognito-identity.amazonaws.com',
  'www.amazon.com',
  'graph.facebook.com',
  'accounts.google.com',
]

function readFederated(parsing: Parsing, text: string, place: Place): ParsedPrincipal | null {
  if (refuseWildcard(parsing, 'Federated', text, place)) return null
  checkPartition(parsing, text, place)
  if (
    !WELL_KNOWN_PROVIDERS.includes(text) &&
    !/^arn:aws[a-z-]*:iam::\d{12}:(?:saml|oidc)-provider\/.+$/.test(text)
  )
    invalid(parsing, {
      code: 'policy.principal-federated',
      message:
        text === '' ? 'a federated principal is an empty string' : `\`${text}\` is not an identity provider`,
      help: /^(?:https?:\/\/)?[\w-]+(?:\.[\w-]+)+(?:\/\S*)?$/.test(text)
        ? `write the provider's ARN: \`arn:aws:iam::ACCOUNT:oidc-provider/${text.replace(/^https?:\/\//, '')}\``
        : "write the provider's ARN: `arn:aws:iam::ACCOUNT:saml-provider/NAME`",
      span: spanOfPlace(place),
    })
  return { kind: 'federated', provider: text }
}

function readCanonicalUser(parsing: Parsing, text: string, place: Place): ParsedPrincipal | null {
  if (refuseWildcard(parsing, 'CanonicalUser', text, place)) return null
  if (parsing.use === 'trust' || parsing.use === 'rcp')
    invalid(parsing, {
      code: 'policy.principal-canonical-user',
      message: `a ${parsing.use === 'trust' ? 'trust' : 'resource control'} policy can't name a canonical user`,
      help: 'name the account by its id under `AWS`',
      span: spanOfPlace(place),
    })
  else if (!/^[0-9a-f]{64}$/.test(text))
    invalid(parsing, {
      code: 'policy.principal-canonical-user',
      message: `\`${text}\` is not a canonical user id`,
      help: 'a canonical user id has 64 hexadecimal digits',
      span: spanOfPlace(place),
    })
  return { kind: 'canonicalUser', id: text }
}

/** What to write instead, where a pattern was to stand for several. */
const WITHOUT_WILDCARD: Readonly<Record<PrincipalKind, string>> = {
  AWS: 'name the account, and narrow it with a condition: `ArnLike: { aws:PrincipalArn: … }`',
  Service: 'name each service: `Service: [ec2.amazonaws.com, lambda.amazonaws.com]`',
  Federated: 'name each identity provider, by its ARN',
  CanonicalUser: 'name each canonical user, by its 64 hexadecimal digits',
}

function refuseWildcard(parsing: Parsing, kind: PrincipalKind, text: string, place: Place): boolean {
  if (!/[*?]/.test(text)) return false
  malformed(parsing, {
    code: 'policy.principal-wildcard',
    message: `principal \`${text}\` holds a wildcard`,
    help: /^[*?]+$/.test(text)
      ? 'only `Principal: "*"` and `AWS: "*"` mean everyone; name the principal'
      : WITHOUT_WILDCARD[kind],
    span: spanOfPlace(place),
  })
  return true
}
