import { ENTITIES, entityArn, parseArn, type RunningThing } from '../model/index.ts'
import type { Intake } from './intake.ts'

/** Something that runs with a role, as an input says it. */
export interface SaidThing extends Omit<RunningThing, 'has'> {
  /** Of the account that it is in. */
  readonly account: string
  /** What it names: the role itself, or the instance profile that the role is in. */
  readonly names: 'role' | 'profile'
  /** ARN or name of that. */
  readonly named: string
}

/** An instance profile, as an input says it. */
export interface SaidProfile {
  readonly arn: string
  readonly account: string
  /** ARN or name. */
  readonly role: string
}

/** What has roles, and who lets in people from elsewhere. */
export interface SaidThings {
  /** ARNs of identity providers. */
  readonly providers: readonly string[]
  readonly running: readonly SaidThing[]
  readonly profiles: readonly SaidProfile[]
}

/**
 * The same input with what has roles. Roles and profiles may be named alone: these are in the same account.
 * @param before what was there and may be gone; null: nothing
 */
export function withThings(intake: Intake, said: SaidThings, before: SaidThings | null = null): Intake {
  const { estate } = intake
  const roleOf = (account: string, named: string): string | null => {
    if (parseArn(named) !== null) return named
    const state = estate.accounts.find((each) => each.account.id === account)
    if (state === undefined) return null
    return state.entities.role.get(named)?.arn ?? entityArn(state.account, ENTITIES.role, '/', named)
  }
  const profiles = new Map(estate.instanceProfiles)
  const withoutProfile = new Set(estate.withoutProfile)
  const left: string[] = []
  for (const { arn } of before?.profiles ?? []) {
    const role = profiles.get(arn)
    if (role !== undefined) left.push(role)
    profiles.delete(arn)
  }
  for (const { arn, account, role } of said.profiles) {
    const has = roleOf(account, role)
    if (has !== null) profiles.set(arn, has)
  }
  const held = new Set(profiles.values())
  for (const role of left) if (!held.has(role)) withoutProfile.add(role)
  for (const role of held) withoutProfile.delete(role)
  const byName = new Map(
    [...profiles].map(([arn, role]) => [profileKey(parseArn(arn)?.account ?? '', arn), role]),
  )
  const gone = new Set(before?.providers)
  const providers = new Set([
    ...[...(estate.providers ?? [])].filter((arn) => !gone.has(arn)),
    ...said.providers,
  ])
  const running = said.running.flatMap(({ account, names, named, ...thing }): readonly RunningThing[] => {
    const has = names === 'role' ? roleOf(account, named) : (byName.get(profileKey(account, named)) ?? null)
    return has === null ? [] : [{ ...thing, has }]
  })
  return { ...intake, estate: { ...estate, running, instanceProfiles: profiles, withoutProfile, providers } }
}

/** Names of instance profiles are unique in an account. */
const profileKey = (account: string, named: string): string =>
  `${account} ${named.slice(named.lastIndexOf('/') + 1)}`
