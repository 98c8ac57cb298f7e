// Which tags sessions of the project's roles can have, by brute force: passed by whoever assumes a role or signs in to it, or
// handed on along a chain of roles.
import type { Context } from './contexts.ts'
import type { Decided, StateName } from './decided.ts'
import type { EstateSpec } from './estate-spec.ts'
import type { Question } from './questions.ts'
import type { Requester } from './requesters.ts'

type Tags = Readonly<Record<string, string>>

interface Asking {
  readonly spec: EstateSpec
  readonly state: StateName
  readonly everybody: readonly Requester[]
  readonly ask: (principal: string, question: Question) => Decided
}

/** @returns ARNs of roles some of whose sessions have these tags */
export function rolesWithTags(tags: Tags, { spec, state, everybody, ask }: Asking): ReadonlySet<string> {
  const roles = Object.entries(spec.accounts).flatMap(([account, { roles: own = {} }]) =>
    Object.entries(own).map(([name, { path = '/' }]) => ({
      arn: `arn:${spec.partition ?? 'aws'}:iam::${account}:role${path}${name}`,
      session: everybody.find((each) => each.role === name && each.account === account),
    })),
  )
  const passes = (isHandedOn: boolean): Context =>
    new Map([
      ...Object.entries(tags).map(([name, value]): [string, readonly string[]] => [
        `aws:RequestTag/${name}`,
        [value],
      ]),
      ['aws:TagKeys', Object.keys(tags)],
      ...(isHandedOn ? [['sts:TransitiveTagKeys', Object.keys(tags)] as [string, readonly string[]]] : []),
    ])
  const isPassedBy = (each: Requester, role: (typeof roles)[number], context: Context): boolean => {
    const principal = each[state]
    if (principal === null || each.kind === 'anonymous' || each === role.session) return false
    const action =
      each.kind !== 'provider'
        ? 'sts:AssumeRole'
        : principal.includes('saml')
          ? 'sts:AssumeRoleWithSAML'
          : 'sts:AssumeRoleWithWebIdentity'
    return ask(principal, { requester: each, action, resource: role.arn, context }) === 'allow'
  }
  const isPassed = (role: (typeof roles)[number], isHandedOn: boolean) =>
    everybody.some((each) => isPassedBy(each, role, passes(isHandedOn)))
  const handedOn = new Set(roles.filter((role) => isPassed(role, true)))
  const isInherited = (role: (typeof roles)[number]): boolean =>
    [...handedOn].some(({ session }) => {
      const principal = session?.[state]
      if (session === undefined || principal == null || session === role.session) return false
      const context = new Map(
        Object.entries(tags).map(([name, value]) => [`aws:PrincipalTag/${name}`, [value]]),
      )
      // A tag that is inherited isn't in the request.
      return ['sts:AssumeRole', 'sts:TagSession'].every(
        (action) => ask(principal, { requester: session, action, resource: role.arn, context }) === 'allow',
      )
    })
  for (let isMore = true; isMore; ) {
    isMore = false
    for (const role of roles)
      if (!handedOn.has(role) && isInherited(role)) {
        handedOn.add(role)
        isMore = true
      }
  }
  const all = roles.filter((role) => handedOn.has(role) || isPassed(role, false))
  return new Set(all.map(({ arn }) => arn))
}
