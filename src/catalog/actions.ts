import { brotliDecompressSync } from 'node:zlib'
import { matchesPattern } from '../model/name-pattern.ts'
import { openShards, type Shards } from './shards.ts'

/** AWS's access levels; an action that AWS counts under two (`Tagging, Write`) has the narrower one. */
export type AccessLevel = 'permissions' | 'write' | 'tagging' | 'read' | 'list'

interface ServiceFacts {
  /** What stands before the colon: `s3`. */
  readonly prefix: string
  /** For people: `Amazon S3`. */
  readonly title: string
}

export interface ResourceType {
  readonly name: string
  /** With AWS's placeholders: `arn:${Partition}:s3:::${BucketName}/${ObjectName}`. */
  readonly arn: string
  readonly conditionKeys: readonly string[]
}

/** A resource type that an action takes. */
export interface ActionResource {
  readonly type: ResourceType
  /** AWS's `*`: a statement that allows the action must name a resource of this type. */
  readonly required: boolean
  /** Keys that hold for this type only, over those of the action. */
  readonly conditionKeys: readonly string[]
}

/** The Service Authorization Reference. Actions, prefixes and keys are looked up whatever their case, as IAM does. */
export interface ActionFacts {
  /** The day on which the reference was read, `YYYY-MM-DD`. */
  readonly date: string
  /** In the order of prefixes. */
  services(): readonly ServiceFacts[]
  hasService(prefix: string): boolean
  /** `service:Name` in AWS's spelling, in order; an unknown service has none. */
  actionsOf(prefix: string): readonly string[]
  /** AWS's spelling of an action: `S3:GETOBJECT` → `s3:GetObject`. */
  spellingOf(action: string): string | null
  accessLevelOf(action: string): AccessLevel | null
  /** Every action that a policy's pattern stands for, in AWS's spelling and order. `*` is all of them, some 22,000. */
  actionsMatching(pattern: string): readonly string[]
  /** Empty for an action that takes no resource but `*`, or is unknown. */
  resourceTypesOf(action: string): readonly ActionResource[]
  /** Every resource type of a service. */
  resourceTypesOfService(prefix: string): readonly ResourceType[]
  /** By the service that an ARN names: the prefixes of the services with resource types whose ARNs name it. */
  prefixesByArnService(): ReadonlyMap<string, readonly string[]>
  /** The action's own keys, then those of its resource types, without the global ones; templates as AWS writes them. */
  conditionKeysOf(action: string): readonly string[]
  /** Those of all actions of a service, then those of its resource types, each once. */
  conditionKeysOfService(prefix: string): readonly string[]
  /** Other actions that a principal needs to carry this one out. */
  dependentActionsOf(action: string): readonly string[]
  /** `aws:…` keys that requests to any service may carry. */
  globalConditionKeys(): readonly string[]
  /** AWS's type (`String`, `ArrayOfString`, `ARN`, `Bool`, `Numeric`, `Date`, `IPAddress`, …). */
  conditionKeyTypeOf(key: string): string | null
  /** As AWS writes a key: `iam:passedtoservice` → `iam:PassedToService`, `aws:requesttag/team` → `aws:RequestTag/team`. */
  conditionKeySpellingOf(key: string): string | null
}

interface Service extends ServiceFacts {
  /** Its line among the details. */
  readonly line: number
  /** In AWS's order. */
  readonly texts: readonly string[]
  /** By lower-case name without prefix, in AWS's order. Made for the services that are asked about, a few of 450. */
  actions(): ReadonlyMap<string, Action>
}

interface Action {
  readonly text: string
  readonly level: AccessLevel
  readonly place: number
}

interface Found {
  readonly service: Service
  readonly action: Action
}

/** Other spellings than AWS's come from people: there may be any number. */
const MOST_FOUND = 50_000

interface ActionDetails {
  readonly resources: readonly ActionResource[]
  readonly conditionKeys: readonly string[]
  readonly dependent: readonly string[]
}

/** Actions in all lists of patterns that are kept. */
const MOST_LISTED = 200_000

interface Details {
  readonly types: readonly ResourceType[]
  /** Of the action at a place. */
  actionAt(place: number): ActionDetails | undefined
  /** Of actions, then of types. */
  conditionKeys(): readonly string[]
  /** Condition keys that the service documents, with their types. */
  readonly keyTypes: readonly (readonly [key: string, type: string])[]
}

/** What the build writes: texts once, numbers elsewhere. */
interface PackedDetails {
  readonly types: readonly (readonly [name: string, arn: string, keys: readonly number[]])[]
  readonly actions: readonly (readonly [
    resources: readonly (readonly [type: number, required: 0 | 1, keys: readonly number[]])[],
    keys: readonly number[],
    dependent: readonly string[],
  ])[]
  readonly keys: readonly string[]
  readonly keyTypes: readonly string[]
}

const LEVELS: Readonly<Record<string, AccessLevel>> = {
  P: 'permissions',
  W: 'write',
  T: 'tagging',
  R: 'read',
  L: 'list',
}

let loaded: Promise<ActionFacts> | null = null

/** Takes about 15 ms at its first call; names, resource types and keys are read for each service when asked for. */
export function loadActions(): Promise<ActionFacts> {
  loaded ??= import('#generated/actions').then(({ date, names, details, globalKeys, arnServices }) =>
    actionFacts(date, readServices(names), details, globalKeys, arnServices),
  )
  return loaded
}

function readServices(names: string): ReadonlyMap<string, Service> {
  const services = new Map<string, Service>()
  const text = brotliDecompressSync(Buffer.from(names, 'base64')).toString('utf8')
  for (const [line, row] of text.split('\n').entries()) {
    const [prefix = '', title = ''] = row.split('\t', 2)
    services.set(prefix, new ServiceRow(prefix, title, line, row))
  }
  return services
}

class ServiceRow implements Service {
  readonly prefix: string
  readonly title: string
  readonly line: number
  /** As the build wrote it: prefix, title, then each action's letter and name, between tabs. */
  readonly #row: string
  #texts: readonly string[] | null = null
  #actions: ReadonlyMap<string, Action> | null = null

  constructor(prefix: string, title: string, line: number, row: string) {
    this.prefix = prefix
    this.title = title
    this.line = line
    this.#row = row
  }

  get texts(): readonly string[] {
    this.#texts ??= this.#items().map((item) => `${this.prefix}:${item.slice(1)}`)
    return this.#texts
  }

  actions(): ReadonlyMap<string, Action> {
    this.#actions ??= new Map(
      this.#items().map((item, place) => {
        const level = LEVELS[item.slice(0, 1)] ?? 'write'
        const text = this.texts[place] ?? ''
        return [item.slice(1).toLowerCase(), { text, level, place }]
      }),
    )
    return this.#actions
  }

  #items(): readonly string[] {
    return this.#row.split('\t').slice(2)
  }
}

function unpackDetails(packed: PackedDetails): Details {
  const keysAt = (numbers: readonly number[]) => numbers.map((number) => packed.keys[number] ?? '')
  const types = packed.types.map(([name, arn, keys]) => ({ name, arn, conditionKeys: keysAt(keys) }))
  // Of the thousand actions of a large service, few are asked about.
  const actions = new Map<number, ActionDetails>()
  return {
    types,
    actionAt(place) {
      const known = actions.get(place)
      const row = packed.actions[place]
      if (known !== undefined || row === undefined) return known
      const [resources, keys, dependent] = row
      const details = {
        resources: resources.flatMap(([number, required, own]) => {
          const type = types[number]
          return type === undefined ? [] : [{ type, required: required === 1, conditionKeys: keysAt(own) }]
        }),
        conditionKeys: keysAt(keys),
        dependent,
      }
      actions.set(place, details)
      return details
    },
    conditionKeys() {
      const numbers = new Set<number>()
      const add = (keys: readonly number[]) => {
        for (const key of keys) numbers.add(key)
      }
      for (const [resources, keys] of packed.actions) {
        add(keys)
        for (const [type, , own] of resources) {
          add(own)
          add(packed.types[type]?.[2] ?? [])
        }
      }
      for (const [, , keys] of packed.types) add(keys)
      return keysAt([...numbers])
    },
    keyTypes: packed.keyTypes.map((type, number) => [packed.keys[number] ?? '', type] as const),
  }
}

type KnownKey = readonly [key: string, type: string]

/** `aws:RequestTag/${TagKey}`, `s3:ExistingObjectTag/<key>` and `aws:PrincipalTag/tag-key` stand for any last part. */
const keyFamily = (key: string): string => key.toLowerCase().replace(/(:[^/]*)\/.*$/, '$1/')

function actionFacts(
  date: string,
  services: ReadonlyMap<string, Service>,
  packed: Shards,
  globalKeys: readonly (readonly [key: string, type: string])[],
  arnServices: readonly (readonly [service: string, prefixes: readonly string[]])[],
): ActionFacts {
  const readDetails = openShards(packed)
  const unpacked = new Map<string, Details>()
  const global = new Map(globalKeys.map((known) => [keyFamily(known[0]), known]))

  const detailsOf = (service: Service): Details => {
    const known = unpacked.get(service.prefix)
    if (known !== undefined) return known
    const details = unpackDetails(JSON.parse(readDetails(service.line)))
    unpacked.set(service.prefix, details)
    return details
  }
  const knownKeys = new Map<string, KnownKey | null>()
  /** Of keys that are templates one stands for all. */
  const keyOf = (key: string): KnownKey | null => {
    const family = keyFamily(key)
    let found = global.get(family) ?? knownKeys.get(family)
    if (found === undefined) {
      // Keys of identity providers (`gitlab.com:project_id`) are documented with STS.
      const service = services.get(split(key)[0]) ?? services.get('sts')
      found =
        service === undefined
          ? null
          : (detailsOf(service).keyTypes.find(([known]) => keyFamily(known) === family) ?? null)
      if (knownKeys.size < MOST_FOUND) knownKeys.set(family, found)
    }
    return found
  }
  const split = (action: string): readonly [prefix: string, name: string] => {
    const colon = action.indexOf(':')
    return [action.slice(0, Math.max(colon, 0)).toLowerCase(), action.slice(colon + 1).toLowerCase()]
  }
  /** By each spelling that was asked for, most of them AWS's: lists of thousands are gone through again and again. */
  const found = new Map<string, Found>()
  const find = (action: string): Found | null => {
    const known = found.get(action)
    if (known !== undefined) return known
    const [prefix, name] = split(action)
    const service = services.get(prefix)
    const own = service?.actions().get(name)
    if (service === undefined || own === undefined) return null
    const both = { service, action: own }
    if (found.size < MOST_FOUND) found.set(action, both)
    return both
  }
  const detailsOfAction = (action: string) => {
    const both = find(action)
    return both === null ? undefined : detailsOf(both.service).actionAt(both.action.place)
  }
  const prefixesByArnService = new Map(arnServices)
  const servicesMatching = (pattern: string): readonly Service[] => {
    if (/[*?]/.test(pattern))
      return [...services.values()].filter(({ prefix }) => matchesPattern(pattern, prefix))
    const service = services.get(pattern)
    return service === undefined ? [] : [service]
  }

  const listOf = (pattern: string): readonly string[] => {
    if (pattern === '*') return [...services.values()].flatMap(({ texts }) => texts)
    const [prefix, name] = split(pattern)
    return servicesMatching(prefix).flatMap((service) => {
      if (name === '*') return service.texts
      const matching: string[] = []
      for (const [lower, { text }] of service.actions()) if (matchesPattern(name, lower)) matching.push(text)
      return matching
    })
  }
  /** By pattern, what it stands for: the same few are asked for by each check, `*` above all. */
  const listed = new Map<string, readonly string[]>()
  let listedCount = 0

  return {
    date,
    services: () => Array.from(services.values(), ({ prefix, title }) => ({ prefix, title })),
    hasService: (prefix) => services.has(prefix.toLowerCase()),
    actionsOf: (prefix) => {
      const service = services.get(prefix.toLowerCase())
      return service === undefined ? [] : service.texts
    },
    spellingOf: (action) => find(action)?.action.text ?? null,
    accessLevelOf: (action) => find(action)?.action.level ?? null,
    actionsMatching: (pattern) => {
      if (!/[*?]/.test(pattern)) {
        const exact = find(pattern)
        return exact === null ? [] : [exact.action.text]
      }
      const known = listed.get(pattern)
      if (known !== undefined) return known
      const list = listOf(pattern)
      listedCount += list.length
      if (listedCount <= MOST_LISTED) listed.set(pattern, list)
      return list
    },
    resourceTypesOf: (action) => detailsOfAction(action)?.resources ?? [],
    resourceTypesOfService: (prefix) => {
      const service = services.get(prefix.toLowerCase())
      return service === undefined ? [] : detailsOf(service).types
    },
    prefixesByArnService: () => prefixesByArnService,
    conditionKeysOf: (action) => {
      const details = detailsOfAction(action)
      if (details === undefined) return []
      const ofResources = details.resources.flatMap(({ type, conditionKeys }) => [
        ...conditionKeys,
        ...type.conditionKeys,
      ])
      return [...new Set([...details.conditionKeys, ...ofResources])]
    },
    conditionKeysOfService: (prefix) => {
      const service = services.get(prefix.toLowerCase())
      return service === undefined ? [] : detailsOf(service).conditionKeys()
    },
    dependentActionsOf: (action) => detailsOfAction(action)?.dependent ?? [],
    globalConditionKeys: () => globalKeys.map(([key]) => key),
    conditionKeyTypeOf: (key) => keyOf(key)?.[1] ?? null,
    conditionKeySpellingOf: (key) => {
      const [spelling] = keyOf(key) ?? []
      if (spelling === undefined) return null
      const slash = key.indexOf('/')
      return slash === -1 ? spelling : `${spelling.slice(0, spelling.indexOf('/'))}${key.slice(slash)}`
    },
  }
}
