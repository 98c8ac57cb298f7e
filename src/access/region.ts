import { parseArn } from '../model/index.ts'
import type { EstateView } from './estate-view.ts'
import type { Reasoner } from './reasoner.ts'
import type { Lang } from './symbolic/lang.ts'
import { type Glob, literalGlob, STAR } from './symbolic/tokens.ts'

/**
 * A part of all resources whose own policy decides in one way: one that is declared, with what lies in it; a role that is
 * to be assumed; or all the rest, whose own policies aren't known.
 */
export type Region =
  | { readonly type: 'rest' }
  | {
      readonly type: 'resource'
      readonly arn: string
      readonly owner: string
      /** Of a key, actions of KMS need its own policy, and others don't. */
      readonly of: 'resource' | 'key' | 'keyOtherwise'
    }
  | { readonly type: 'trust'; readonly arn: string; readonly owner: string }

export const REST: Region = { type: 'rest' }

/** A declared resource: one region, or two, by what is asked about it. */
export const resourceRegions = (arn: string, owner: string): readonly Region[] =>
  (/^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(arn)
    ? (['key', 'keyOtherwise'] as const)
    : (['resource'] as const)
  ).map((of) => ({ type: 'resource', arn, owner, of }))

export const trustRegion = (arn: string): Region => ({
  type: 'trust',
  arn,
  owner: parseArn(arn)?.account ?? '',
})

/** What a trust policy is asked about. */
export const isAssuming = (action: string): boolean =>
  /^sts:(?:assumerole|tagsession|setsourceidentity)/i.test(action)

/** Where the resources of a region lie. */
export interface RegionSpace {
  readonly inside: readonly Lang[]
  readonly outside: readonly Lang[]
  readonly outsideFor: (action: string) => readonly Lang[]
  readonly withStar: boolean
  /** Resources that are there by name, whatever their types: what is declared. */
  readonly named: () => Lang
  /** Equal spaces have equal ones. */
  readonly key: () => string
}

/** A declared resource, and what lies in it. */
const treeOf = (arn: string): readonly Glob[] => [
  literalGlob(arn),
  [...literalGlob(`${arn}/`), STAR],
  [...literalGlob(`${arn}:`), STAR],
]

export function spaceOf(region: Region, views: readonly EstateView[], reasoner: Reasoner): RegionSpace {
  const { langs } = reasoner.symbols
  const none = () => []
  if (region.type === 'trust')
    return {
      inside: [reasoner.anyResource, langs.of([literalGlob(region.arn)])],
      outside: [],
      outsideFor: none,
      withStar: false,
      named: () => langs.of([]),
      key: () => '',
    }
  const declared = [...new Set(views.flatMap((view) => [...view.estate.resources.keys()]))]
  if (region.type === 'resource') {
    const within = declared.filter(
      (arn) => arn.startsWith(`${region.arn}/`) || arn.startsWith(`${region.arn}:`),
    )
    return {
      inside: [reasoner.anyResource, langs.of(treeOf(region.arn))],
      outside: within.length === 0 ? [] : [langs.of(within.flatMap(treeOf))],
      outsideFor: none,
      withStar: false,
      named: () => langs.of([literalGlob(region.arn)]),
      key: () => within.join(' '),
    }
  }
  let key: string | null = null
  const roles = [
    langs.of(
      [...new Set(views.flatMap((view) => [...view.accounts.keys()]))].map((account) => [
        ...literalGlob(`arn:${reasoner.partition}:iam::${account}:role/`),
        STAR,
      ]),
    ),
  ]
  return {
    inside: [reasoner.anyResource],
    outside: declared.length === 0 ? [] : [langs.of(declared.flatMap(treeOf))],
    outsideFor: (action) => (isAssuming(action) ? roles : []),
    withStar: true,
    named: () => langs.of(views.flatMap(entityArns).map(literalGlob)),
    key: () => {
      key ??= numberOf(JSON.stringify([declared, views.map(entityArns)]))
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

/** Of users, groups, roles and policies. */
const entityArns = ({ accounts }: EstateView): readonly string[] =>
  [...accounts.values()].flatMap(({ users, groups, roles, policies }) =>
    [users, groups, roles, policies].flatMap((entities) => [...entities.values()].map(({ arn }) => arn)),
  )
