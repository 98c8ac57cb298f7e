import { Refusal } from '../../evaluator/estate/refusal.ts'
import { conditionsBlock } from '../../evaluator/estate/who-can.ts'
import { UnevaluablePolicyError } from '../../evaluator/unevaluable.ts'
import type { ResourceFacts } from '../../model/index.ts'
import type { AccessEntry, UnknownAccess } from '../access-entry.ts'
import { levelsOf } from '../actions/access-levels.ts'
import type { Proof, S3Ruling } from '../analysis.ts'
import type { BoundKeys } from '../diff/comparison.ts'
import { isDeciding } from '../diff/diff-of.ts'
import type { EstateView } from '../estate-view.ts'
import type { Exploration } from '../explore.ts'
import type { ExaminedPrincipal } from '../principals/examined-principal.ts'
import type { Reasoner } from '../reasoner.ts'
import type { Region } from '../regions/region.ts'
import { coverageOf, resourcesLookedAt } from './coverage.ts'
import { openProvider } from './open-providers.ts'
import { boundsWhereAsked, type Outsiders, proveOutsiders } from './prove-outsiders.ts'
import { type PublicStatement, publicStatements, s3KindOf } from './s3-ruling.ts'
import { strangerKeys } from './stranger-keys.ts'
import { mentionsOf, surroundingsOf } from './surroundings.ts'

/**
 * Whether nothing is public: by S3's own judgement of the policies of buckets and access points, and by proof, that no
 * stranger has a request that is allowed.
 * @param accounts ids: whose roles and resources are looked at, beside those of accounts that aren't in the estate
 * @param now no request is made before
 */
export function proveNoPublicAccess(
  exploration: Exploration,
  accounts: ReadonlySet<string>,
  now: Date,
): Proof {
  const { view, reasoner } = exploration
  const isConcerned = (account: string) => accounts.has(account)
  const surroundings = surroundingsOf(view, reasoner.partition, now)
  const by: Outsiders = {
    isConcerned,
    isMeant: isStranger,
    boundsBy: boundsWhereAsked((policy) => strangerKeys(mentionsOf(policy, view), surroundings)),
  }
  const strangers = proveOutsiders(exploration, by)
  const buckets = proveOutsiders(exploration, {
    ...by,
    isMeant: isS3CallingFunction,
    boundsBy: boundsWhereAsked((policy) => strangerKeys(mentionsOf(policy, view), surroundings, 'anyBucket')),
  })
  const violations = [...strangers.violations, ...buckets.violations].map(
    (entry): AccessEntry => ({ ...entry, question: 'proof', ...blockOf(entry, view) }),
  )
  const judged = rulingsOf(exploration, accounts, (arns) => [
    ...violations,
    // What S3 calls public lets in somebody, though perhaps no stranger.
    ...proveOutsiders(exploration, {
      ...by,
      isMeant: (principal, region) =>
        isStranger(principal) && region.type === 'resource' && arns.has(region.arn),
      boundsBy: NOT_BOUND,
    }).violations,
  ])
  const unknown = [...strangers.unknown, ...buckets.unknown, ...judged.unknown]
  const isBroken = violations.some(isDeciding) || judged.rulings.some(({ block }) => block === null)
  return {
    holds: isBroken ? false : unknown.length > 0 ? 'unknown' : true,
    violations,
    unknown,
    rulings: judged.rulings,
    covers: coverageOf(view, accounts),
  }
}

/** They may be anything, and whoever asks stands for the services that ask on their behalf as well. */
const NOT_BOUND = (): BoundKeys => ({ id: 'anything', of: () => ({}) })

/** Who signs nothing, who belongs to an account that nobody names, and whom a provider vouches for that anybody can join. */
export function isStranger({ label }: Pick<ExaminedPrincipal, 'label'>): boolean {
  if (label === 'anonymous' || label === 'account:*' || OF_STRANGERS_ACCOUNTS.test(label)) return true
  return label.startsWith('federated:') && openProvider(label.slice('federated:'.length)) !== null
}

/** Federated users of accounts that nobody names. */
const OF_STRANGERS_ACCOUNTS = /^arn:[^:]*:sts::\*:federated-user\/\*$/

/**
 * Anybody's bucket may send its events to a function that lets in S3.
 * @see AWS Config Developer Guide, "lambda-function-public-access-prohibited"
 */
const isS3CallingFunction = ({ label }: ExaminedPrincipal, region: Region): boolean =>
  label === 'service:s3.amazonaws.com' && region.type === 'resource' && IS_FUNCTION.test(region.arn)

const IS_FUNCTION = /^arn:[^:]*:lambda:[^:]*:[^:]*:function:/

function blockOf(
  { policy }: AccessEntry,
  view: EstateView,
): { readonly publicAccessBlock?: 'resource' | 'account' } {
  const block = view.resourceOf(policy)?.publicAccessBlock
  return block === undefined ? {} : { publicAccessBlock: block }
}

function rulingsOf(
  { view, reasoner }: Exploration,
  accounts: ReadonlySet<string>,
  entriesOn: (arns: ReadonlySet<string>) => readonly AccessEntry[],
): { readonly rulings: readonly S3Ruling[]; readonly unknown: readonly UnknownAccess[] } {
  const found: (readonly [PublicStatement, ResourceFacts])[] = []
  const unknown: UnknownAccess[] = []
  for (const facts of resourcesLookedAt(view, accounts)) {
    const kind = s3KindOf(facts.arn)
    if (kind === null) continue
    try {
      const policy = view.policyOf(facts)?.policy
      if (policy === undefined) continue
      for (const each of publicStatements(policy, facts.arn, kind, reasoner.symbols))
        found.push([each, facts])
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof UnevaluablePolicyError)) throw error
      unknown.push({ ...OF_STRANGERS, policy: facts.arn })
    }
  }
  const entries = found.length === 0 ? [] : entriesOn(new Set(found.map(([, { arn }]) => arn)))
  return { rulings: found.map(([each, facts]) => rulingOf(each, facts, reasoner, entries)), unknown }
}

const STRANGERS: readonly string[] = ['account:*', 'anonymous']
const OF_STRANGERS = {
  principals: STRANGERS,
  direction: 'gained',
  reason: 'document',
  sid: null,
  source: null,
} as const

function rulingOf(
  { statement, why }: PublicStatement,
  { arn, publicAccessBlock }: ResourceFacts,
  { actions: table }: Reasoner,
  entries: readonly AccessEntry[],
): S3Ruling {
  const { action, resource, sid, span } = statement
  const set = table.setOf(action)
  const listed = table.names.filter((name) => name.startsWith('s3:') && table.isIn(set, name))
  const known = action.negated
    ? listed
    : [...listed, ...action.entries.filter((name) => isUnlisted(name, table))]
  const actions = known.length === 0 ? action.entries : known
  const same = entries.find(
    (entry) =>
      entry.policy === arn && entry.sid === sid && JSON.stringify(entry.source) === JSON.stringify(span),
  )
  return {
    resource: arn,
    principals: STRANGERS,
    actions: [...actions].sort(),
    levels: levelsOf(listed, table),
    resources: resource === null ? [arn] : resource.negated ? [] : resource.entries,
    notResources: resource?.negated === true ? resource.entries : [],
    conditions: conditionsBlock(statement.conditions),
    statement: statement.index,
    sid,
    source: span,
    why,
    block: publicAccessBlock ?? null,
    witness: same?.witness ?? null,
  }
}

const isUnlisted = (name: string, table: Reasoner['actions']): boolean =>
  !/[*?]/.test(name) && !table.isListed(name)
