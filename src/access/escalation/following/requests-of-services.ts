import type { BoundKeys, RequestFilter } from '../../diff/comparison.ts'
import type { EstateView } from '../../estate-view.ts'
import { COLON, type Glob, literalGlob, STAR, STAR_IN_SEGMENT } from '../../symbolic/tokens.ts'

/**
 * What a service's request for a role that was passed to it can say: a role is passed within its account, so that what the
 * service asks for lies there too, though some ARNs name no account (a bucket's). No service sends an external id.
 * @see IAM User Guide, "The confused deputy problem"; "AWS global condition context keys": aws:SourceAccount, aws:SourceArn,
 * aws:SourceOrgID, aws:SourceOrgPaths
 */
export function requestsOfServices(role: string, view: EstateView): RequestFilter {
  const account = role.split(':')[4] ?? ''
  const organization = view.estate.organization?.id ?? null
  const isMember = view.isMember(account)
  const known = isMember ? view.principalOf(role) : null
  const paths =
    known !== null && 'principal' in known ? contextOf(known.principal.context, PRINCIPAL_PATHS) : null
  const keyFacts: BoundKeys = {
    id: `passed in ${account} ${isMember ? organization : ''} ${paths?.join() ?? ''}`,
    of: (key) => {
      switch (key) {
        case 'aws:sourceaccount':
          return { within: [literalGlob(account)] }
        case 'aws:sourcearn':
          return { within: [sourceArn(literalGlob(account)), sourceArn([])] }
        case 'aws:sourceorgid':
          if (isMember && organization !== null) return { within: [literalGlob(organization)] }
          return organization === null ? null : { without: [literalGlob(organization)] }
        case 'aws:sourceorgpaths':
          return paths === null ? null : { within: paths.map(literalGlob) }
        default:
          return null
      }
    },
  }
  return { context: new Map([['sts:externalid', null]]), keyFacts }
}

const PRINCIPAL_PATHS = 'aws:principalorgpaths'

const contextOf = (
  context: ReadonlyMap<string, readonly string[]>,
  wanted: string,
): readonly string[] | null => [...context].find(([key]) => key.toLowerCase() === wanted)?.[1] ?? null

/** Of something in an account. */
const sourceArn = (account: Glob): Glob => [
  ...literalGlob('arn:'),
  STAR_IN_SEGMENT,
  COLON,
  STAR_IN_SEGMENT,
  COLON,
  STAR_IN_SEGMENT,
  COLON,
  ...account,
  COLON,
  STAR,
]
