import { type Diagnostic, errorOf, type Span } from '../../diagnostics/index.ts'
import {
  ENTITIES,
  entityArn,
  IDENTITY_KINDS,
  type IdentityEntityKind,
  isIdentityKind,
  parseArn,
  parseEntityArn,
  rootArn,
} from '../../model/index.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { InvariantPrincipal, QuestionNames } from '../desired.ts'
import type { NamesInScope } from '../entities/policy-names.ts'
import { RULES } from '../schema/rules.ts'
import { howToName, isMissing, principalArnHelp, undeclaredPrincipalProblem } from './asked-principals.ts'

/** Whom a text in `onlyPrincipals` or `neverPrincipals` means. */
export function invariantPrincipal(
  text: string,
  span: Span,
  names: NamesInScope,
  unknown: QuestionNames['unknown'],
): InvariantPrincipal | { readonly problem: Diagnostic } {
  if (text === '*' || text === 'anonymous') return { text, kind: 'anonymous', id: '*' }
  if (text === 'root') return { text, kind: 'root', id: rootArn(names.account) }
  const [, account] = /^account:(\d{12}|\*)$/.exec(text) ?? []
  if (account !== undefined) return { text, kind: 'account', id: account }
  const [, service] = /^(?:service:)?([a-z0-9.-]+\.amazonaws\.com(?:\.cn)?)$/.exec(text) ?? []
  if (service !== undefined) return { text, kind: 'service', id: service }
  if (/^canonical:[0-9A-Za-z]+$/.test(text)) return { text, kind: 'canonicalUser', id: text }
  if (/^id:A[A-Z0-9]{3}[A-Z0-9]{12,124}$/.test(text)) return { text, kind: 'uniqueId', id: text }
  const [, provider] = /^federated:([^*?\s]+)$/.exec(text) ?? []
  if (provider !== undefined) return { text, kind: 'federated', id: provider }
  const [, kind = '', name = ''] = /^(\w+)\/([^/*?]+)$/.exec(text) ?? []
  if (isIdentityKind(kind)) return named(text, kind, name, span, names)
  const { code, message, help } = RULES.invariantPrincipal
  return (
    principalOfArn(text, span, names, unknown) ?? {
      problem: errorOf({
        code,
        message: message(`\`${shorten(text)}\``),
        help: helpFor(text, names) ?? principalArnHelp(text) ?? help,
        span,
      }),
    }
  )
}

function named(
  text: string,
  kind: IdentityEntityKind,
  name: string,
  span: Span,
  names: NamesInScope,
): InvariantPrincipal | { readonly problem: Diagnostic } {
  const arn = names.arns[kind].get(name)
  if (arn !== undefined) return { text, kind, id: arn }
  // Where a file couldn't be read, the name may be declared in it.
  if (!names.isComplete) return { text, kind, id: entityArn(names.account, ENTITIES[kind], '/', name) }
  return {
    problem: errorOf({
      code: 'manifest.unknown-principal',
      message: isMissing(kind, name, names),
      help: names.suggestions.help(
        kind,
        name,
        () => names.arns[kind].keys(),
        `${howToName(kind, names)}, or write its ARN with \`allowUnknown: true\` if it is managed elsewhere`,
      ),
      span,
    }),
  }
}

/** null: it is none that can stand here. */
function principalOfArn(
  text: string,
  span: Span,
  names: NamesInScope,
  unknown: QuestionNames['unknown'],
): InvariantPrincipal | { readonly problem: Diagnostic } | null {
  const arn = parseArn(text)
  if (arn === null || /[*?]/.test(text) || !/^\d{12}$/.test(arn.account)) return null
  if (arn.service === 'iam' && arn.resource === 'root') return { text, kind: 'root', id: text }
  if (arn.service === 'iam' && /^(saml|oidc)-provider\/./.test(arn.resource))
    return { text, kind: 'federated', id: text }
  const problem = undeclaredPrincipalProblem(text, span, names, unknown)
  if (problem !== null) return { problem }
  if (arn.service === 'sts' && /^(assumed-role\/[^/]+\/[^/]+|federated-user\/[^/]+)$/.test(arn.resource))
    return { text, kind: 'session', id: text }
  const entity = parseEntityArn(text)
  return entity === null || !isIdentityKind(entity.kind) ? null : { text, kind: entity.kind, id: text }
}

/** For what is nearly a principal. */
function helpFor(text: string, { arns }: NamesInScope): string | null {
  const kinds = IDENTITY_KINDS.filter((kind) => arns[kind].has(text))
  if (kinds.length > 0) return `did you mean ${kinds.map((kind) => `\`${kind}/${text}\``).join(' or ')}?`
  if (/[*?]/.test(text) && (text.startsWith('arn:') || isIdentityKind(text.slice(0, text.indexOf('/')))))
    return 'principals are named one by one, or as `group/NAME` or `account:ID`'
  const [, session] = /^(role\/[^/]+)\/[^/]+$/.exec(text) ?? []
  if (session !== undefined) return `\`${session}\` stands for all of its sessions; of one, write the ARN`
  const [, kind = '', name] = /^(\w+)\/.*\/([^/]+)$/.exec(text) ?? []
  if (name !== undefined && isIdentityKind(kind)) return `names stand without their path: \`${kind}/${name}\``
  return /^\d{12}$/.test(text) ? `an account is written \`account:${text}\`` : null
}
