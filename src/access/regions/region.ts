import { isAssumeRoot } from '../../evaluator/module/action-facts.ts'
import { type AnyEntityState, entitiesIn, parseArn, separatorsAfter } from '../../model/index.ts'
import type { EstateView } from '../estate-view.ts'
import { isAssuming } from '../principals/assuming.ts'
import type { Reasoner } from '../reasoner.ts'
import type { Lang } from '../symbolic/lang.ts'
import { COLON, type Glob, literalGlob, STAR, STAR_IN_SEGMENT } from '../symbolic/tokens.ts'
import { type Bounds, UNBOUNDED } from './bounds.ts'
import { iamBounds, iamGlob, iamOfOthers, NO_ROLES } from './iam-places.ts'

/**
 * A part of all resources whose own policy decides in one way: one that is declared, with what lies in it; a role that is
 * to be assumed; or all the rest, whose own policies aren't known.
 */
export type Region =
  | {
      readonly type: 'rest'
      /** Of whoever asks; null: not known. */
      readonly account: string | null
      /**
       * `own`: what is the asking account's, as far as ARNs tell. `elsewhere`: what belongs to others, whose policies must
       * allow it as well.
       */
      readonly part: 'all' | 'own' | 'elsewhere'
    }
  | {
      readonly type: 'resource'
      readonly arn: string
      readonly owner: string
      /**
       * Of a key, actions of KMS need its own policy, and others don't. Of an entity of IAM, which has none, those are meant that take
       * its kind by the catalogue, where no question names it.
       */
      readonly of: 'resource' | 'key' | 'keyOtherwise' | 'entity'
      /** `itself`: it alone, whose tags are declared; `within`: what lies in it, of which no tags are known. */
      readonly part: 'whole' | 'itself' | 'within'
    }
  | { readonly type: 'trust'; readonly arn: string; readonly owner: string }

export const restRegion = (
  account: string | null,
  part: Extract<Region, { readonly type: 'rest' }>['part'] = 'all',
): Region => ({ type: 'rest', account, part })

/** Tells regions apart. */
export function regionKey(region: Region): string {
  switch (region.type) {
    case 'rest':
      return `${region.part} ${region.account ?? ''}`
    case 'resource':
      return `${region.of} ${region.part} ${region.arn}`
    case 'trust':
      return `trust ${region.arn}`
  }
}

/** A declared resource: one region, or two, by what is asked about it. */
export const resourceRegions = (arn: string, owner: string): readonly ResourceRegion[] =>
  (/^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(arn)
    ? (['key', 'keyOtherwise'] as const)
    : (['resource'] as const)
  ).map((of) => ({ type: 'resource', arn, owner, of, part: 'whole' }))

type ResourceRegion = Extract<Region, { readonly type: 'resource' }>

/** An entity of IAM of an account of the estate, with the tags that it has. */
export const entityRegion = (arn: string, account: string): ResourceRegion => ({
  type: 'resource',
  arn,
  owner: account,
  of: 'entity',
  part: 'itself',
})

/** A declared resource apart from what lies in it. */
export const partsOf = (region: ResourceRegion): readonly ResourceRegion[] =>
  (['itself', 'within'] as const).map((part) => ({ ...region, part }))

export const trustRegion = (arn: string): Region => ({
  type: 'trust',
  arn,
  owner: parseArn(arn)?.account ?? '',
})

/**
 * Whether a resource, or an action in lower case, is of IAM: what assumes roles takes IAM's resources as well, and no other service's
 * resource is one of either.
 */
const isOfIam = (text: string): boolean =>
  /^(?:iam:|arn:[^:]*:iam:)/.test(text) || isAssuming(text) || isAssumeRoot(text)

/** Whether an action, in lower case, may be about a resource. Who assumes a role of the estate is decided by its trust policy. */
const takes = ({ arn, of }: ResourceRegion, action: string): boolean =>
  of === 'entity' ? !isAssuming(action) : isOfIam(arn) || !isOfIam(action)

/** Where the resources of a region lie. */
export interface RegionSpace {
  readonly inside: readonly Lang[]
  readonly outside: readonly Lang[]
  /** Where else resources of an action lie, in lower case. The same object for actions that are alike. */
  readonly boundsFor: (action: string) => Bounds
  readonly withStar: boolean
  /** Resources that are there by name, whatever their types: what is declared. */
  readonly named: () => Lang
  /** Equal spaces have equal ones. */
  readonly key: () => string
}

/** A declared resource, and what lies in it. */
const treeOf = (arn: string): readonly Glob[] => [
  literalGlob(arn),
  ...separatorsAfter(arn).map((separator) => [...literalGlob(`${arn}${separator}`), STAR]),
]

export function spaceOf(region: Region, views: readonly EstateView[], reasoner: Reasoner): RegionSpace {
  const { langs } = reasoner.symbols
  if (region.type === 'trust')
    return {
      inside: [reasoner.anyResource, langs.of([literalGlob(region.arn)])],
      outside: [],
      boundsFor: () => UNBOUNDED,
      withStar: false,
      // Whatever it is called: it is there.
      named: () => langs.of([literalGlob(region.arn)]),
      key: () => '',
    }
  const declared = [...new Set(views.flatMap((view) => [...view.estate.resources.keys()]))]
  if (region.type === 'resource') {
    const nowhere: Bounds = { inside: [langs.of([])], outside: [] }
    const within = declared.filter((arn) =>
      separatorsAfter(region.arn).some((separator) => arn.startsWith(`${region.arn}${separator}`)),
    )
    return {
      inside: [
        reasoner.anyResource,
        langs.of(region.part === 'itself' ? [literalGlob(region.arn)] : treeOf(region.arn)),
      ],
      outside: [
        ...(within.length === 0 ? [] : [langs.of(within.flatMap(treeOf))]),
        ...(region.part === 'within' ? [langs.of([literalGlob(region.arn)])] : []),
      ],
      boundsFor: (action) => (takes(region, action) ? UNBOUNDED : nowhere),
      withStar: false,
      named: () => langs.of([literalGlob(region.arn)]),
      key: () => within.join(' '),
    }
  }
  let key: string | null = null
  let named: Lang | null = null
  const roles: Bounds = {
    inside: [],
    outside: [
      langs.of([
        ...[...new Set(views.flatMap((view) => [...view.accounts.keys()]))].map((account) =>
          iamGlob(reasoner.partition, literalGlob(account), 'role/'),
        ),
        iamGlob(reasoner.partition, literalGlob('aws'), ''),
        ...NO_ROLES.map((begin) => iamGlob(reasoner.partition, [STAR_IN_SEGMENT], begin)),
      ]),
    ],
  }
  const roots: Bounds = {
    inside: [langs.of([iamGlob(reasoner.partition, [STAR_IN_SEGMENT], 'root', [])])],
    outside: [],
  }
  const { account, part } = region
  const own = account === null ? null : langs.of(ownedBy(account, reasoner.partition))
  const iam = account === null ? () => UNBOUNDED : iamBounds(account, reasoner)
  const others: Bounds =
    account === null || part === 'own'
      ? UNBOUNDED
      : { inside: [], outside: [langs.of(iamOfOthers(account, reasoner.partition))] }
  const aliases: Bounds = { inside: [], outside: [...others.outside, awsAliases(reasoner)] }
  return {
    inside: [reasoner.anyResource, ...(own !== null && part === 'own' ? [own] : [])],
    outside: [
      ...(declared.length === 0 ? [] : [langs.of(declared.flatMap(treeOf))]),
      ...(own !== null && part === 'elsewhere' ? [own] : []),
    ],
    boundsFor: (action) => {
      if (isAssuming(action)) return roles
      if (action.startsWith('iam:')) return iam(action)
      if (isAssumeRoot(action)) return roots
      return CHANGES_ALIAS.test(action) ? aliases : others
    },
    withStar: part !== 'elsewhere',
    named: () => {
      // Of another account's entities only roles have a policy of their own, for whoever assumes them.
      named ??= langs.of(
        views
          .flatMap(entityArns)
          .filter((arn) => account === null || parseArn(arn)?.account === account)
          .map(literalGlob),
      )
      return named
    },
    key: () => {
      key ??= numberOf(JSON.stringify([declared, views.map(entitiesKey)]))
      return key
    },
  }
}

const numbers = new Map<string, string>()
/** So many texts are told apart before it begins anew with others. */
const MOST_NUMBERS = 1000
let next = 0

/** A short text for a long one. */
function numberOf(text: string): string {
  let number = numbers.get(text)
  if (number === undefined) {
    if (numbers.size >= MOST_NUMBERS) numbers.clear()
    number = `${next++}`
    numbers.set(text, number)
  }
  return number
}

const keys = new WeakMap<EstateView, string>()

/** Of the entities of a view: thousands, which are read once for all regions. */
function entitiesKey(view: EstateView): string {
  let key = keys.get(view)
  if (key === undefined) {
    key = numberOf(JSON.stringify(entityArns(view)))
    keys.set(view, key)
  }
  return key
}

const entityArns = ({ accounts }: EstateView): readonly string[] =>
  [...accounts.values()].flatMap(({ entities }) => entitiesIn<AnyEntityState>(entities).map(({ arn }) => arn))

/** What an account owns as far as an ARN tells: what names it, or no account, or AWS. */
const ownedBy = (account: string, partition: string): readonly Glob[] =>
  [account, '', 'aws'].map((owner) => [
    ...literalGlob(`arn:${partition}:`),
    STAR_IN_SEGMENT,
    COLON,
    STAR_IN_SEGMENT,
    ...literalGlob(`:${owner}:`),
    STAR,
  ])

const CHANGES_ALIAS = /^kms:(?:create|update|delete)alias$/

/** Aliases that AWS keeps for itself. @see KMS Developer Guide, "Aliases": reserved for AWS managed keys */
const awsAliases = ({ symbols, partition }: Reasoner): Lang =>
  symbols.langs.of([
    [
      ...literalGlob(`arn:${partition}:kms:`),
      STAR_IN_SEGMENT,
      COLON,
      STAR_IN_SEGMENT,
      ...literalGlob(':alias/aws/'),
      STAR,
    ],
  ])
