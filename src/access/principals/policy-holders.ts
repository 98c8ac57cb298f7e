import { isOfSignIn } from '../../evaluator/keys/sign-in-keys.ts'
import type { ParsedPolicy } from '../../policy/parsed.ts'
import { variableNames } from '../../policy/variables.ts'
import { WITH_WILDCARDS } from '../key-facts.ts'
import type { KeyFacts } from '../symbolic/key-theory.ts'
import type { Pins } from '../symbolic/pins.ts'
import { type Glob, literalGlob, ONE_IN_SEGMENT, STAR, STAR_IN_SEGMENT } from '../symbolic/tokens.ts'
import {
  CALLER_ACCOUNT,
  isAboutPrincipal,
  organizationFacts,
  type PrincipalKeys,
  userIdOf,
  WORD,
} from './principal-keys.ts'

/** Somebody who may hold a policy, or have credentials of somebody who does: of one account. */
export interface PolicyHolder {
  /** ARN, of a likely name. */
  readonly principal: string
  readonly account: string
  readonly kind: (typeof KINDS)[number]
  readonly keys: PrincipalKeys
  readonly pins: Pins
}

/** Stand for any account. */
const ANY_ACCOUNTS = ['123456789012', '999999999999']
/** Accounts that are tried. */
const MOST_ACCOUNTS = 6
const KINDS = ['user', 'role', 'federatedUser'] as const

/** Keys that tell who holds a policy, so that what it allows hangs on who that is: in conditions, or as variables. */
const TELLS_HOLDER =
  /^(?:aws:(?:principal(?:account|arn|type)|username|userid|sourceidentity)|kms:calleraccount)$/i

/**
 * Whoever may hold policies that ask who it is: of the accounts that they speak of, and of one that stands for the others.
 * @returns empty: they don't ask
 */
export function policyHolders(policies: readonly ParsedPolicy[]): readonly PolicyHolder[] {
  const statements = policies.flatMap((policy) => policy.statements)
  const conditions = statements.flatMap((each) => each.conditions)
  const telling = conditions.filter(({ key }) => TELLS_HOLDER.test(key))
  const isNamed = (text: string) => variableNames(text).some((name) => TELLS_HOLDER.test(name))
  const areNamed =
    statements.some(({ resource }) => resource?.entries.some(isNamed)) ||
    conditions.some(({ values }) => values.some(isNamed))
  if (telling.length === 0 && !areNamed) return []
  const accounts = new Set([
    ...ANY_ACCOUNTS,
    ...telling.flatMap(({ values }) => values.flatMap((value) => accountIn(value) ?? [])),
  ])
  return [...accounts]
    .slice(0, MOST_ACCOUNTS)
    .flatMap((account) => KINDS.map((kind) => holderOf(account, kind)))
}

/** Whether a request says who holds a policy. */
export const tellsHolder = (context: ReadonlyMap<string, readonly string[]>): boolean =>
  [...context.keys()].some((key) => TELLS_HOLDER.test(key))

/** The account that a text is about, with something for its wildcards; null: none. */
function accountIn(text: string): string | null {
  const written = text.startsWith('arn:') ? (text.split(':')[4] ?? '') : text
  const rest = written.replace(/[*?]/g, '').length
  const digits = written
    .replaceAll('?', '0')
    .replace('*', '0'.repeat(Math.max(0, 12 - rest)))
    .replaceAll('*', '')
  return /^\d{12}$/.test(digits) ? digits : null
}

const TYPES = { user: 'User', role: 'AssumedRole', federatedUser: 'FederatedUser' } as const

const userIdIn = (account: string, kind: PolicyHolder['kind']): Glob =>
  kind === 'federatedUser' ? [...literalGlob(`${account}:`), ...WORD] : userIdOf(kind)

function holderOf(account: string, kind: PolicyHolder['kind']): PolicyHolder {
  const begin =
    kind === 'federatedUser' ? `arn:aws:sts::${account}:federated-user/` : `arn:aws:iam::${account}:${kind}/`
  const principal = `${begin}example`
  const name = [ONE_IN_SEGMENT, STAR_IN_SEGMENT]
  const settled: Readonly<Record<string, readonly string[] | null>> = {
    'aws:principalaccount': [account],
    'aws:principaltype': [TYPES[kind]],
    'aws:principalisawsservice': ['false'],
  }
  const one = { mayBeAbsent: false, maySeveral: false }
  const ofKey = (key: string): Partial<KeyFacts> | null => {
    switch (key) {
      case CALLER_ACCOUNT:
        return { ...one, within: [literalGlob(account)] }
      case 'aws:principalarn':
        // A name doesn't end with a slash.
        return { ...one, within: [[...literalGlob(begin), ...name]], without: [[STAR, ...literalGlob('/')]] }
      case 'aws:userid':
        return { ...one, within: [userIdIn(account, kind)], without: WITH_WILDCARDS }
      case 'aws:username':
        return kind === 'user'
          ? { ...one, within: [name], without: [[STAR, ...literalGlob('/'), STAR]] }
          : null
      case 'aws:sourceidentity':
        return kind === 'role' ? { maySeveral: false } : null
      default:
        if (key.startsWith('aws:principaltag/')) return { maySeveral: false }
        return isOfSignIn(key) && kind === 'role' ? {} : organizationFacts(key, null)
    }
  }
  return {
    principal,
    account,
    kind,
    keys: { id: `holder ${kind} ${account}`, factsOf: ofKey },
    pins: {
      valueOf: (key) =>
        key in settled ? settled[key] : isAboutPrincipal(key) && ofKey(key) === null ? null : undefined,
    },
  }
}
