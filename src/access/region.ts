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
  | { readonly type: 'resource'; readonly arn: string; readonly owner: string; readonly isKey: boolean }
  | { readonly type: 'trust'; readonly arn: string; readonly owner: string }

export const REST: Region = { type: 'rest' }

export const resourceRegion = (arn: string, owner: string): Region => ({
  type: 'resource',
  arn,
  owner,
  isKey: /^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(arn),
})

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
    }
  }
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
  }
}
