import type { PolicyLayers } from '../../evaluator/layers.ts'
import { parsePrincipal } from '../../evaluator/principal.ts'
import { parseArn } from '../../model/index.ts'
import { matchesPattern } from '../../model/name-pattern.ts'
import type { ParsedPolicy } from '../../policy/parsed.ts'
import type { ActionTable } from '../actions/action-table.ts'
import type { EstateView } from '../estate-view.ts'
import type { ExaminedPrincipal } from './examined-principal.ts'

const ISSUE = 'sts:getfederationtoken'
const TAG = 'sts:tagsession'

/**
 * The federated users whose credentials a user may ask for, where policies may tell them from the user: by tags, which the
 * user chooses, or by what they are called. Who is called by name is told apart from the others.
 * @param user its ARN
 * @param policies of the resource that is asked about, in one state or two; absent: it has none that is known
 * @param asked what a question says of resources and of whoever asks: it may name one, too
 * @see IAM User Guide, "Pass session tags in AWS STS": GetFederationToken
 */
export function federatedBy(
  user: string,
  views: readonly EstateView[],
  table: ActionTable,
  policies: readonly (ParsedPolicy | null)[] = [],
  asked: readonly string[] = [],
): readonly ExaminedPrincipal[] {
  const arn = parseArn(user)
  if (arn === null || !arn.resource.startsWith('user/')) return []
  const held = views.flatMap((view) => layersOf(user, view) ?? [])
  const controls = views.flatMap(({ controlPolicies }) => controlPolicies)
  const telling = [...held.flatMap(policiesIn), ...controls, ...policies].flatMap((policy) => {
    const names = policy === null ? null : namesIn(policy)
    return names === null ? [] : [names]
  })
  if (telling.length === 0 || !mayIssue(user, views, table)) return []
  const of = `arn:${arn.partition}:sts::${arn.account}:federated-user/`
  return [...new Set(['*', ...telling.flat(), ...asked.flatMap(namesAsked)])].map((name) => ({
    label: `${of}${/[*?]/.test(name) ? '*' : name}`,
    name: `${of}${name === '*' ? EXAMPLE : name.replace(/[*?]+/g, 'x')}`,
    account: arn.account,
    parent: user,
    isIssued: (view) => allows(layersOf(user, view) ?? {}, ISSUE, table),
  }))
}

/** Whether a user may ask for credentials of federated users in one of the states, as far as its own policies name that. */
export const mayIssue = (user: string, views: readonly EstateView[], table: ActionTable): boolean =>
  parseArn(user)?.resource.startsWith('user/') === true &&
  views.some((view) => allows(layersOf(user, view) ?? {}, ISSUE, table))

/**
 * Federated users of the estate whom the policy of another account's resource names: each for every user who may have asked
 * for its credentials, since what that one may do decides as well.
 * @param owner of the resource, an account id
 */
export function federatedNamedBy(
  policies: readonly (ParsedPolicy | null)[],
  owner: string,
  views: readonly EstateView[],
  table: ActionTable,
): readonly ExaminedPrincipal[] {
  const named = new Set(
    policies.flatMap((policy) =>
      (policy?.statements ?? []).flatMap(({ principal }) =>
        (principal?.entries ?? []).flatMap((entry) => (entry.kind === 'arn' ? [entry.arn] : [])),
      ),
    ),
  )
  return [...named].flatMap((arn) => {
    const facts = parsePrincipal(arn)
    if (facts?.kind !== 'federatedUser' || facts.account === null || facts.account === owner) return []
    const { account } = facts
    const users = new Set(
      views.flatMap((view) =>
        view.entitiesOf(account).flatMap(({ kind, arn: user }) => (kind === 'user' ? [user] : [])),
      ),
    )
    return [...users].flatMap((parent): readonly ExaminedPrincipal[] => {
      const isIssued = (view: EstateView) => allows(layersOf(parent, view) ?? {}, ISSUE, table)
      return views.some(isIssued) ? [{ label: arn, name: arn, account, parent, isIssued }] : []
    })
  })
}

/** Whether a user may choose tags for the federated users whose credentials it asks for. */
export const mayTag = (layers: PolicyLayers): boolean =>
  (layers.identity ?? []).some(({ policy }) =>
    policy.statements.some(
      ({ effect, action }) =>
        effect === 'Allow' && action.entries.some((entry) => matches(entry, TAG)) !== action.negated,
    ),
  )

const matches = (entry: string, action: string): boolean =>
  entry === '*' || matchesPattern(entry.toLowerCase(), action)

function layersOf(user: string, view: EstateView): PolicyLayers | null {
  const known = view.principalOf(user)
  return known !== null && 'layers' in known ? known.layers : null
}

const allows = ({ identity = [] }: PolicyLayers, wanted: string, table: ActionTable): boolean =>
  identity.some(({ policy }) =>
    policy.statements.some(
      ({ effect, action }) => effect === 'Allow' && table.isIn(table.setOf(action), wanted),
    ),
  )

/** What is otherwise for a federated user than for the user who asked for its credentials. */
const THEIRS =
  /aws:(?:principaltag\/|principaltype|principalarn|userid|username|tokenissuetime)|:federated-user\//i

/** In the ARN of one, or in what `aws:userid` says of one; the account of another ARN begins no name. */
const ASKED = /(?::federated-user\/|(?<![:\d])\d{12}:)([\w+=,.@*?-]+)/g

const namesAsked = (text: string): readonly string[] =>
  [...text.matchAll(ASKED)].map(([, name = '*']) => name)

/** Stands for all whom nobody names. */
const EXAMPLE = 'example'

const policiesIn = ({ identity = [], boundary, scp = [] }: PolicyLayers): readonly ParsedPolicy[] =>
  [...identity, ...(boundary ?? []), ...scp.flat()].map(({ policy }) => policy)

const known = new WeakMap<ParsedPolicy, readonly string[] | null>()

/** Names of federated users that a policy tells apart, or patterns of such; null: it doesn't tell any of them from their users. */
function namesIn(policy: ParsedPolicy): readonly string[] | null {
  let names = known.get(policy)
  if (names === undefined) {
    const text = policy.statements
      .map(({ conditions, resource, principal }) => JSON.stringify([conditions, resource, principal]))
      .filter((each) => THEIRS.test(each))
      .join('\n')
    const called = [...text.matchAll(/(?::federated-user\/|"\d{12}:)([\w+=,.@*?-]+)"/g)]
    names = text === '' ? null : called.map(([, name = '*']) => name)
    known.set(policy, names)
  }
  return names
}
