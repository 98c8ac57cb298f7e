import { roles } from '../../kinds/role/iam.ts'
import { users } from '../../kinds/user/iam.ts'
import { entityArn, rootArn } from '../../model/index.ts'
import type { Caller, Session, SessionBearer } from '../caller.ts'
import type { Reading } from '../context.ts'
import { refused } from '../refusals.ts'
import type { StoredEntity } from '../store-port.ts'

/** Whoever calls, as the account has them now. */
export interface CallingPrincipal {
  /** As policies and messages name it: of a role's session that of the session. */
  readonly arn: string
  /** Of a session of a role the role's ARN, of a federated user that of who asked for the credentials; else null. */
  readonly base: string | null
  /** `aws:userid`. */
  readonly userId: string
  /** The user or role whose policies count; null: root. */
  readonly row: StoredEntity | null
  readonly isRoot: boolean
  /** null: by a key of their own. */
  readonly session: Session | null
}

/**
 * @throws IamError InvalidClientTokenId: who the credentials were given to is gone, or made anew under the same name
 */
export async function callingPrincipal(reading: Reading, caller: Caller): Promise<CallingPrincipal> {
  const { account, rows } = reading
  if (caller.accountId !== account.id) throw unknownToken()
  if (caller.kind === 'root') return rootOf(reading, null)
  if (caller.kind === 'session') return sessionPrincipal(reading, caller.session)
  const row = await rows.entity(users.kind, caller.userName)
  if (row === null) throw unknownToken()
  return ownPrincipal(reading, row, null)
}

/** @throws IamError InvalidClientTokenId: whose session it is, is gone */
export async function sessionPrincipal(reading: Reading, session: Session): Promise<CallingPrincipal> {
  const { account } = reading
  const { partition, id } = account
  const { bearer } = session
  const row = await bearerOf(reading, bearer)
  if (bearer.kind === 'federatedUser')
    return {
      arn: `arn:${partition}:sts::${id}:federated-user/${bearer.name}`,
      base: row === null ? null : entityArn(account, users.facts, row.path, row.name),
      userId: `${id}:${bearer.name}`,
      row,
      isRoot: false,
      session,
    }
  if (bearer.kind === 'root' || row === null) return rootOf(reading, session)
  if (bearer.kind === 'sameUser') return ownPrincipal(reading, row, session)
  return {
    arn: `arn:${partition}:sts::${id}:assumed-role/${row.name}/${bearer.sessionName}`,
    base: entityArn(account, roles.facts, row.path, row.name),
    userId: `${row.id}:${bearer.sessionName}`,
    row,
    isRoot: false,
    session,
  }
}

const rootOf = ({ account }: Reading, session: Session | null): CallingPrincipal => ({
  arn: rootArn(account),
  base: null,
  userId: account.id,
  row: null,
  isRoot: true,
  session,
})

const ownPrincipal = (
  { account }: Reading,
  row: StoredEntity,
  session: Session | null,
): CallingPrincipal => ({
  arn: entityArn(account, users.facts, row.path, row.name),
  base: null,
  userId: row.id,
  row,
  isRoot: false,
  session,
})

/**
 * The user or role whose policies a session goes by; null: root.
 * @throws IamError InvalidClientTokenId: they are gone
 */
async function bearerOf(
  { rows }: Pick<Reading, 'rows'>,
  bearer: SessionBearer,
): Promise<StoredEntity | null> {
  const bearerId =
    bearer.kind === 'root' ? null : bearer.kind === 'assumedRole' ? bearer.roleId : bearer.userId
  if (bearerId === null) return null
  const row = await rows.entityById(bearerId)
  if (row?.kind !== (bearer.kind === 'assumedRole' ? roles.kind : users.kind)) throw unknownToken()
  return row
}

/** @see IAM API Reference, "Common Errors": InvalidClientTokenId */
export const unknownToken = () =>
  refused('InvalidClientTokenId', 'The security token included in the request is invalid.')
