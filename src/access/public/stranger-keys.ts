import type { Piece } from '../../evaluator/program/pieces.ts'
import type { BoundKeys } from '../diff/comparison.ts'
import type { KeyFacts } from '../symbolic/key-theory.ts'
import {
  COLON,
  foldedGlob,
  type Glob,
  literalGlob,
  ONE_IN_SEGMENT,
  STAR,
  STAR_IN_SEGMENT,
} from '../symbolic/tokens.ts'
import { PRIVATE_RANGES } from './address-range.ts'
import type { Mention, Mentions } from './mentions.ts'
import { OPEN_PROVIDERS, type OpenProvider } from './open-providers.ts'
import { strangerAccounts } from './stranger-accounts.ts'

/** What is known besides what policies mention. */
export interface StrangerSurroundings {
  readonly partition: string
  /** Ids of accounts that aren't strangers': of the project, of its organization, or named as principals. */
  readonly known: ReadonlySet<string>
  /** Ids of organizations that aren't strangers'. */
  readonly organizations: readonly string[]
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly now: number
}

/** Keys that hold an account's id. */
export const ACCOUNTS: ReadonlySet<string> = new Set([
  'aws:sourceaccount',
  'aws:sourceowner',
  'aws:vpceaccount',
  'kms:calleraccount',
  's3:dataaccesspointaccount',
])
/** Keys that hold the ARN of a resource of whoever asks, or for whom a service does. */
export const ARNS: ReadonlySet<string> = new Set([
  'aws:sourcearn',
  'aws:sourcevpcarn',
  'ec2:sourceinstancearn',
  'lambda:sourcefunctionarn',
  's3:dataaccesspointarn',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
])
export const ORGANIZATIONS: ReadonlySet<string> = new Set([
  'aws:principalorgid',
  'aws:sourceorgid',
  'aws:vpceorgid',
])
export const ORGANIZATION_PATHS: ReadonlySet<string> = new Set([
  'aws:principalorgpaths',
  'aws:sourceorgpaths',
  'aws:vpceorgpaths',
])

const WORD: Glob = [ONE_IN_SEGMENT, STAR_IN_SEGMENT]
export const ANY_VPC: Glob = [...literalGlob('vpc-'), ...WORD]
export const ANY_ENDPOINT: Glob = [...literalGlob('vpce-'), ...WORD]

/**
 * What keys can be in requests of somebody whom no policy means: of their own account, organization, network and
 * resources; never what a policy fixes, nor an address inside a range that isn't too wide. Each may be absent where it may
 * be in any request. Keys that say nothing of who asks are left as they are.
 * @param mentions of the policies that decide
 * @param buckets of which a request may come: a bucket's ARN doesn't say whose it is, and its name may be anybody's tomorrow
 */
export function strangerKeys(
  mentions: Mentions,
  around: StrangerSurroundings,
  buckets: 'ownBuckets' | 'anyBucket' = 'ownBuckets',
): BoundKeys {
  const accounts = accountsFor(mentions, around)
  const known = new Map<string, Partial<KeyFacts> | null>()
  return {
    id: `${buckets} ${boundId(mentions, around)}`,
    of: (key) => {
      let facts = known.get(key)
      if (facts === undefined) {
        facts =
          key === 'aws:sourcearn' && buckets === 'anyBucket'
            ? { within: arnsOf(around.partition, accounts) }
            : factsOf(key, mentions, around, accounts)
        known.set(key, facts)
      }
      return facts
    },
  }
}

/** Of one key, in lower case; null: nothing is known. */
export function factsOf(
  key: string,
  mentions: Mentions,
  around: StrangerSurroundings,
  accounts: readonly string[],
): Partial<KeyFacts> | null {
  const mentioned = mentions.of(key)
  const fixed = mentioned.flatMap(({ text }) => (text === null ? [] : [foldedGlob(text)]))
  if (ACCOUNTS.has(key)) return { within: accounts.map(literalGlob) }
  if (ARNS.has(key))
    return {
      within: arnsOf(around.partition, accounts),
      without: [...fixed, ...resourcesFixed(mentioned), NO_S3],
    }
  if (ORGANIZATIONS.has(key))
    return {
      within: [[...literalGlob('o-'), ...WORD]],
      without: [...fixed, ...organizationsOfOwner(mentions, around).map(literalGlob)],
    }
  if (ORGANIZATION_PATHS.has(key))
    return {
      within: [[...literalGlob('o-'), ...WORD, ...literalGlob('/'), STAR]],
      without: [
        ...fixed,
        ...[
          ...beginnings(mentioned, '/'),
          ...organizationsOfOwner(mentions, around).map((id) => `${id}/`),
        ].map(all),
      ],
    }
  switch (key) {
    case 'aws:resourceorgid':
      return { within: [...organizationsOfOwner(mentions, around).map(literalGlob), ...fixed] }
    case 'aws:resourceorgpaths':
      return { within: [...organizationsOfOwner(mentions, around).map((id) => all(`${id}/`)), ...fixed] }
    case 'aws:principalaccount':
    case 'aws:principalarn':
      return notOf([...around.known, ...accountsMeant(mentions)], key)
    case 'aws:userid':
      return { without: [...fixed, ...beginnings(mentioned, ':').map(all)] }
    case 'aws:sourceip':
      return { without: fixed, withoutRanges: [...PRIVATE_RANGES, ...mentions.narrowRanges] }
    case 'aws:sourcevpc':
      return { within: [ANY_VPC], without: fixed }
    case 'aws:sourcevpce':
      return { within: [ANY_ENDPOINT], without: fixed }
    // Whoever comes through a mount target is in the file system's own network.
    case 'elasticfilesystem:accessedviamounttarget':
      return { within: [literalGlob('false')] }
    case 'aws:currenttime':
    case 'aws:epochtime':
      return { notBefore: around.now }
    default:
      return claimFacts(key, mentioned, fixed)
  }
}

/** That somebody is of none of these accounts. */
export const notOf = (accounts: readonly string[], key: string): Partial<KeyFacts> => ({
  without: accounts.map((id) =>
    key === 'aws:principalaccount'
      ? literalGlob(id)
      : [
          ...literalGlob('arn:'),
          STAR_IN_SEGMENT,
          COLON,
          STAR_IN_SEGMENT,
          COLON,
          ...literalGlob(`:${id}:`),
          STAR,
        ],
  ),
})

/** Accounts of whose principals policies speak. */
const accountsMeant = (mentions: Mentions): readonly string[] =>
  ['aws:principalaccount', 'aws:principalarn'].flatMap((key) =>
    mentions
      .of(key)
      .flatMap(({ pieces }) =>
        pieces.flatMap((piece) =>
          piece.kind === 'literal' ? [...piece.text.matchAll(/(?<!\d)\d{12}(?!\d)/g)].map(([id]) => id) : [],
        ),
      ),
  )

/** Organizations that the owner of a resource may be in: what is known, or one that stands for whichever it is. */
const organizationsOfOwner = (
  mentions: Mentions,
  { organizations }: StrangerSurroundings,
): readonly string[] => [
  ...organizations,
  ...mentions.of('aws:resourceorgid').flatMap(({ text }) => text ?? []),
  OWNERS_ORGANIZATION,
]
const OWNERS_ORGANIZATION = 'o-ownersorganization'

/**
 * Of a claim of a provider that everybody can get tokens of: whose identities policies mean aren't a stranger's. That a token
 * has a claim is nothing that AWS promises: a test that its absence passes narrows nobody.
 */
function claimFacts(
  key: string,
  mentioned: readonly Mention[],
  fixed: readonly Glob[],
): Partial<KeyFacts> | null {
  const colon = key.lastIndexOf(':')
  const provider = OPEN_PROVIDERS.get(key.slice(0, colon))
  if (provider === undefined) return null
  const claim = key.slice(colon + 1)
  if (!provider.fixing.includes(claim)) return {}
  return { without: [...fixed, ...ownersIn(claim, mentioned, provider).map(all)] }
}

/** The beginnings by which values say whose identities they mean. */
const ownersIn = (
  claim: string,
  mentioned: readonly Mention[],
  { owners }: OpenProvider,
): readonly string[] =>
  (owners[claim] ?? []).flatMap((owner) => mentioned.flatMap(({ start }) => owner.exec(start)?.[0] ?? []))

/** What patterns begin with up to a separator, where that much is fixed. */
const beginnings = (mentioned: readonly Mention[], separator: string): readonly string[] =>
  mentioned.flatMap(({ start }) =>
    start.includes(separator) ? [start.slice(0, start.indexOf(separator) + 1)] : [],
  )

/** Texts that begin with one. */
export const all = (start: string): Glob => [...foldedGlob(start), STAR]

/** ARNs of resources of some accounts, and of resources whose ARNs name no account, such as buckets. */
function arnsOf(partition: string, accounts: readonly string[]): readonly Glob[] {
  const begin = [...literalGlob(`arn:${partition}:`), ...WORD, COLON, STAR_IN_SEGMENT, COLON]
  return [
    [...begin, COLON, ...WORD],
    ...accounts.map((account) => [...begin, ...literalGlob(`${account}:`), ONE_IN_SEGMENT, STAR]),
  ]
}

/** Resources whose ARNs name no account, and whose names are fixed whatever the rest of the ARN is; and what lies in a bucket. */
export const resourcesFixed = (mentioned: readonly Mention[]): readonly Glob[] =>
  mentioned.flatMap(({ pieces, start }) => {
    const last = pieces.at(-1)
    const name = last?.kind === 'literal' ? /:([^:]+)$/.exec(last.text)?.[1] : undefined
    const bucket = /^arn:[^:]*:s3:::[^/]+\//.exec(start)?.[0]
    return [
      ...(name === undefined ? [] : [ANY_BEGINNING, OF_S3].map((begin) => [...begin, ...literalGlob(name)])),
      ...(bucket === undefined ? [] : [all(bucket)]),
    ]
  })

/** `arn:P:S:R::` */
const ANY_BEGINNING: Glob = [
  ...literalGlob('arn'),
  ...Array.from({ length: 3 }, () => [COLON, STAR_IN_SEGMENT]).flat(),
  COLON,
  COLON,
]
/** A bucket's name stands alone, whatever is written for its region and account. */
const OF_S3: Glob = [
  ...literalGlob('arn:'),
  STAR_IN_SEGMENT,
  ...literalGlob(':s3:'),
  STAR_IN_SEGMENT,
  COLON,
  STAR_IN_SEGMENT,
  COLON,
]
/** Names of S3 hold no colon. */
const NO_S3: Glob = [...OF_S3, STAR, COLON, STAR]

/** Every id of twelve digits that a value fixes is of somebody who is meant. */
function accountsFor(mentions: Mentions, { known }: StrangerSurroundings): readonly string[] {
  const named = new Set(known)
  const patterns: (readonly Piece[])[] = []
  for (const key of [...ACCOUNTS, ...ARNS])
    for (const { pieces } of mentions.of(key)) {
      for (const piece of pieces)
        if (piece.kind === 'literal')
          for (const [id] of piece.text.matchAll(/(?<!\d)\d{12}(?!\d)/g)) named.add(id)
      patterns.push(ACCOUNTS.has(key) ? pieces : accountSegment(pieces))
    }
  return strangerAccounts(named, patterns)
}

/** The pattern of an ARN's account, as far as it is written with all of its colons. */
function accountSegment(pieces: readonly Piece[]): readonly Piece[] {
  const segments: Piece[][] = [[]]
  for (const piece of pieces) {
    if (piece.kind !== 'literal') {
      segments.at(-1)?.push(piece)
      continue
    }
    for (const [index, text] of piece.text.split(':').entries()) {
      if (index > 0) segments.push([])
      if (text !== '') segments.at(-1)?.push({ kind: 'literal', text })
    }
  }
  return segments[4] ?? []
}

/** Equal ones bound alike. */
export function boundId(
  mentions: Mentions,
  { partition, known, organizations, now }: StrangerSurroundings,
): string {
  return JSON.stringify([mentions.id, partition, [...known].sort(), organizations, now])
}
