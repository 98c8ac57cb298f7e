// Estates made of the decision corpus: a case's policies where they would stand in an account, and its request as a question.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { PolicyDocument } from '../../src/model/index.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import type { PolicyUse } from '../../src/policy/parsed.ts'
import type { Random } from '../evaluator/random-cases.ts'
import { constantsIn, drawContext } from './contexts.ts'
import type { EntitySpec, EstatePair, EstateSpec, RoleSpec, Statements } from './estate-spec.ts'
import type { Question } from './questions.ts'
import { requestersOf } from './requesters.ts'
import { HOME } from './world.ts'

interface CorpusCase {
  /** The documentation leaves it open. */
  readonly assumed?: boolean
  readonly given: {
    readonly request: {
      readonly principal: string
      readonly action: string
      readonly resource: string
      readonly context?: Readonly<Record<string, string | readonly string[]>>
    }
    readonly policies: {
      readonly identity?: readonly PolicyDocument[]
      readonly boundary?: PolicyDocument
      readonly resource?: PolicyDocument
      readonly session?: unknown
      readonly scp?: unknown
      readonly rcp?: unknown
    }
  }
}

const folder = fileURLToPath(new URL('../corpus', import.meta.url))
let cases: readonly CorpusCase[] | null = null

function convertible(): readonly CorpusCase[] {
  cases ??= readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as CorpusCase[])
    .filter(isConvertible)
  return cases
}

/** Keys that follow from who asks or what is asked about: a case may say otherwise, and no request does. */
const DERIVED =
  /^(?:aws:(?:principal|userid|username|resource|requestedregion|token|multifactor|source(?!ip)|federated|called|via|ec2|tagkeys|requesttag)|saml:|sts:|.*:(?:sub|aud|amr)$)/i

function isConvertible({ assumed, given: { request, policies } }: CorpusCase): boolean {
  if (assumed === true || policies.session !== undefined || policies.scp !== undefined) return false
  if (request.resource !== '*' && !request.resource.startsWith('arn:aws:')) return false
  if (!isOfItsService(request)) return false
  if (policies.rcp !== undefined || !request.principal.startsWith(`arn:aws:iam::${HOME}:user/`)) return false
  if (Object.keys(request.context ?? {}).some((key) => DERIVED.test(key) && !isTag(key))) return false
  if (
    Object.entries(request.context ?? {}).some(
      ([key, value]) => isTag(key) && !IS_TAG_VALUE.test(String(value)),
    )
  )
    return false
  const isRead = (document: PolicyDocument | undefined, use: PolicyUse) =>
    document === undefined ||
    (document.Version === '2012-10-17' && parsePolicy(document, null, use, 'evaluate').policy !== null)
  return (
    (policies.identity ?? []).every((each) => isRead(each, 'identity')) &&
    isRead(policies.boundary, 'boundary') &&
    isRead(policies.resource, isRole(request.resource) ? 'trust' : 'resource')
  )
}

/** A case may ask for an object of a role to show what a statement's letter covers: no operation is about another service's resource. */
function isOfItsService({ action, resource }: CorpusCase['given']['request']): boolean {
  const [service] = action.toLowerCase().split(':')
  const of = resource.split(':')[2]
  return resource === '*' || of === service || (service === 'sts' && of === 'iam')
}

/** A user's tag holds no wildcard; a case may, to show how a variable's value is read. @see IAM API Reference, Tag: Value */
const IS_TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u
const isTag = (key: string) => key.startsWith('aws:PrincipalTag/')
const isRole = (resource: string) => resource.includes(':role/')
const statementsOf = (document: PolicyDocument): Statements => [document.Statement].flat()

/** Two cases' policies beside each other, one of the layers changed; and the requests of both as questions. */
export function corpusPair(random: Random): {
  readonly pair: EstatePair
  readonly questions: readonly Question[]
} {
  const first = random.pick(convertible())
  const second = random.chance(0.5) ? random.pick(convertible()) : first
  const after = estateOf(first, first)
  const before = random.chance(0.5) ? estateOf(first, second) : emptied(after, random)
  const pair = { before, after }
  const everybody = requestersOf(pair)
  const constants = constantsIn(pair)
  const questions = [first, second].flatMap(({ given: { request } }): Question[] => {
    const requester = everybody.find(({ after: arn }) => arn === request.principal)
    if (requester === undefined) return []
    const asked = { requester, action: request.action, resource: request.resource }
    // What every request has, and the case says nothing of, is drawn.
    const drawn = [...drawContext(asked, constants, pair, random)].filter(([key]) => key.startsWith('aws:'))
    const given = Object.entries(request.context ?? {})
      .filter(([key]) => !isTag(key))
      .map(([key, value]): [string, readonly string[]] => [key.toLowerCase(), [value].flat()])
    return [{ ...asked, context: new Map([...drawn, ...given]) }]
  })
  return { pair, questions }
}

/** Who asks, and what about, is the first's; the policies are the other's. */
function estateOf(
  { given: { request } }: CorpusCase,
  { given: { policies, request: theirs } }: CorpusCase,
): EstateSpec {
  const name = request.principal.slice(request.principal.lastIndexOf('/') + 1)
  const path = /:user(\/(?:.*\/)?)[^/]*$/.exec(request.principal)?.[1] ?? '/'
  const tags = Object.entries(theirs.context ?? {}).flatMap(([key, value]) =>
    isTag(key) && typeof value === 'string' ? [[key.slice('aws:PrincipalTag/'.length), value]] : [],
  )
  const user: EntitySpec = {
    path,
    policy: (policies.identity ?? []).flatMap(statementsOf),
    ...(policies.boundary === undefined ? {} : { boundary: statementsOf(policies.boundary) }),
    tags: Object.fromEntries(tags) as Record<string, string>,
  }
  const own = policies.resource === undefined ? undefined : statementsOf(policies.resource)
  const role = /^arn:aws:iam::(\d{12}):role(\/(?:.*\/)?)([^/]+)$/.exec(request.resource)
  const roles: Record<string, RoleSpec> =
    role === null || role[1] !== HOME
      ? {}
      : { [role[3] ?? '']: { path: role[2] ?? '/', ...(own === undefined ? {} : { trust: own }) } }
  // What AWS owns can't be declared.
  const isAwss = /^arn:[^:]*:[^:]*:[^:]*:aws:/.test(request.resource)
  return {
    accounts: { [HOME]: { users: { [name]: user }, roles } },
    resources:
      own === undefined || role !== null || isAwss || !request.resource.startsWith('arn:')
        ? {}
        : { [declared(request.resource)]: { account: ownerOf(request.resource), policy: own } },
  }
}

/** A bucket for its objects. */
const declared = (resource: string): string =>
  resource.includes(':s3:::') ? (resource.split('/')[0] ?? resource) : resource

const ownerOf = (resource: string): string => resource.split(':')[4] || HOME

/** Without one of its parts. */
function emptied(estate: EstateSpec, random: Random): EstateSpec {
  if (random.chance(0.4)) return { ...estate, resources: {} }
  const home = estate.accounts[HOME] ?? {}
  const users = Object.fromEntries(
    Object.entries(home.users ?? {}).map(([name, user]) => [name, { ...user, policy: [] }]),
  )
  return { ...estate, accounts: { [HOME]: { ...home, users } } }
}
