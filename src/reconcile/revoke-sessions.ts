import { REVOCATION, revocationDocument } from '../policy/revocation.ts'
import type { IamWriter } from '../target/ports.ts'
import { makeCall } from './make-call.ts'
import type { Pauses } from './retries.ts'
import { type ToldError, toldOf } from './told-of.ts'

/** A role whose older sessions are to end, in an account that is open for writing. */
interface RoleToRevoke {
  readonly arn: string
  readonly name: string
  readonly iam: IamWriter
  /** From before when its sessions are ended already; null: none are. Milliseconds since the epoch. */
  readonly endedBefore: number | null
}

export interface RevokedSessions {
  readonly arn: string
  readonly status: 'done' | 'failed' | 'skipped'
  /** Sessions that began before are denied everything. Milliseconds since the epoch; null: nothing was written. */
  readonly before: number | null
  readonly error: ToldError | null
}

interface RevokePorts extends Pauses {
  /** Milliseconds since the epoch. */
  readonly clock: () => number
}

/** Milliseconds within which all of them are to be written. */
const FIRST_LEAD = 2000
const MOST_ROUNDS = 3

/**
 * Ends the sessions of roles that began before now. Sessions of some may become sessions of others for as long as not all are written, so that
 * several are ended up to one moment that lies a little ahead: when it comes, none is left that could make another.
 * @param isChained whether sessions of one may become sessions of another, or of itself
 * @returns one for each, in order; `isLate`: it took longer than thought, and sessions may have been made meanwhile
 */
export async function revokeSessions(
  roles: readonly RoleToRevoke[],
  isChained: boolean,
  ports: RevokePorts,
): Promise<{ readonly revoked: readonly RevokedSessions[]; readonly isLate: boolean }> {
  const settling = Math.max(0, ...roles.map(({ iam }) => iam.settlesWithin ?? 0))
  const written = new Map<string, RevokedSessions>()
  for (let round = 1, lead = FIRST_LEAD; ; round++, lead *= 4) {
    const before = isChained ? wholeSecondAfter(ports.clock() + lead + settling) : ports.clock() + 1
    for (const role of roles) {
      const revoked = await revokeOne(role, before, ports)
      // What an earlier round has written stands, whatever becomes of a later one.
      if (revoked.status === 'done' || !written.has(role.arn)) written.set(role.arn, revoked)
    }
    const revoked = [...written.values()]
    const isLate = isChained && ports.clock() + settling > before
    if (!isLate || round === MOST_ROUNDS || ports.signal.aborted) return { revoked, isLate }
  }
}

const wholeSecondAfter = (time: number): number => Math.ceil(time / 1000) * 1000

async function revokeOne(
  { arn, name, iam, endedBefore }: RoleToRevoke,
  wanted: number,
  ports: RevokePorts,
): Promise<RevokedSessions> {
  if (ports.signal.aborted) return { arn, status: 'skipped', before: null, error: null }
  const before = Math.max(wanted, endedBefore ?? 0)
  const input = {
    RoleName: name,
    PolicyName: REVOCATION,
    PolicyDocument: JSON.stringify(revocationDocument(new Date(before).toISOString())),
  }
  try {
    await makeCall(
      { operation: 'PutRolePolicy', input, secrets: [] },
      // To put it twice is to put it once.
      { ...ports, writer: iam, needsOwnWork: false, lookFor: () => null },
    )
    return { arn, status: 'done', before, error: null }
  } catch (error) {
    return { arn, status: 'failed', before: null, error: toldOf(error) }
  }
}
