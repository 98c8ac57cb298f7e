// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
// Which requests are allowed between two steps, as the evaluator says, that are allowed neither before nor after.

import type { IdentifiedPolicy, PolicyLayers } from '../../src/evaluator/layers.ts'
import type { PolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import {
  type AccountState,
  type ChildKind,
  type ConditionBlock,
  isAwsManagedPolicyArn,
  type PolicyDocument,
  type RoleState,
  type UserState,
} from '../../src/model/index.ts'
import { statementsOf } from '../../src/policy/canonical.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import { knownJson } from '../known-json.ts'

const ALLOW_READING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['s3:Get*', 'dynamodb:Query'], Resource: '*' }],
}
const ALLOW_BILLING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['dynamodb:*', 'iam:PassRole'], Resource: '*' }],
}
const DENY_ALL: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
}

/** AWS's own policies as they are here: what is in them doesn't matter, but that everybody takes them for the same. */
const awsDocument = (arn: string): PolicyDocument =>
  arn.endsWith('AWSDenyAll') ? DENY_ALL : arn.endsWith('Billing') ? ALLOW_BILLING : ALLOW_READING

type Principal = UserState | RoleState

interface AskedRequest {
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly context: ReadonlyMap<string, readonly string[]>
}

const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T]

/** What a wildcard may stand for here: something, or nothing. */
const instances = (pattern: string): readonly string[] => [
  pattern.replaceAll('*', 'x').replaceAll('?', 'i'),
  pattern.replaceAll('*', '').replaceAll('?', 'i'),
]

/** All documents of an account. */
const documentsIn = ({ entities }: AccountState): readonly PolicyDocument[] => [
  ...[...entities.policy.values()].map(({ document }) => knownJson(document)),
  ...[...entities.user.values(), ...entities.group.values(), ...entities.role.values()].flatMap(
    ({ inlinePolicies }) => [...inlinePolicies.values()].map(knownJson),
  ),
]

/** Of a condition's values one that it takes, and with which it holds as far as one value tells. */
function valueFor(operator: string, value: string): string | null {
  const plain = value.replaceAll(/\$\{[^}]*\}/g, 'x')
  switch (operator) {
    case 'Null':
      return value === 'true' ? null : 'x'
    case 'StringNotLike':
      return 'other'
    case 'NumericLessThanEquals':
      return '1'
    case 'DateGreaterThan':
      return '2027-01-01T00:00:00Z'
    case 'IpAddress':
      return plain.startsWith('2001') ? '2001:db8::1' : '203.0.113.7'
    default:
      return plain.replaceAll('*', 'x')
  }
}

function contextOf(block: ConditionBlock, name: string): ReadonlyMap<string, readonly string[]> {
  const context = new Map<string, readonly string[]>()
  for (const [operator, keys] of Object.entries(block))
    for (const [key, values] of Object.entries(keys)) {
      // Of who asks the account says it.
      if (key.toLowerCase().startsWith('aws:principaltag/')) continue
      const [first] = listOf(values)
      const text = String(first) === '${aws:username}' ? name : String(first)
      const value = valueFor(operator, text)
      if (value !== null) context.set(key.toLowerCase(), [value])
    }
  return context
}

/** All requests that policies speak of: each action with each resource, with what one or two of their conditions ask for. */
export function requestsOf(
  documents: readonly PolicyDocument[],
  names: readonly string[],
): readonly Omit<AskedRequest, 'principal'>[] {
  const statements = documents.flatMap(statementsOf)
  const actions = new Set<string>()
  const resources = new Set<string>()
  for (const { Action, NotAction, Resource, NotResource } of statements) {
    for (const pattern of [...listOf(Action), ...listOf(NotAction)])
      for (const each of instances(pattern === '*' ? 's3:*' : pattern)) if (/:./.test(each)) actions.add(each)
    for (const pattern of [...listOf(Resource), ...listOf(NotResource)])
      for (const name of names)
        for (const each of instances(
          (pattern === '*' ? 'arn:aws:s3:::other/*' : pattern).replaceAll('${aws:username}', name),
        ))
          resources.add(each)
  }
  const blocks = new Map<string, ReadonlyMap<string, readonly string[]>>([['', new Map()]])
  for (const { Condition } of statements)
    if (Condition !== undefined) {
      const context = contextOf(Condition, names[0] ?? '')
      blocks.set(JSON.stringify([...context]), context)
    }
  const singles = [...blocks.values()]
  for (const a of singles)
    for (const b of singles) {
      const both = new Map([...a, ...b])
      blocks.set(JSON.stringify([...both].sort()), both)
    }
  const contexts = [...blocks.values()].slice(0, Math.max(2, MOST_REQUESTS / (actions.size * resources.size)))
  return [...actions].flatMap((action) =>
    [...resources].flatMap((resource) => contexts.map((context) => ({ action, resource, context }))),
  )
}

const MOST_REQUESTS = 3000

/** Asks about what changes in an apply, state by state. */
export class InBetween {
  readonly #evaluator: PolicyEvaluator
  readonly #parsed = new Map<string, IdentifiedPolicy>()
  readonly #decided = new Map<string, Map<object, boolean>>()
  /** Who was found to do no more, by what they have at three times. */
  readonly #asked = new Set<string>()
  readonly #keys = new Map<string, string>()
  readonly #texts = new WeakMap<PolicyDocument, string>()

  constructor(evaluator: PolicyEvaluator) {
    this.#evaluator = evaluator
  }

  /** The first request that is allowed in a state, and in neither of the ends. */
  widerIn(
    before: AccountState,
    now: AccountState,
    after: AccountState,
    requests: readonly Omit<AskedRequest, 'principal'>[],
  ): AskedRequest | null {
    for (const kind of ['user', 'role'] as const)
      for (const [name, principal] of now.entities[kind]) {
        // Nor of a role that nobody could become yet.
        if (isNeverOpened(principal, before)) continue
        const layers = this.#layersOf(principal, now)
        const found = kind === 'user' ? endsOfUser(name, { before, now, after }) : [[before, after]]
        for (const allowed of found) {
          const ends = allowed.map((state) => {
            const entity = state.entities[kind].get(name)
            return entity === undefined ? null : { principal: entity, ...this.#layersOf(entity, state) }
          })
          if (ends.some((end) => end?.key === layers.key)) continue
          const times = [layers, ...ends].map((each) => each?.key ?? '').join(' ')
          if (this.#asked.has(times)) continue
          for (const request of requests)
            if (
              this.#allows({ principal, ...layers }, request) &&
              !ends.some((end) => end !== null && this.#allows(end, request))
            )
              return { principal: principal.arn, ...request }
          this.#asked.add(times)
        }
      }
    return null
  }

  #allows(
    { principal, layers, key }: { principal: Principal; layers: PolicyLayers; key: string },
    request: Omit<AskedRequest, 'principal'>,
  ): boolean {
    const decided = this.#decided.get(key) ?? new Map<object, boolean>()
    this.#decided.set(key, decided)
    const known = decided.get(request)
    if (known !== undefined) return known
    const { action, resource, context } = request
    const tags = [...principal.tags].map(
      ([tag, value]) => [`aws:principaltag/${tag.toLowerCase()}`, [value]] as const,
    )
    const allowed =
      this.#evaluator.decide({
        request: {
          principal: principal.kind === 'user' ? principal.arn : sessionOf(principal),
          action,
          resource,
          resourceAccount: '111122223333',
          context: new Map([...context, ...tags]),
        },
        layers,
        ...(principal.kind === 'role' ? { base: principal.arn } : {}),
      }) === 'allow'
    decided.set(request, allowed)
    return allowed
  }

  #layersOf(principal: Principal, { entities }: AccountState): { layers: PolicyLayers; key: string } {
    const managed = (arn: string): readonly PolicyDocument[] =>
      isAwsManagedPolicyArn(arn)
        ? [awsDocument(arn)]
        : [...entities.policy.values()]
            .filter((each) => each.arn === arn)
            .map(({ document }) => knownJson(document))
    const groups =
      principal.kind === 'user' ? principal.groups.flatMap((name) => entities.group.get(name) ?? []) : []
    const identity = [principal, ...groups].flatMap((holder) => [
      ...holder.managedPolicies.flatMap(managed),
      ...[...holder.inlinePolicies.values()].map(knownJson),
    ])
    const boundary = principal.permissionsBoundary === null ? null : managed(principal.permissionsBoundary)
    const text = JSON.stringify([
      principal.arn,
      [...principal.tags].sort(),
      identity.map((each) => this.#textOf(each)).sort(),
      boundary?.map((each) => this.#textOf(each)),
    ])
    // A short one: it is a part of what each answer is remembered by.
    const key = this.#keys.get(text) ?? String(this.#keys.size)
    this.#keys.set(text, key)
    return {
      key,
      layers: {
        identity: identity.map((document) => this.#parse(document, 'identity')),
        ...(boundary === null
          ? {}
          : { boundary: boundary.map((document) => this.#parse(document, 'boundary')) }),
      },
    }
  }

  #textOf(document: PolicyDocument): string {
    const text = this.#texts.get(document) ?? JSON.stringify(document)
    this.#texts.set(document, text)
    return text
  }

  #parse(document: PolicyDocument, use: 'identity' | 'boundary'): IdentifiedPolicy {
    const key = `${use} ${this.#textOf(document)}`
    const known = this.#parsed.get(key)
    if (known !== undefined) return known
    const { policy, diagnostics } = parsePolicy(document, null, use, 'evaluate')
    if (policy === null) throw new Error(`${diagnostics[0]?.message}: ${JSON.stringify(document)}`)
    const read = { id: `${use}${this.#parsed.size}`, policy }
    this.#parsed.set(key, read)
    return read
  }
}

/**
 * With whatever credentials of a user somebody may ask: what may be asked with each is what the user may in those of the two states
 * in which it can be used. Nobody has any of a user that the apply makes, before a step makes one.
 */
function endsOfUser(
  name: string,
  { before, now, after }: Readonly<Record<'before' | 'now' | 'after', AccountState>>,
): readonly (readonly AccountState[])[] {
  const ends = usableOf(name, now).map((id) =>
    [before, after].filter(
      (state) =>
        usableOf(name, state).includes(id) || (state === after && isReplaced(name, id, before, after)),
    ),
  )
  // Those that nobody looks for are as they were.
  const isThere = before.entities.user.has(name)
  const distinct = new Map(ends.map((states) => [states.map((state) => state === before).join(), states]))
  return [...(isThere ? [[before, after]] : []), ...distinct.values()]
}

/** What another takes the place of is in use until that is there, and whoever has the one has the other then. */
const isReplaced = (name: string, id: string, before: AccountState, after: AccountState): boolean =>
  Object.keys(before.children).some((kind) => {
    const [had, has] = [before, after].map(({ children }) =>
      (children[kind as ChildKind]?.get(name) ?? []).map((state) => state.id),
    )
    return had?.includes(id) === true && has?.some((each) => !had.includes(each)) === true
  })

/** What somebody can sign in with as a user, or sign with. */
const usableOf = (name: string, { entities, children }: AccountState): readonly string[] => [
  ...(entities.user.get(name)?.loginProfile === undefined ? [] : ['password']),
  ...Object.values(children).flatMap((byParent) =>
    (byParent.get(name) ?? []).flatMap(({ id, status }) => (status === 'active' ? [id] : [])),
  ),
]

const letsSomebodyIn = ({ trustPolicy }: RoleState): boolean =>
  statementsOf(knownJson(trustPolicy)).some(({ Effect }) => Effect === 'Allow')

/** Who was not there, or let somebody in and so has been made anew since. */
const isNeverOpened = (principal: Principal, before: AccountState): boolean => {
  if (principal.kind !== 'role' || letsSomebodyIn(principal)) return false
  const earlier = before.entities.role.get(principal.name)
  return earlier === undefined || earlier.path !== principal.path
}

const sessionOf = ({ arn, name }: RoleState): string =>
  `arn:aws:sts::${arn.split(':')[4]}:assumed-role/${name}/session`

/** Requests that an apply's states speak of. */
export const requestsBetween = (states: readonly AccountState[]): ReturnType<typeof requestsOf> => {
  const documents = new Map<string, PolicyDocument>()
  for (const state of states) for (const each of documentsIn(state)) documents.set(JSON.stringify(each), each)
  const names = new Set(states.flatMap(({ entities }) => [...entities.user.keys()]))
  return requestsOf([...documents.values()], [...names])
}
