// Requests over the alphabets of random pairs: contexts with the keys that a pair names, and which of them are real.
import type { Random } from '../evaluator/random-cases.ts'
import { KEYS } from './alphabets.ts'
import { HOME, type Pair, ROLE, spaceOf, TEAM, TEAM_TAG } from './random-pairs.ts'

export type Context = ReadonlyMap<string, readonly string[]>

/** Of each pair. */
const MOST_CONTEXTS = 24

/** The keys that a pair's policies name, in lower case. */
export function keysOf({ before, after }: Pair): ReadonlySet<string> {
  const text = JSON.stringify([before, after]).toLowerCase()
  return new Set(
    [...Object.keys(KEYS), 'x:m'].map((key) => key.toLowerCase()).filter((key) => text.includes(key)),
  )
}

/** Contexts that differ in what the pair's policies ask for. */
export function contextsFor(pair: Pair, random: Random): readonly Context[] {
  const keys = keysOf(pair)
  let contexts: readonly Context[] = [new Map([[TEAM_TAG, [TEAM]]])]
  for (const key of [...Object.keys(KEYS), 'x:m']) {
    if (!keys.has(key.toLowerCase()) || spaceOf(key).given.length === 0) continue
    const values = valuesOf(key, random)
    contexts = contexts.flatMap((context) =>
      values.map((each) => (each === null ? context : new Map([...context, [key, each]]))),
    )
    contexts = sample(contexts, 20 * MOST_CONTEXTS, random)
  }
  return sample(
    contexts.filter((context) => isReal(context, null, keys, pair.principal)),
    MOST_CONTEXTS,
    random,
  )
}

/** null: the key is absent. */
function valuesOf(key: string, random: Random): readonly (readonly string[] | null)[] {
  const { given, single } = spaceOf(key)
  const values = [null, ...given.map((value) => [value])]
  if (single) return values
  const several = Array.from({ length: 2 * given.length }, () => [
    ...new Set([random.pick(given), random.pick(given), ...(random.chance(0.2) ? [random.pick(given)] : [])]),
  ])
  return [...values, ...several]
}

function sample<T>(all: readonly T[], most: number, random: Random): readonly T[] {
  if (all.length <= most) return all
  const left = [...all]
  for (let at = 0; at < most; at++) {
    const other = at + random.below(left.length - at)
    const [one, two] = [left[at], left[other]]
    if (one !== undefined && two !== undefined) {
      left[at] = two
      left[other] = one
    }
  }
  return left.slice(0, most)
}

/**
 * Whether keys follow from each other, and from the resource, as in every request.
 * @param resource null: any
 * @param keys in lower case; what no policy names needn't be there
 * @param action absent: any that isn't IAM's
 */
export function isReal(
  context: Context,
  resource: string | null,
  keys: ReadonlySet<string>,
  principal: string,
  action = '',
): boolean {
  const given = new Map([...context].map(([key, values]) => [key.toLowerCase(), values]))
  const tagKeys = given.get('aws:tagkeys') ?? []
  if (
    keys.has('aws:tagkeys') &&
    given.has('aws:requesttag/k') &&
    !tagKeys.some((name) => name.toLowerCase() === 'k')
  )
    return false
  if (principal === ROLE && keys.has('aws:tokenissuetime') && !given.has('aws:tokenissuetime')) return false
  const [mfa] = given.get('aws:multifactorauthpresent') ?? []
  // Only sessions tell of MFA: a policy that names the key of their time sees it, but in calls of IAM and STS by the console.
  if (
    principal !== ROLE &&
    mfa !== undefined &&
    !given.has('aws:tokenissuetime') &&
    keys.has('aws:tokenissuetime') &&
    !/^(?:iam|sts):/.test(action)
  )
    return false
  for (const key of ['aws:resourceaccount', 'aws:requestedregion'])
    if (keys.has(key) && !given.has(key)) return false
  if (resource === null) return true
  const [, , , region = '', account = ''] = resource.split(':')
  return (
    [
      ['aws:requestedregion', region, action.startsWith('iam:') ? /^us-east-1$/ : /^[a-z]{2}-\w+-\d$/],
      ['aws:resourceaccount', account, /^\d{12}$/],
    ] as const
  ).every(([key, segment, form]) => {
    const value = given.get(key)?.join() ?? ''
    return !keys.has(key) || (segment === '' ? form.test(value) : value === segment)
  })
}

/** With what follows from the rest, where a request doesn't say: nothing may depend on it. */
export function completed(
  {
    action,
    resource,
    context,
  }: { readonly action: string; readonly resource: string; readonly context: Context },
  principal: string,
): Context {
  const whole = new Map(context)
  const isGiven = (key: string) =>
    [...context.keys()].some((each) => each.toLowerCase() === key.toLowerCase())
  const add = (key: string, value: string) => {
    if (value !== '' && !isGiven(key)) whole.set(key, [value])
  }
  const [, , , region = '', account = ''] = resource.split(':')
  add(TEAM_TAG, TEAM)
  add('aws:RequestedRegion', region === '' ? 'us-east-1' : region)
  add('aws:ResourceAccount', account === '' ? HOME : account)
  if (isGiven('aws:RequestTag/k')) add('aws:TagKeys', 'k')
  const ofConsole = /^(?:iam|sts):/i.test(action)
  if (principal === ROLE || (isGiven('aws:MultiFactorAuthPresent') && !ofConsole))
    add('aws:TokenIssueTime', '2030-01-01T00:00:00Z')
  return whole
}
