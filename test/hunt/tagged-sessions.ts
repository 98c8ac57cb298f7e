// Which tags sessions of the project's roles can have, by brute force: passed by whoever assumes a role or signs in to it, or
// handed on along a chain of roles.
import type { Asked } from './asked.ts'
import type { Context } from './contexts.ts'
import type { Decided, StateName } from './decided.ts'
import type { EstateSpec, Statements } from './estate-spec.ts'
import type { Question } from './questions.ts'
import type { Requester } from './requesters.ts'

type Tags = Readonly<Record<string, string>>

interface Asking {
  readonly spec: EstateSpec
  readonly state: StateName
  readonly everybody: readonly Requester[]
  readonly ask: (principal: string, question: Question) => Decided
  /** Contexts that such a request can have. */
  contextsOf(asked: Asked): Iterable<Context>
}

/** @returns ARNs of roles some of whose sessions have these tags */
export function rolesWithTags(
  tags: Tags,
  { spec, state, everybody, ask, contextsOf }: Asking,
): ReadonlySet<string> {
  // Control policies ask for keys as well.
  const controls = keysOf(
    Object.values(spec.organization ?? {})
      .flat()
      .filter((each): each is Statements[number] => typeof each === 'object' && 'Effect' in each),
  )
  const roles = Object.entries(spec.accounts).flatMap(([account, { roles: own = {} }]) =>
    Object.entries(own).map(([name, { path = '/', trust = [] }]) => ({
      keys: [...new Set([...keysOf(trust), ...controls])],
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
  /** Some request of somebody with this context, whatever else the role's trust policy asks for. */
  const isAllowed = (
    requester: Requester,
    actions: readonly string[],
    { arn: resource, keys }: (typeof roles)[number],
    context: Context,
  ): boolean => {
    const principal = requester[state]
    if (principal === null) return false
    const may = (whole: Context) =>
      actions.every((action) => ask(principal, { requester, action, resource, context: whole }) === 'allow')
    if (may(context)) return true
    const [action = ''] = actions
    const tried = keys.length === 0 ? [] : contextsOf({ requester, action, resource })
    const views = new Set<string>()
    for (const drawn of tried) {
      const view = JSON.stringify(keys.map((key) => drawn.get(key) ?? null))
      if (views.has(view)) continue
      views.add(view)
      const others = [...drawn].filter(([key]) => !OF_TAGS.test(key))
      if (may(new Map([...others, ...context]))) return true
    }
    return false
  }
  const isPassedBy = (each: Requester, role: (typeof roles)[number], context: Context): boolean => {
    const principal = each[state]
    if (principal === null || each.kind === 'anonymous' || each === role.session) return false
    const action =
      each.kind !== 'provider'
        ? 'sts:AssumeRole'
        : principal.includes('saml')
          ? 'sts:AssumeRoleWithSAML'
          : 'sts:AssumeRoleWithWebIdentity'
    return isAllowed(each, [action], role, context)
  }
  const isPassed = (role: (typeof roles)[number], isHandedOn: boolean) =>
    everybody.some((each) => isPassedBy(each, role, passes(isHandedOn)))
  const handedOn = new Set(roles.filter((role) => isPassed(role, true)))
  const isInherited = (role: (typeof roles)[number]): boolean =>
    [...handedOn].some(({ session }) => {
      if (session === undefined || session === role.session) return false
      const context = new Map(
        Object.entries(tags).map(([name, value]) => [`aws:PrincipalTag/${name}`, [value]]),
      )
      // A tag that is inherited isn't in the request.
      return isAllowed(session, ['sts:AssumeRole', 'sts:TagSession'], role, context)
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

const OF_TAGS = /^(?:aws:(?:requesttag\/|tagkeys$|principaltag\/)|sts:transitivetagkeys$)/

/** That conditions compare, but for those of tags; in lower case. */
const keysOf = (trust: Statements): readonly string[] =>
  trust
    .flatMap(({ Condition = {} }) => Object.values(Condition).flatMap(Object.keys))
    .map((key) => key.toLowerCase())
    .filter((key) => !OF_TAGS.test(key))
