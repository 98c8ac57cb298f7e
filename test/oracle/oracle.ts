// The rules of IAM, read as plainly as possible: slow, short, and sharing nothing with what it checks.
import { type Decision, type Document, type Given, listOf, type Statement } from './case.ts'
import { conditionsHold } from './conditions.ts'
import { actionMatches, allBuckets, type Context, resourceEntryMatches, type Use } from './patterns.ts'

interface Caller {
  readonly kind:
    | 'user'
    | 'role'
    | 'federated'
    | 'root'
    | 'service'
    | 'anonymous'
    | 'provider'
    | 'canonical'
    | 'id'
  readonly text: string
  readonly partition: string | null
  readonly account: string | null
  readonly name: string
  readonly roleArn: string | null
  /** Whose credentials a federated user has. */
  readonly parent: string | null
  readonly isSession: boolean
}

const HOSTS = [
  'accounts.google.com',
  'cognito-identity.amazonaws.com',
  'graph.facebook.com',
  'www.amazon.com',
]

function callerOf(text: string, parent: string | null): Caller {
  const unknown = { text, partition: null, account: null, name: '', roleArn: null }
  const nobody = { ...unknown, parent: null, isSession: false }
  if (text === '*') return { ...nobody, kind: 'anonymous' }
  if (text.startsWith('federated:'))
    return { ...nobody, kind: 'provider', text: text.replace('federated:', '') }
  if (text.startsWith('canonical:'))
    return { ...nobody, kind: 'canonical', text: text.replace('canonical:', '') }
  if (text.startsWith('id:')) return { ...nobody, kind: 'id', text: text.replace('id:', '') }
  if (HOSTS.includes(text)) return { ...nobody, kind: 'provider' }
  if (!text.startsWith('arn:')) return { ...nobody, kind: 'service' }
  const [, partition = '', , , account = '', ...rest] = text.split(':')
  const resource = rest.join(':')
  const parts = resource.split('/')
  const caller = { ...nobody, partition, account, name: parts.at(-1) ?? '' }
  if (resource === 'root') return { ...caller, kind: 'root' }
  if (parts[0]?.endsWith('-provider') === true) return { ...caller, kind: 'provider' }
  if (parts[0] === 'user') return { ...caller, kind: 'user' }
  if (parts[0] === 'role') return { ...caller, kind: 'role', roleArn: text }
  if (parts[0] === 'federated-user') return { ...caller, kind: 'federated', parent }
  const roleArn = `arn:${partition}:iam::${account}:role/${parts[1]}`
  return { ...caller, kind: 'role', name: parts[1] ?? '', roleArn, isSession: true }
}

function contextOf({ request }: Given, caller: Caller, resourceAccount: string | null): Context {
  const context = new Map<string, readonly string[]>()
  const types = {
    user: 'User',
    role: 'AssumedRole',
    federated: 'FederatedUser',
    root: 'Account',
    anonymous: 'Anonymous',
    service: null,
    provider: null,
    canonical: null,
    // By its letters it is of a user, or of a role, of which there are sessions alone.
    id: caller.text.startsWith('AIDA') ? 'User' : caller.text.startsWith('AROA') ? 'AssumedRole' : null,
  }
  const type = types[caller.kind]
  if (type !== null) context.set('aws:principaltype', [type])
  if (caller.kind === 'anonymous') {
    context.set('aws:principalaccount', ['anonymous']).set('aws:userid', ['anonymous'])
  } else if (caller.kind !== 'provider') {
    context.set('aws:principalisawsservice', [String(caller.kind === 'service')])
    if (caller.account !== null) {
      context.set('aws:principalaccount', [caller.account])
      context.set('aws:principalarn', [caller.roleArn ?? caller.text])
    }
    if (caller.kind === 'service') {
      context.set('aws:principalservicename', [caller.text])
      context.set('aws:principalservicenameslist', [caller.text])
    }
    if (caller.account !== null && request.action.toLowerCase().startsWith('kms:'))
      context.set('kms:calleraccount', [caller.account])
    if (caller.kind === 'user') context.set('aws:username', [caller.name])
    if (caller.kind === 'root') context.set('aws:userid', [caller.account ?? ''])
    if (caller.kind === 'id' && type === 'User') context.set('aws:userid', [caller.text])
    if (caller.kind === 'federated') context.set('aws:userid', [`${caller.account}:${caller.name}`])
  }
  if (resourceAccount !== null) context.set('aws:resourceaccount', [resourceAccount])
  for (const [key, value] of Object.entries(request.context ?? {}))
    context.set(key.toLowerCase(), listOf(value))
  return context
}

type Naming = 'self' | 'base' | 'account'

interface Reading {
  readonly hasBoundary: boolean
  /** The partition of what is asked about. */
  readonly partition: string
  /** To a gateway endpoint an account is its root user. */
  readonly isGateway: boolean
}

/** How an entry of Principal names the caller. */
function namings(entry: string, kind: string, caller: Caller, reading: Reading): readonly Naming[] {
  if (entry === '*' && (kind === 'AWS' || kind === '*')) return ['self']
  if (caller.partition !== null && caller.partition !== reading.partition) return []
  const isCalled = caller.text === entry
  if (kind === 'Service') return caller.kind === 'service' && isCalled ? ['self'] : []
  if (kind === 'Federated') return caller.kind === 'provider' && isCalled ? ['self'] : []
  if (kind === 'CanonicalUser') return caller.kind === 'canonical' && isCalled ? ['self'] : []
  if (caller.kind === 'id') return isCalled ? ['self'] : []
  if (caller.kind === 'provider' || caller.account === null) return []
  if (entry === caller.account || entry === `arn:${reading.partition}:iam::${caller.account}:root`)
    return caller.kind === 'root' ? ['self'] : reading.isGateway ? [] : ['account']
  const role = /^arn:([^:]*):iam::([^:]*):role\/(?:.*\/)?([^/]*)$/.exec(entry)
  if (role !== null && caller.kind === 'role') {
    // The ARN of a session has no path, and a name is its role's only.
    if (!caller.isSession) return entry === caller.text ? ['base'] : []
    const [, partition, account, name] = role
    return partition === caller.partition && account === caller.account && name === caller.name
      ? ['base']
      : []
  }
  if (caller.parent !== null && entry === caller.parent) return ['base']
  return isCalled ? ['self'] : []
}

const entriesOf = (block: Statement['Principal']): readonly (readonly [kind: string, entry: string])[] =>
  block === '*'
    ? [['*', '*']]
    : Object.entries(block ?? {}).flatMap(([kind, entries]) =>
        listOf(entries).map((entry) => [kind, String(entry)] as const),
      )

/** null: the statement isn't about the caller. */
function principalNaming(statement: Statement, caller: Caller, reading: Reading): readonly Naming[] | null {
  if (statement.NotPrincipal !== undefined) {
    const entries = entriesOf(statement.NotPrincipal)
    const named = new Set(entries.flatMap(([kind, entry]) => namings(entry, kind, caller, reading)))
    if (statement.Effect === 'Allow') return entries.length > 0 && named.size === 0 ? ['self'] : null
    if (reading.hasBoundary) return []
    const everyone = entries.some(([kind, entry]) => entry === '*' && kind !== 'Service')
    const wanted: readonly Naming[] =
      caller.kind === 'role'
        ? caller.isSession
          ? ['self', 'base', 'account']
          : ['base', 'account']
        : caller.kind === 'user' || caller.kind === 'federated'
          ? ['self', 'account']
          : ['self']
    return everyone || wanted.every((naming) => named.has(naming)) ? null : []
  }
  const named = entriesOf(statement.Principal).flatMap(([kind, entry]) =>
    namings(entry, kind, caller, reading),
  )
  return named.length > 0 ? named : null
}

function listMatches(
  positive: readonly string[] | null,
  negative: readonly string[] | null,
  denies: boolean,
  matches: (entry: string) => boolean,
): boolean {
  if (positive !== null) return positive.some(matches)
  if (negative === null) return false
  return negative.length === 0 ? denies : !negative.some(matches)
}

const textsOf = (value: Statement['Action']): readonly string[] | null =>
  value === undefined ? null : listOf(value).map(String)

export function decideByOracle(given: Given): Decision {
  const { request, policies } = given
  const caller = callerOf(request.principal, given.parent ?? null)
  const action = request.action.toLowerCase()
  const { resource } = request
  const arnAccount = resource === '*' ? '' : (resource.split(':')[4] ?? '')
  const resourceAccount =
    request.resourceAccount ?? (/^\d{12}$/.test(arnAccount) ? arnAccount : caller.account)
  const context = contextOf(given, caller, resourceAccount)
  const [, folder, ofService, inFolder] = caller.kind === 'role' ? (caller.roleArn ?? '').split('/') : []
  const serviceLinked = folder === 'aws-service-role' && ofService !== undefined && inFolder !== undefined
  const hasIdentity = caller.kind === 'user' || caller.kind === 'role' || caller.kind === 'federated'
  const boundary = hasIdentity || caller.kind === 'id' ? listOf(policies.boundary) : []
  const session = listOf(policies.session)
  const arnPartition = resource === '*' ? '' : (resource.split(':')[1] ?? '')
  const partition = arnPartition === '' ? (caller.partition ?? '') : arnPartition

  const spoken = (documents: readonly Document[], use: Use, isGateway = false) => {
    const said = { allows: false, denies: false, named: new Set<Naming>() }
    for (const document of documents) {
      const version = document.Version ?? '2008-10-17'
      for (const statement of listOf(document.Statement)) {
        const denies = statement.Effect === 'Deny'
        if (
          !listMatches(textsOf(statement.Action), textsOf(statement.NotAction), denies, (entry) =>
            actionMatches(entry, action),
          )
        )
          continue
        const everyResource =
          use === 'resource' && statement.Resource === undefined && statement.NotResource === undefined
        if (
          !everyResource &&
          !listMatches(textsOf(statement.Resource), textsOf(statement.NotResource), denies, (entry) =>
            resource === '*'
              ? /^\*+$/.test(entry) ||
                (action === 's3:listallmybuckets' &&
                  allBuckets(caller.partition ?? 'aws').every((buckets) =>
                    resourceEntryMatches(entry, buckets, version, context, use),
                  ))
              : resourceEntryMatches(entry, resource, version, context, use),
          )
        )
          continue
        let naming: readonly Naming[] | null = []
        if (
          use === 'resource' ||
          (use === 'rcp' && (statement.Principal ?? statement.NotPrincipal) !== undefined)
        )
          naming = principalNaming(statement, caller, {
            hasBoundary: boundary.length > 0,
            partition,
            isGateway,
          })
        if (naming === null || !conditionsHold(statement, version, context)) continue
        if (denies) said.denies = true
        else {
          said.allows = true
          for (const one of naming) said.named.add(one)
        }
      }
    }
    return said
  }

  const identitySays = spoken(hasIdentity ? listOf(policies.identity) : [], 'identity')
  const boundarySays = spoken(boundary, 'identity')
  const sessionSays = spoken(session, 'identity')
  const resourceSays = spoken(listOf(policies.resource), 'resource')
  const endpoint = listOf(policies.endpoint)
  const endpointSays = spoken(endpoint, 'resource', policies.endpointType === 'gateway')
  const bound = !['service', 'anonymous', 'provider', 'canonical'].includes(caller.kind) && !serviceLinked
  const levels = [
    ...(bound ? listOf<readonly Document[]>(policies.scp as never) : []).map((level) => spoken(level, 'scp')),
    ...(serviceLinked ? [] : listOf<readonly Document[]>(policies.rcp as never)).map((level) =>
      spoken(level, 'rcp'),
    ),
  ]

  // Whoever signs its requests may ask who it is; but an endpoint lets through what it lets through.
  const signs = !['anonymous', 'provider', 'canonical', 'id'].includes(caller.kind)
  const throughEndpoint =
    endpoint.length === 0 || (endpointSays.allows && !endpointSays.denies)
      ? 'allow'
      : endpointSays.denies
        ? 'explicit_deny'
        : 'implicit_deny'
  if (action === 'sts:getcalleridentity' && signs) return throughEndpoint
  const temporary = caller.kind === 'user' && (context.get('aws:tokenissuetime') ?? []).length > 0
  const withMfa = (context.get('aws:multifactorauthpresent') ?? []).some((value) =>
    /^true$/i.test(String(value)),
  )
  if (action === 'sts:getsessiontoken' && !temporary && (caller.kind === 'user' || caller.kind === 'root'))
    return throughEndpoint
  if (
    [identitySays, boundarySays, sessionSays, resourceSays, endpointSays, ...levels].some(
      ({ denies }) => denies,
    )
  )
    return 'explicit_deny'
  const service = action.split(':')[0]
  if (temporary && service === 'iam' && !withMfa) return 'implicit_deny'
  // Tags and a source identity are parameters of AssumeRole, whatever permissions they need.
  if (
    temporary &&
    service === 'sts' &&
    !/^sts:(assumerole|tagsession|setsourceidentity|setcontext)$/.test(action)
  )
    return 'implicit_deny'
  const federates = action === 'sts:assumerolewithsaml' || action === 'sts:assumerolewithwebidentity'
  if (federates && caller.kind !== 'provider') return 'implicit_deny'
  // Whoever comes from a provider is let in by resources only, and signs in by those operations.
  const isParameter = /^sts:(tagsession|setsourceidentity|setcontext)$/.test(action)
  if (caller.kind === 'provider' && (service === 'iam' || (service === 'sts' && !federates && !isParameter)))
    return 'implicit_deny'
  if (caller.kind === 'anonymous' && service === 'sts') return 'implicit_deny'
  if (caller.kind === 'root' && /^sts:assumero(le|ot)$/.test(action)) return 'implicit_deny'
  if (caller.kind === 'role' && /^sts:get(session|federation)token$/.test(action)) return 'implicit_deny'
  if (caller.kind === 'federated' && (service === 'iam' || service === 'sts')) return 'implicit_deny'
  if (caller.partition !== null && arnPartition !== '' && arnPartition !== caller.partition)
    return 'implicit_deny'
  if (throughEndpoint !== 'allow') return 'implicit_deny'
  if (levels.some(({ allows }) => !allows)) return 'implicit_deny'

  const { named } = resourceSays
  const isOfAws =
    /^arn:[^:]*:iam:[^:]*:aws:/.test(resource) || /^arn:[^:]*:kms:[^:]*:[^:]*:alias\/aws\//.test(resource)
  if (isOfAws && service === 'iam' && !/^iam:(get|list|simulate|generate)/.test(action))
    return 'implicit_deny'
  if (isOfAws && /^kms:(create|update|delete)alias$/.test(action)) return 'implicit_deny'
  // AWS's own policies are there for every account.
  const isOwn = caller.account === resourceAccount || (isOfAws && service === 'iam')
  const sameAccount = caller.account !== null && isOwn
  if (service === 'iam' && !sameAccount) return 'implicit_deny'
  const decides =
    action === 'sts:assumeroot' ||
    ((/^sts:assumerole/.test(action) || isParameter) && /^arn:[^:]*:iam::[^:]*:role\//.test(resource)) ||
    (service === 'kms' && /^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(resource))
  const decision = (allowed: boolean): Decision => (allowed ? 'allow' : 'implicit_deny')
  const limits =
    (boundary.length === 0 || boundarySays.allows) && (session.length === 0 || sessionSays.allows)
  if (!hasIdentity && caller.kind !== 'root') return decision(named.has('self') && limits)
  if (caller.kind === 'root' && sameAccount) return decision(named.has('self') || (!decides && limits))
  if (caller.kind === 'root') return decision(named.has('self') && limits)
  const inherits = caller.kind !== 'federated' || session.length > 0
  const byIdentity = identitySays.allows && limits && inherits
  if (!sameAccount) return decision(byIdentity && named.size > 0)
  if (named.has('self')) return 'allow'
  if (named.has('base') && limits && inherits) return 'allow'
  return decision(byIdentity && (!decides || named.has('account')))
}
