// Words for what faults have in common: kinds of principals, of statements and of messages, never names.
import type { PlacedReason } from '../../src/evaluator/estate/estate-question.ts'
import type { PolicyStatement, PrincipalBlock } from '../../src/model/index.ts'
import { HOME, MEMBER, OTHER, PARTNER, PARTNER_2, STRANGER } from './world.ts'

const FORMS: readonly (readonly [RegExp, string])[] = [
  [/:(?:saml|oidc)-provider\//, 'provider'],
  [/:federated-user\//, 'federated user'],
  [/:assumed-role\//, 'session'],
  [/:root$/, 'root'],
  [/:user\/[^/]+\//, 'user with path'],
  [/:user\//, 'user'],
  [/:role\/[^/]+\//, 'role with path'],
  [/:role\//, 'role'],
]

const placeOf = (account: string): string =>
  [HOME, OTHER].includes(account)
    ? 'own'
    : account === MEMBER
      ? 'member'
      : [PARTNER, PARTNER_2].includes(account)
        ? 'named'
        : account === STRANGER || account === '999999999999'
          ? 'stranger'
          : 'other'

/** Of a principal, or of what a finding calls somebody: `named role`, `service`, `any account`. */
export function whoIs(label: string): string {
  if (label === '*' || label === 'anonymous') return 'anonymous'
  if (label === 'account:*') return 'any account'
  if (/^\d{12}$/.test(label)) return `${placeOf(label)} account`
  if (label.startsWith('account:')) return `${placeOf(label.slice(8))} account`
  if (/^(?:AROA|AIDA|id:)/.test(label)) return 'unique id'
  if (label.startsWith('service:')) return label === 'service:*' ? 'any service' : 'service'
  if (label.startsWith('federated:')) return 'provider'
  if (/^canonical|^[0-9a-f]{64}$/.test(label)) return 'canonical user'
  const form = FORMS.find(([pattern]) => pattern.test(label))?.[1]
  if (form === undefined) return label.includes('.') ? 'service' : label
  const [, partition, , , account = ''] = label.split(':')
  return `${placeOf(account)} ${form}${partition === 'aws' ? '' : ' of another partition'}`
}

function principalForms(block: PrincipalBlock | undefined): readonly string[] {
  if (block === undefined) return []
  if (block === '*') return ['*']
  return Object.entries(block).flatMap(([kind, values]) =>
    [values]
      .flat()
      .map((value) => (kind === 'AWS' ? whoIs(value === '*' ? '*' : value).replace('anonymous', '*') : kind)),
  )
}

/** What a statement is like: whom it names, and which keys it compares. */
function statementForm(statement: PolicyStatement): string {
  const named = [...new Set(principalForms(statement.Principal))].sort()
  const not = principalForms(statement.NotPrincipal)
  const keys = Object.entries(statement.Condition ?? {}).flatMap(([operator, block]) =>
    Object.keys(block).map((key) => `${/Not|Null|IfExists|ForAll/.test(operator) ? '¬' : ''}${key}`),
  )
  return [
    ...(named.length > 0 ? [`of ${named.join('+')}`] : []),
    ...(not.length > 0 ? [`of all but ${[...new Set(not)].join('+')}`] : []),
    ...(keys.length > 0 ? [`by ${[...new Set(keys)].sort().join('+')}`] : []),
  ].join(' ')
}

/** The statements that allow something. */
export function allowedBy(reasons: readonly PlacedReason[]): string {
  const forms = reasons
    .filter(({ effect, layer }) => effect === 'Allow' && layer !== 'scp' && layer !== 'rcp')
    .map(({ layer, statement, document }) => {
      const found = statement === null ? undefined : [document?.json.Statement ?? []].flat()[statement]
      return `${layer} ${found === undefined ? '' : statementForm(found as PolicyStatement)}`.trim()
    })
  return [...new Set(forms)].sort().join(', ') || 'nothing'
}

/** A message without names. */
export const messageForm = (message: string): string =>
  message
    .replace(
      /(disagree about )(\S+) (\S+) (\S+) .*/,
      (_, start: string, who: string, action: string) => `${start}${whoIs(who)} ${action.split(':')[0]}`,
    )
    .replace(/arn:\S+/g, 'ARN')
    .replace(/\d{12}/g, 'ID')
    .slice(0, 160)
