// Contexts that a request of somebody can have: values from the policies and others, keys absent, nothing that contradicts
// who asks or what is asked about.
import { Random } from '../evaluator/random-cases.ts'
import type { Asked, Constants } from './asked.ts'
import { drawPassedTags } from './draw-chains.ts'
import { choicesOfRareKeys } from './draw-rare-keys.ts'
import { choicesOfSending } from './draw-sending.ts'
import { drawSignIn } from './draw-sign-in.ts'
import { drawSource } from './draw-source.ts'
import { calledLike, comparedVariables, variablesIn } from './draw-variables.ts'
import { type EstatePair, entityIn } from './estate-spec.ts'
import { membershipIn, membersOutside } from './members.ts'
import { REGIONS } from './regions.ts'
import { drawSomebody, isSomebody, isSomebodysKey } from './somebody.ts'
import { elsewhereIn, ORGANIZATION, OTHER_ORGANIZATION, ROOT_ID, regionOf } from './world.ts'

export type Context = ReadonlyMap<string, readonly string[]>

export function constantsIn(pair: EstatePair): Constants {
  const found = new Map<string, Set<string>>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'Condition')
        for (const block of Object.values(inner as Record<string, Record<string, string | string[]>>))
          for (const [name, values] of Object.entries(block)) {
            const known = found.get(name.toLowerCase()) ?? new Set<string>()
            for (const each of [values].flat()) known.add(String(each))
            found.set(name.toLowerCase(), known)
          }
      else visit(inner)
    }
  }
  visit(pair)
  for (const [key, values] of [...variablesIn(pair), ...comparedVariables(pair)])
    found.set(key, new Set([...(found.get(key) ?? []), ...values]))
  return found
}

const instantiated = (pattern: string): string => pattern.replace(/\*/g, 'x').replace(/\?/g, 'y')

/** By its ARN, or as it is declared; null: not known. */
function ownerOf(resource: string, { before, after }: EstatePair): string | null {
  for (const { resources = {} } of [after, before])
    for (const [arn, { account }] of Object.entries(resources))
      if (resource === arn || resource.startsWith(`${arn}/`)) return account
  return resource.split(':')[4] || null
}

/** What may be given of one key; null: absent. */
type Choices = readonly (readonly string[] | null)[]

const ADDRESSES = ['198.51.100.7', '1.2.3.4', '2001:db8::1', '10.1.2.3']
const insideOf = (range: string): readonly string[] => {
  const [address = ''] = range.split('/')
  if (address === '0.0.0.0') return ['1.2.3.4', '198.51.100.7']
  if (address.includes(':')) return [`${address}1`]
  return range.endsWith('/32')
    ? [address]
    : [address.replace(/\.0$/, '.9').replace(/^10\.0\.0\.9$/, '10.1.2.3')]
}

function choicesFor(key: string, values: ReadonlySet<string>, asked: Asked, pair: EstatePair): Choices {
  const { requester, action, resource } = asked
  const { kind, account } = requester
  const some = [...values].map((value) => [instantiated(value)])
  const signs = account !== null && kind !== 'provider'
  // What a service that calls for itself has of these isn't documented: an analysis says so only where no account is let in
  // by the same statement.
  if (kind === 'service' && /^aws:(?:principal(?:account|type|arn)|userid)$/.test(key)) return [null]
  // What they say of themselves is drawn as a whole.
  if (isSomebody(asked) && isSomebodysKey(key)) return [null]
  if (key === 'aws:userid') {
    const principal = requester.after ?? requester.before ?? ''
    if (/:user\//.test(principal))
      return [...some.filter(([value]) => value?.startsWith('AIDA')), ['AIDAOTHER12345678901']]
    if (/:(?:role|assumed-role)\//.test(principal))
      return [
        ...some.flatMap(([value = '']) => (/^AROA\w*:/.test(value) ? [[value.replace(/:.*/, ':s1')]] : [])),
        ['AROAOTHER12345678901:s1'],
      ]
    return [null]
  }
  if (key.startsWith('aws:principaltag/')) {
    const isSomebodys = isSessionByProvider(asked) || /^(?:canonical user|unique id)$/.test(kind)
    if (!isSomebodys && (!signs || /^own|root|partition/.test(kind))) return [null]
    // To most operators a wildcard is a character like any other.
    return [null, ...some, ...[...values].map((value) => [value]), ['other']]
  }
  if (key === 'aws:sourceidentity' || key === 'aws:federatedprovider') {
    const isOfRole =
      /^(?:named|stranger) role$/.test(kind) || (key === 'aws:sourceidentity' && kind === 'own session')
    return isOfRole ? [null, ...some] : [null]
  }
  if (key === 'kms:calleraccount') return signs && action.startsWith('kms:') ? [[account]] : [null]
  if (key === 'aws:sourcearn' || key === 'aws:sourceaccount')
    return kind === 'service'
      ? [null, ...some, [key === 'aws:sourcearn' ? 'arn:aws:s3:::elsewhere' : '888877776666']]
      : [null]
  if (key === 'aws:sourceip')
    return [null, ...[...values].flatMap(insideOf).map((each) => [each]), ...ADDRESSES.map((each) => [each])]
  if (key === 'aws:sourcevpc' || key === 'aws:sourcevpce')
    return [null, ...some, [key === 'aws:sourcevpc' ? 'vpc-9f9f9f9f' : 'vpce-9f9f9f9f']]
  if (key === 'aws:securetransport') return [['true'], ['false']]
  if (/^(?:aws|iam):resourcetag\//.test(key) && resource.includes(':iam:'))
    return entityTagsOf(resource, key, pair)
  if (key.startsWith('aws:resourcetag/')) return tagsOf(resource, key, some, pair)
  if (/^(?:ec2|secretsmanager):resourcetag\//.test(key))
    return action.startsWith(key.slice(0, key.indexOf(':') + 1)) ? tagsOf(resource, key, some, pair) : [null]
  if (key === 'aws:resourceorgid') {
    if (pair.before.organization == null && pair.after.organization == null)
      return [null, ...some, [NOBODYS_ORGANIZATION]]
    if (pair.before.organization != null && pair.after.organization != null) return [null]
    // Where one state says it, it is so in the other as well.
    // A name that tells no account is meant as one of the caller's.
    const owner = ownerOf(resource, pair) ?? account
    const isMember = [pair.before, pair.after].some((spec) => membershipIn(spec, owner) !== null)
    return isMember ? [[ORGANIZATION]] : [null]
  }
  if (key === 'aws:requestedregion') {
    const region = resource.split(':')[3] ?? ''
    if (region !== '' || action.startsWith('iam:')) return [null]
    const partition = pair.after.partition ?? 'aws'
    const named = some.filter(([value = '']) => REGIONS[partition]?.test(value))
    // A deny of the region where everything lies spares who asks elsewhere.
    return [[regionOf(partition)], [elsewhereIn(partition)], ...named]
  }
  if (key === 'sts:externalid') return action === 'sts:AssumeRole' ? [null, ...some, ['other']] : [null]
  if (key === 'saml:aud')
    return kind === 'provider' && action.endsWith('SAML')
      ? [...some, ['https://signin.aws.amazon.com/saml']]
      : [null]
  const provider = /^(.*):(?:aud|sub)$/.exec(key)?.[1]
  if (provider !== undefined)
    return kind === 'provider' &&
      requester.after?.endsWith(provider) === true &&
      action.endsWith('WebIdentity')
      ? [...some, [key.endsWith(':aud') ? 'another.example.com' : 'repo:stranger/x:ref:refs/heads/main']]
      : [null]
  const ofRare = choicesOfRareKeys(key, asked)
  if (ofRare !== null) return ofRare
  const ofSending = choicesOfSending(key, some)
  if (ofSending !== null) return ofSending
  // Any other key, of whom AWS promises nothing.
  return /^(?:aws|sts|saml|iam|ec2|kms):/.test(key) ? [null] : [null, [''], ...some, ['other']]
}

/** Whoever got a session of some role by a provider; nobody of the project. */
const isSessionByProvider = ({ requester: { kind }, action }: Asked): boolean =>
  kind === 'provider' && !action.startsWith('sts:')

/** Of a declared resource its tags are known; where only one state declares it, the request says them. */
function tagsOf(
  resource: string,
  key: string,
  some: readonly (readonly string[])[],
  { before, after }: EstatePair,
): Choices {
  if (resource === '*') return [null]
  const [old, now] = [before, after].map((spec) => spec.resources?.[resource])
  const name = key.slice(key.indexOf('/') + 1)
  if (old === undefined && now === undefined)
    // What lies in a bucket has tags of its own.
    return [null, ...some]
  if (old !== undefined && now !== undefined && key.startsWith('aws:')) return [null]
  if (old !== undefined && now !== undefined && old.tags?.[name] !== now.tags?.[name]) return [null]
  const value = (now ?? old)?.tags?.[name]
  return value === undefined ? [null] : [[value]]
}

/** The same of a user or role. */
function entityTagsOf(arn: string, key: string, { before, after }: EstatePair): Choices {
  const [old, now] = [before, after].map((spec) => entityIn(spec, arn))
  if (old !== null && now !== null) return [null]
  const name = key.slice(key.indexOf('/') + 1)
  const tags = Object.entries((now ?? old)?.tags ?? {})
  const value = tags.find(([tag]) => tag.toLowerCase() === name)?.[1]
  return value === undefined ? [null] : [[value]]
}

/** Of which no policy speaks. */
const NOBODYS_ORGANIZATION = 'o-yyyyyyyyy8'

/**
 * Keys of the caller's organization: derived where it is declared in both states, else said or open.
 * @param somebodys the account that a request of somebody tells; null: none
 */
function organizationOf(
  asked: Asked,
  somebodys: string | null,
  constants: Constants,
  pair: EstatePair,
  random: Random,
): { readonly id: string; readonly path: string } | null {
  const { before, after } = pair
  const { kind } = asked.requester
  const isOfSomebody = isSomebody(asked)
  if ((asked.requester.account === null || kind === 'provider') && !isOfSomebody) return null
  const account = isOfSomebody ? somebodys : asked.requester.account
  const [old, now] = [membershipIn(before, account), membershipIn(after, account)]
  const paths = [...(constants.get('aws:principalorgpaths') ?? [])]
  const drawnPath = ({ id }: { readonly id: string }) => {
    const own = paths.flatMap((pattern) => pathLike(pattern, id) ?? [])
    return { id, path: own.length > 0 && random.chance(0.8) ? random.pick(own) : `${id}/r-zz99/` }
  }
  // Each state says it, but for where a member stands, or one does and the other knows of no organization.
  const member = old ?? now
  if (member !== null) {
    const isOpen = [before, after].some(({ organization }) => organization?.hasNoIds === true)
    // Of somebody no state knows the account.
    if (isOfSomebody) return isOpen ? drawnPath(member) : member
    if (old !== null && now !== null) return isOpen ? drawnPath(member) : null
    if ((old === null ? before : after).organization != null) return null
    return isOpen ? drawnPath(member) : member
  }
  const organizations = [before.organization, after.organization].flatMap((each) => each ?? [])
  const isDeclared = organizations.length > 0
  // Of somebody whose account isn't said: nobody of the project. Where all of the organization are, it isn't theirs.
  const isNobodys = account !== null || membersOutside(pair)?.length === 0
  const named = [...(constants.get('aws:principalorgid') ?? [])].map(instantiated)
  const ids = [
    ...named,
    ...paths.map((path) => instantiated(path.split('/')[0] ?? '')),
    OTHER_ORGANIZATION,
    NOBODYS_ORGANIZATION,
  ].filter((id) => /^o-\w+$/.test(id) && !(isDeclared && isNobodys && id === ORGANIZATION))
  if (ids.length === 0 || random.chance(0.35)) return null
  const id = random.pick(ids)
  // Where somebody of our organization may stand, its accounts tell.
  if (id === ORGANIZATION && isDeclared && organizations.every(({ hasNoIds }) => hasNoIds !== true))
    return { id, path: `${ORGANIZATION}/${ROOT_ID}/${random.pick(['', 'ou-ab12-unit0001/'])}` }
  return drawnPath({ id })
}

/** Where an account of an organization may stand, by a pattern; null: it is of other ones. */
function pathLike(pattern: string, id: string): string | null {
  const [first = '', ...rest] = pattern.split('/')
  if (!new RegExp(`^${first.replace(/\*/g, '.*').replace(/\?/g, '.')}$`).test(id)) return null
  // A wildcard reaches past slashes: what doesn't begin with a root is below one.
  const below = rest.filter((part, index) => part !== '' && !(part === '*' && index === rest.length - 1))
  const root = below[0]?.startsWith('r-') === true ? [] : ['r-zz99']
  return `${[id, ...root, ...below.map(instantiated)].join('/')}/`
}

const OF_SIGN_IN = /^aws:(?:multifactorauth|tokenissuetime$)/
const PASSING = ['aws:requesttag/team', 'aws:tagkeys', 'sts:transitivetagkeys']

/** So many contexts of the request, always the same. */
export function* drawnContexts(
  asked: Asked,
  constants: Constants,
  pair: EstatePair,
  many: number,
): Iterable<Context> {
  const random = new Random(1)
  for (let left = many; left > 0; left--) yield drawContext(asked, constants, pair, random)
}

/** One context of the request, drawn. */
export function drawContext(asked: Asked, constants: Constants, pair: EstatePair, random: Random): Context {
  const context = new Map<string, readonly string[]>()
  const { requester } = asked
  for (const [key, values] of constants) {
    const choices = choicesFor(key, values, asked, pair)
    const chosen = choices.length === 0 ? null : random.pick(choices)
    if (chosen !== null) context.set(key, chosen)
  }
  const somebody = isSomebody(asked) ? drawSomebody(asked, constants, pair, random) : null
  for (const [key, values] of somebody?.said ?? []) context.set(key, values)
  // What is compared with something else that the request says.
  for (const [key, values] of context)
    if (values.some((value) => value.includes('${')))
      context.set(
        key,
        values.map((value) => calledLike(value, requester, context, random)),
      )
  // Both are the moment of the request.
  if (context.has('aws:currenttime')) context.delete('aws:epochtime')
  // Through an endpoint there is no public address; and an endpoint is in a network.
  if (['aws:sourcevpc', 'aws:sourcevpce', 'aws:vpcsourceip'].some((key) => context.has(key)))
    context.delete('aws:sourceip')
  const source = context.get('aws:sourcearn')?.[0]?.split(':')[4]
  if (source !== undefined && source !== '' && context.has('aws:sourceaccount'))
    context.set('aws:sourceaccount', [source])
  if (constants.has('aws:principalorgid') || constants.has('aws:principalorgpaths')) {
    const organization = organizationOf(asked, somebody?.account ?? null, constants, pair, random)
    if (organization !== null) {
      context.set('aws:principalorgid', [organization.id])
      context.set('aws:principalorgpaths', [organization.path])
    }
  }
  // What comes by way of services is sent by one.
  if ([...context.keys()].some((key) => key.startsWith('aws:calledvia')))
    context.set('aws:viaawsservice', ['true'])
  if ([...constants.keys()].some((key) => OF_SIGN_IN.test(key)))
    for (const [key, value] of drawSignIn(requester, asked.action, random)) context.set(key, [value])
  if (PASSING.some((key) => constants.has(key)))
    for (const [key, values] of drawPassedTags(asked, constants, random)) context.set(key, values)
  if (requester.kind === 'service') {
    for (const [key, values] of drawSource(context, constants, pair, random)) context.set(key, values)
    if (constants.has('aws:principalservicename'))
      context.set('aws:principalservicename', [requester.after ?? ''])
    if (constants.has('aws:principalservicenameslist'))
      context.set('aws:principalservicenameslist', [requester.after ?? ''])
  }
  return context
}
