import type { Grant } from '../evaluator/estate/who-can.ts'
import { type Paint, printable } from './layout/paint.ts'

/** A role whose sessions are ended, or may be to be ended. */
export interface RevokedRole {
  readonly account: { readonly id: string; readonly name: string }
  readonly arn: string
  /** As people write it: `role/deploy`. */
  readonly name: string
  /** null: it was named; else sessions of whom may have become its sessions. */
  readonly chain: { readonly from: string; readonly decision: Grant['decision'] } | null
  /** `planned`: nothing was written yet. `left`: nobody asked for it. `skipped`: a signal came first. */
  readonly status: 'planned' | 'left' | 'done' | 'failed' | 'skipped'
  /** Sessions that began before are denied everything, ISO 8601 UTC; null: nothing was written. */
  readonly before: string | null
  readonly error: { readonly code: string; readonly message: string } | null
}

export interface RevokeReport {
  readonly roles: readonly RevokedRole[]
  /** Names of accounts that could not be read: their roles may be held too. */
  readonly unread: readonly string[]
}

export const revokeJson = ({ roles, unread }: RevokeReport): object => ({
  roles: roles.map(({ account, arn, chain, status, before, error }) => ({
    account: { id: account.id, name: account.name },
    role: arn,
    from: chain?.from ?? null,
    decision: chain?.decision ?? null,
    status,
    before,
    error,
  })),
  unread: [...unread],
})

/** What ending sessions does not reach, whoever asks. */
const NOT_REACHED = [
  'not reached: sessions that are made later (whoever may assume the role still may), what sessions have made',
  'meanwhile (keys, users, policies), what is open to anybody, and roles of accounts that the project does not have',
]

export function revokeText({ roles, unread }: RevokeReport, paint: Paint): string {
  if (roles.length === 0) return ''
  const named = roles.filter(({ chain }) => chain === null)
  const chained = roles.filter(({ chain }) => chain !== null)
  return [
    ...named.map((role) => lineOf(role, paint)),
    ...(chained.length === 0
      ? []
      : [
          'may be held by chains from there, as policies are now:',
          ...chained.map((role) => lineOf(role, paint)),
        ]),
    ...unread.map(
      (name) => `the account ${printable(name)} could not be read: whether its roles are held is not known`,
    ),
    ...NOT_REACHED,
  ].join('\n')
}

const DECISIONS: Readonly<Record<Grant['decision'], string>> = {
  allow: 'assumed',
  conditional: 'assumed under conditions',
  unknown: 'perhaps assumed: it is not known',
}

function lineOf({ account, name, chain, status, before, error }: RevokedRole, paint: Paint): string {
  const from = chain === null ? '' : ` (${DECISIONS[chain.decision]} from ${printable(nameOf(chain.from))})`
  return `${chain === null ? '' : '  '}${printable(name)} of ${printable(account.name)}${from}: ${outcomeOf(status, before, error, paint)}`
}

/** Within its account. */
const nameOf = (arn: string): string => arn.replace(/^arn:[^:]*:iam::[^:]*:/, '')

function outcomeOf(
  status: RevokedRole['status'],
  before: string | null,
  error: RevokedRole['error'],
  paint: Paint,
): string {
  switch (status) {
    case 'done':
      return paint('added', `sessions from before ${before ?? ''} are denied everything`)
    case 'planned':
      return 'sessions that there are now would be denied everything'
    case 'left':
      return paint('changed', 'left as it is')
    case 'failed':
      return paint('removed', `failed: ${error?.code ?? ''}: ${printable(error?.message ?? '')}`)
    case 'skipped':
      return 'not done: a signal came before'
  }
}
