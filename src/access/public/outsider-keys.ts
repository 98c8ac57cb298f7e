import type { BoundKeys } from '../diff/comparison.ts'
import type { KeyFacts } from '../symbolic/key-theory.ts'
import { COLON, type Glob, literalGlob, ONE_IN_SEGMENT, STAR, STAR_IN_SEGMENT } from '../symbolic/tokens.ts'
import type { Mentions } from './mentions.ts'
import {
  ACCOUNTS,
  ANY_ENDPOINT,
  ANY_VPC,
  ARNS,
  all,
  boundId,
  factsOf,
  notOf,
  ORGANIZATION_PATHS,
  ORGANIZATIONS,
  resourcesFixed,
  type StrangerSurroundings,
} from './stranger-keys.ts'

/** Keys that only mean somebody's network or address, and don't tell whose request it is; null: they may be anything. */
const NETWORKS: ReadonlyMap<string, Partial<KeyFacts> | null> = new Map([
  ['aws:sourceip', null],
  ['aws:sourcevpc', { within: [ANY_VPC] }],
  ['aws:sourcevpcarn', null],
  ['aws:sourcevpce', { within: [ANY_ENDPOINT] }],
  ['aws:userid', null],
  ['aws:vpceaccount', null],
  ['aws:vpceorgid', null],
  ['aws:vpceorgpaths', null],
  ['elasticfilesystem:accessedviamounttarget', null],
  ['s3:x-amz-server-side-encryption-aws-kms-key-id', null],
])

/**
 * What keys can be in requests of anybody who isn't of a known account or organization: whose account, organization or
 * resource a policy fixes may well be theirs, and so may an address or a network. Whom a trust in an open provider fixes is
 * taken to be known.
 */
export function outsiderKeys(mentions: Mentions, around: StrangerSurroundings): BoundKeys {
  const told = new Map<string, Partial<KeyFacts> | null>()
  return {
    id: `outside ${boundId(mentions, around)}`,
    of: (key) => {
      let facts = told.get(key)
      if (facts === undefined) {
        const network = NETWORKS.get(key)
        facts = network === undefined ? outsiderFacts(key, mentions, around) : network
        told.set(key, facts)
      }
      return facts
    },
  }
}

function outsiderFacts(
  key: string,
  mentions: Mentions,
  around: StrangerSurroundings,
): Partial<KeyFacts> | null {
  const known = [...around.known]
  if (ACCOUNTS.has(key)) return { without: known.map(literalGlob) }
  if (ARNS.has(key)) {
    const begin = [...literalGlob('arn:'), ...OF_ANY_RESOURCE]
    return {
      within: [[...literalGlob(`arn:${around.partition}:`), ...OF_ANY_RESOURCE, ONE_IN_SEGMENT, STAR]],
      without: [
        ...known.map((id) => [...begin, ...literalGlob(`${id}:`), STAR]),
        // A bucket's ARN doesn't tell whose it is: who writes its name means one that is known.
        ...resourcesFixed(mentions.of(key)),
        ...mentions
          .of(key)
          .flatMap(({ text }) => (text !== null && /^arn:[^:]*:s3:::/.test(text) ? [literalGlob(text)] : [])),
      ],
    }
  }
  if (key === 'aws:principalaccount' || key === 'aws:principalarn') return notOf(known, key)
  if (ORGANIZATIONS.has(key)) return { without: around.organizations.map(literalGlob) }
  if (ORGANIZATION_PATHS.has(key)) return { without: around.organizations.map((id) => all(`${id}/`)) }
  return factsOf(key, mentions, around, [])
}

/** `P:S:R:` */
const OF_ANY_RESOURCE: Glob = Array.from({ length: 3 }, () => [STAR_IN_SEGMENT, COLON]).flat()
