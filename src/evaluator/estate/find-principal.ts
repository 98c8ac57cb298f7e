import { didYouMean } from '../../diagnostics/index.ts'
import { type AccountState, parseArn, type RoleState, rootArn, type UserState } from '../../model/index.ts'
import { type PrincipalFacts, parsePrincipal } from '../principal.ts'
import { type Refusal, refuse } from './refusal.ts'

export interface FoundPrincipal {
  readonly facts: PrincipalFacts
  /** null: root, a service, or anonymous. */
  readonly entity: UserState | RoleState | null
}

/** A principal of the account as people name it. @throws Refusal when there is none, or its policies can't be known */
export function findPrincipal(state: AccountState, text: string): FoundPrincipal {
  const { account, users, roles } = state
  if (text === 'root') return { facts: factsOf(rootArn(account)), entity: null }
  const [kind, name = '', session, ...more] = text.split('/')
  if (!text.startsWith('arn:') && (kind === 'user' || kind === 'role' || kind === 'group')) {
    if (kind === 'group')
      throw refuse(
        'evaluate.group-principal',
        `\`${text}\` is a group, which is never a principal`,
        'ask for one of its users: `user/NAME`',
      )
    const entity = kind === 'user' ? users.get(name) : roles.get(name)
    const hasPath = more.length > 0 || (kind === 'user' && session !== undefined)
    if (entity === undefined || hasPath) throw unknownPrincipal(state, kind, hasPath ? text : name)
    if (session === undefined) return { facts: factsOf(entity.arn), entity }
    const sessionArn = `arn:${account.partition}:sts::${account.id}:assumed-role/${name}/${session}`
    if (!/^[\w+=,.@-]{2,64}$/.test(session))
      throw refuse(
        'evaluate.session-name',
        `\`${session}\` can't be the name of a session`,
        'a session name has 2 to 64 letters, digits and `_+=,.@-`',
      )
    return { facts: factsOf(sessionArn), entity }
  }
  const facts = parsePrincipal(text)
  if (facts === null)
    throw refuse(
      'evaluate.unknown-principal',
      `\`${text}\` is no principal`,
      didYouMean(
        text,
        [...users.keys(), ...roles.keys(), 'root'],
        'write `user/NAME`, `role/NAME`, `role/NAME/SESSION`, `root`, an ARN, a service principal, or `*`',
      ),
    )
  if (facts.kind === 'service' || facts.kind === 'anonymous') return { facts, entity: null }
  if (facts.kind === 'provider' || facts.kind === 'federatedUser')
    throw refuse(
      'evaluate.not-supported-yet',
      `requests of ${facts.kind === 'provider' ? 'identity providers' : 'federated users'} can't be decided yet`,
      'ask for a user, a role or a session of it',
    )
  if (facts.account !== account.id || facts.partition !== account.partition)
    throw refuse(
      'evaluate.foreign-principal',
      `\`${text}\` belongs to another account than ${account.id}, whose policies are not known here`,
      'ask for a principal of this account',
    )
  if (facts.kind === 'root') return { facts, entity: null }
  const found = facts.kind === 'user' ? users.get(facts.name ?? '') : roles.get(facts.name ?? '')
  if (found === undefined) throw unknownPrincipal(state, facts.kind, facts.name ?? '')
  const isSession = parseArn(text)?.service === 'sts'
  if (!isSession && found.arn !== text)
    throw refuse('evaluate.unknown-principal', `there is no \`${text}\``, `did you mean \`${found.arn}\`?`)
  return { facts, entity: found }
}

function unknownPrincipal(state: AccountState, kind: 'user' | 'role', name: string): Refusal {
  const last = name.split('/').at(-1) ?? name
  const names = [...(kind === 'user' ? state.users : state.roles).keys()]
  const help = names.includes(last)
    ? `names stand without their path: \`${kind}/${last}\``
    : didYouMean(name, names, `account ${state.account.id} has ${names.length} ${kind}s`)
  return refuse('evaluate.unknown-principal', `there is no ${kind} \`${name}\``, help)
}

function factsOf(text: string): PrincipalFacts {
  const facts = parsePrincipal(text)
  if (facts === null) throw refuse('evaluate.unknown-principal', `\`${text}\` is no principal`, null)
  return facts
}
