import { didYouMean, nearest } from '../../diagnostics/index.ts'
import {
  type AccountState,
  ENTITIES,
  entityRef,
  IDENTITY_KINDS,
  isEntityKind,
  isPrincipalEntityKind,
  PRINCIPAL_ENTITY_KINDS,
  PRINCIPAL_FORMS,
  type PrincipalEntity,
  type PrincipalEntityKind,
  parseArn,
  principalEntitiesIn,
  rootArn,
} from '../../model/index.ts'
import { oneOf } from '../../model/kind-facts.ts'
import { type PrincipalFacts, parsePrincipal } from '../principal.ts'
import { type Refusal, refuse } from './refusal.ts'

export interface FoundPrincipal {
  /** As a request names it. */
  readonly principal: string
  readonly facts: PrincipalFacts
  /** null: root, a service, a provider, anonymous, a federated user, or somebody of another account. */
  readonly entity: PrincipalEntity | null
  /** Its account; null: it has none, or the account isn't known. */
  readonly state: AccountState | null
  /** false: it belongs to an account that isn't known. */
  readonly isKnown: boolean
}

/**
 * A principal as people name it.
 * @param inAccount the id of the account that a name without one is meant in; absent: the only one there is
 * @throws Refusal when there is none
 */
export function findPrincipal(
  accounts: ReadonlyMap<string, AccountState>,
  text: string,
  inAccount: string | undefined,
): FoundPrincipal {
  const [kind = '', name = '', session, ...more] = text.split('/')
  if (text === 'root' || (!text.startsWith('arn:') && NAMED_KINDS.has(kind))) {
    const state = accountFor(accounts, text, inAccount)
    const { account } = state
    const here = { state, isKnown: true }
    if (text === 'root') return found(rootArn(account), null, here)
    if (kind === 'group')
      throw refuse(
        'evaluate.group-principal',
        `\`${text}\` is a group, which is never a principal`,
        'ask for one of its users: `user/NAME`',
      )
    if (kind === 'federated-user')
      return found(`arn:${account.partition}:sts::${account.id}:${text}`, null, here)
    const of = isPrincipalEntityKind(kind) ? kind : 'role'
    const entity = state.entities[of].get(name)
    const hasPath = more.length > 0 || (kind === 'user' && session !== undefined)
    if (entity === undefined || hasPath)
      throw unknownPrincipal(
        state,
        of,
        hasPath || entityAt(state, text) !== null ? text.slice(kind.length + 1) : name,
      )
    if (session === undefined) return found(entity.arn, entity, here)
    if (!/^[\w+=,.@-]{2,64}$/.test(session))
      throw refuse(
        'evaluate.session-name',
        `\`${session}\` can't be the name of a session`,
        'a session name has 2 to 64 letters, digits and `_+=,.@-`',
      )
    return found(`arn:${account.partition}:sts::${account.id}:assumed-role/${name}/${session}`, entity, here)
  }
  const facts = parsePrincipal(text)
  if (facts === null) throw noPrincipal(accounts, text)
  if (facts.account === null) return found(text, null, { state: null, isKnown: true })
  const state = accounts.get(facts.account) ?? null
  if (facts.kind === 'provider') return found(text, null, { state, isKnown: true })
  if (state === null || state.account.partition !== facts.partition)
    return found(text, null, { state: null, isKnown: false })
  const here = { state, isKnown: true }
  if (facts.kind === 'root' || facts.kind === 'federatedUser') return found(text, null, here)
  const of = isPrincipalEntityKind(facts.kind) ? facts.kind : 'role'
  const entity = state.entities[of].get(facts.name ?? '')
  if (entity === undefined) throw unknownPrincipal(state, of, facts.name ?? '')
  const isSession = parseArn(text)?.service === 'sts'
  if (!isSession && entity.arn !== text)
    throw refuse('evaluate.unknown-principal', `there is no \`${text}\``, `did you mean \`${entity.arn}\`?`)
  return found(text, entity, here)
}

/** Who has a path and a name that somebody wrote together. */
const entityAt = ({ entities }: AccountState, text: string): PrincipalEntity | null =>
  principalEntitiesIn<PrincipalEntity>(entities).find(({ arn }) => arn.endsWith(`:${text}`)) ?? null

const NAMED_KINDS: ReadonlySet<string> = new Set([...IDENTITY_KINDS, 'federated-user'])

function found(
  principal: string,
  entity: PrincipalEntity | null,
  where: Pick<FoundPrincipal, 'state' | 'isKnown'>,
): FoundPrincipal {
  const facts = parsePrincipal(principal)
  if (facts === null) throw refuse('evaluate.unknown-principal', `\`${principal}\` is no principal`, null)
  return { principal, facts, entity, ...where }
}

/** The account that a name is meant in. */
function accountFor(
  accounts: ReadonlyMap<string, AccountState>,
  text: string,
  inAccount: string | undefined,
): AccountState {
  const [only, second] = accounts.values()
  const state = inAccount === undefined ? (second === undefined ? only : undefined) : accounts.get(inAccount)
  if (state !== undefined) return state
  throw refuse(
    'evaluate.which-account',
    `\`${text}\` can be meant in several accounts`,
    `name the account, one of ${[...accounts.keys()].join(', ')}, or write an ARN`,
  )
}

function noPrincipal(accounts: ReadonlyMap<string, AccountState>, text: string): Refusal {
  const named = new Map<string, string>([['root', 'root']])
  // Of one name, the first kind counts.
  for (const { entities } of accounts.values())
    for (const kind of PRINCIPAL_ENTITY_KINDS.toReversed())
      for (const name of entities[kind].keys()) named.set(name, entityRef(kind, name))
  const kind = text.slice(0, Math.max(0, text.indexOf('/')))
  const meant = named.get(text) ?? named.get(nearest(text, named.keys()) ?? '')
  return refuse(
    'evaluate.unknown-principal',
    `\`${text}\` is no principal`,
    meant !== undefined
      ? `did you mean \`${meant}\`?`
      : isEntityKind(kind) && !isPrincipalEntityKind(kind)
        ? `${oneOf(ENTITIES[kind])} makes no requests: name a user or a role, as \`user/NAME\``
        : `write ${PRINCIPAL_FORMS.map((form) => `\`${form}\``).join(', ')}, \`role/NAME/SESSION\`, \`root\`, an ARN, a service principal, or \`*\``,
  )
}

function unknownPrincipal(state: AccountState, kind: PrincipalEntityKind, name: string): Refusal {
  const last = name.split('/').at(-1) ?? name
  const names = [...state.entities[kind].keys()]
  const help = names.includes(last)
    ? `names stand without their path: \`${kind}/${last}\`${kind === 'role' && name.split('/').length === 2 ? `; \`role/${name}\` is session \`${last}\` of a role \`${name.split('/')[0]}\`` : ''}`
    : didYouMean(
        name,
        names,
        `account ${state.account.id} has ${names.length} ${kind}${names.length === 1 ? '' : 's'}`,
      )
  return refuse('evaluate.unknown-principal', `there is no ${kind} \`${name}\``, help)
}
