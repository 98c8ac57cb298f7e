// Variables of who asks, put into Resource and NotResource of policies that are drawn already, and resources whose names are
// made of the values that somebody has: what no random name would meet.
import type { PolicyStatement } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import { replacing, statementsIn } from './draw-sign-in.ts'
import type { EstatePair } from './estate-spec.ts'
import type { Requester } from './requesters.ts'
import { HOME, iam, ORGANIZATION, OTHER_ORGANIZATION, type Partition, resourcesOf } from './world.ts'

/** Each with values that requests may give of it, where who asks doesn't tell it. */
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  'aws:username': [],
  'aws:userid': [],
  'aws:PrincipalType': [],
  'aws:PrincipalArn': [],
  'aws:PrincipalAccount': [],
  'aws:PrincipalTag/team': ['red', 'payments'],
  'aws:PrincipalOrgID': [ORGANIZATION, OTHER_ORGANIZATION],
  'aws:SourceIdentity': ['ada'],
  'aws:FederatedProvider': ['accounts.google.com'],
  'aws:TokenIssueTime': [],
}
const LIKELY = ['aws:username', 'aws:username', 'aws:PrincipalType', 'aws:userid', 'aws:PrincipalTag/team']

/** Some statements speak of resources that are called like who asks: in both states, or in each of something else. */
export function withVariables(pair: EstatePair, random: Random): EstatePair {
  const partition = pair.after.partition ?? 'aws'
  const all = [...new Set(statementsIn(pair.after))].filter((each) => asResource(each) !== null)
  if (all.length === 0) return pair
  const replaced = new Map<unknown, PolicyStatement>()
  const former = new Map<unknown, PolicyStatement>()
  const ofBuckets = all.filter((each) => each.Principal !== undefined && asResource(each)?.includes(':s3:'))
  for (let left = random.chance(0.4) ? 2 : 1; left > 0; left--) {
    const statement = random.pick(ofBuckets.length > 0 && random.chance(0.6) ? ofBuckets : all)
    const named = calledLikeThem(statement, partition, random)
    if (named === null) continue
    replaced.set(statement, named)
    const other = random.chance(0.25) ? calledLikeThem(statement, partition, random) : named
    if (other !== null) former.set(statement, other)
  }
  const after = replacing(pair.after, replaced)
  return { before: random.chance(0.6) ? replacing(pair.before, former) : pair.before, after }
}

/** What it is about, as one text; null: it says none, or several. */
function asResource({ Resource: resource, NotResource: besides }: PolicyStatement): string | null {
  const [one, ...more] = [resource ?? besides ?? []].flat()
  return one === undefined || more.length > 1 ? null : one
}

function calledLikeThem(
  statement: PolicyStatement,
  partition: Partition,
  random: Random,
): PolicyStatement | null {
  const written = asResource(statement) ?? ''
  const named = withVariable(written, statement, partition, random)
  if (named === null) return null
  const { Resource: _, NotResource: wasNegated, ...others } = statement
  const isNegated = wasNegated !== undefined || random.chance(statement.Effect === 'Deny' ? 0.4 : 0.12)
  const resources = isNegated ? { NotResource: named } : { Resource: named }
  if (!named.includes(':s3:') || !random.chance(0.6)) return { ...others, ...resources }
  const { NotAction: __, ...reading } = others
  return { ...reading, Action: 's3:GetObject', ...resources }
}

function withVariable(
  written: string,
  { Principal: principal, NotPrincipal: spared }: PolicyStatement,
  partition: Partition,
  random: Random,
): string | null {
  const variable = () => `\${${random.pick(random.chance(0.6) ? LIKELY : Object.keys(VARIABLES))}}`
  const inBucket = (bucket: string) =>
    random.pick([
      () => `${bucket}/${variable()}/*`,
      () => `${bucket}/${variable()}/*`,
      () => `${bucket}/a/${variable()}`,
      () => `${bucket}/${variable()}/${variable()}`,
      () => `${bucket}/${variable().replace('}', ", 'none'}")}/*`,
      () => `${bucket}/x-${variable()}-*`,
    ])()
  if (written.includes(':s3:')) return inBucket(written.split('/')[0] ?? '')
  const [arn, of, service, region, , ...rest] = written.split(':')
  if (rest.length > 0 && service !== 'iam')
    return [arn, of, service, region, `\${aws:PrincipalAccount}`, ...rest].join(':')
  // The policy of a resource that isn't told here.
  const isOfResource = (principal !== undefined && principal !== '*') || spared !== undefined
  if (isOfResource) return null
  return random.chance(0.75)
    ? inBucket(resourcesOf(partition).bucket)
    : random.pick([
        iam(partition, HOME, `role/\${aws:PrincipalTag/team}`),
        iam(partition, '*', `user/\${aws:username}`),
        iam(partition, `\${aws:PrincipalAccount}`, 'role/*'),
      ])
}

/** Names with variables that policies of a pair have. */
const namesIn = (value: unknown): readonly string[] => [
  ...new Set(
    [...statementsIn(value)].flatMap(({ Resource: resource, NotResource: besides }) =>
      [resource ?? besides ?? []].flat().filter((each) => each.includes('${')),
    ),
  ),
]

/** Objects of buckets that are called like who asks. */
export const objectsIn = (pair: EstatePair): readonly string[] =>
  namesIn(pair)
    .filter((name) => name.includes(':s3:::'))
    .map((name) => name.replace(/[*?]/g, 'x'))

/** What a key would be, for names with it to be the one that is asked about. @param key in lower case */
export const valuesTold = (key: string, resource: string, pair: EstatePair): readonly string[] =>
  namesIn(pair).flatMap((name) => {
    const source = name
      .replace(/[.+^$()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')
      .replace(/\\\$\{([^}]+)\}/g, (_, named: string) => (named.toLowerCase() === key ? '(.+)' : '.*'))
    return (new RegExp(`^${source}$`, 's').exec(resource) ?? []).slice(1)
  })

/** Names of users as whose a resource is called. */
export const usersToldBy = (resource: string, pair: EstatePair): readonly string[] =>
  valuesTold('aws:username', resource, pair).filter((name) => /^[\w+=,.@-]+$/.test(name))

/** What a request says. */
type Given = ReadonlyMap<string, readonly string[]>

/** Keys that names hold, in lower case, with values to draw. */
export function* variablesIn(pair: EstatePair): Iterable<readonly [key: string, values: readonly string[]]> {
  const names = namesIn(pair).join('\n').toLowerCase()
  for (const [key, values] of Object.entries(VARIABLES))
    if (names.includes(`\${${key.toLowerCase()}`)) yield [key.toLowerCase(), values]
}

/** The resource that is called like who asks; of what they don't tell, any name. */
export const calledLike = (name: string, requester: Requester, context: Given, random: Random): string =>
  name.replace(/\$\{([^},]+)(?:, '([^']*)')?\}/g, (_, key: string, fallback?: string) =>
    random.chance(0.1) ? 'other' : (tellingOf(key.toLowerCase(), requester, context) ?? fallback ?? 'other'),
  )

function tellingOf(key: string, { after, before }: Requester, context: Given): string | null {
  const given = context.get(key) ?? [...context].find(([each]) => each.toLowerCase() === key)?.[1]
  if (given !== undefined) return given[0] ?? null
  const principal = after ?? before ?? ''
  const [, partition = '', , , account = '', rest = ''] = principal.split(':')
  const name = rest.slice(rest.lastIndexOf('/') + 1)
  const kind = rest === '' ? principal : (rest.split('/')[0] ?? '')
  const isSession = kind === 'assumed-role'
  switch (key) {
    case 'aws:username':
      return kind === 'user' ? name : null
    case 'aws:principaltype':
      return TYPES[kind] ?? null
    case 'aws:principalaccount':
      return kind === '*' ? 'anonymous' : account === '' ? null : account
    case 'aws:principalarn':
      if (account === '') return null
      return isSession ? `arn:${partition}:iam::${account}:role/${rest.split('/')[1]}` : principal
    case 'aws:userid':
      if (kind === '*') return 'anonymous'
      return kind === 'root' ? account : kind === 'federated-user' ? `${account}:${name}` : null
    default:
      return null
  }
}

const TYPES: Readonly<Record<string, string>> = {
  user: 'User',
  role: 'AssumedRole',
  'assumed-role': 'AssumedRole',
  root: 'Account',
  'federated-user': 'FederatedUser',
  '*': 'Anonymous',
}

/** Keys that values of conditions name, in lower case, with values to draw: what they are compared with. */
export function* comparedVariables(
  pair: EstatePair,
): Iterable<readonly [key: string, values: readonly string[]]> {
  const text = JSON.stringify([...statementsIn(pair)].map(({ Condition: condition }) => condition ?? {}))
  const known = Object.entries(VARIABLES).map(([key, values]) => [key.toLowerCase(), values] as const)
  const named = [...text.matchAll(/\$\{(aws:[^},]+)[^}]*\}/g)].map(([, key = '']) => key.toLowerCase())
  for (const key of new Set(named)) yield [key, known.find(([name]) => name === key)?.[1] ?? []]
}
