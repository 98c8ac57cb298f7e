import type * as sdk from '@aws-sdk/client-iam'
import type { Reading } from './context.ts'
import type { Details, DetailsSection } from './details.ts'
import { markerOf, readPage } from './pagination.ts'
import { refused, validationError } from './refusals.ts'

/**
 * Everything about an account's identities and policies, page by page; `MaxItems` counts entities of all kinds.
 * @param all the parts of the answer, in the order in which pages go through them
 * @param completions what kinds say of entities of others, once a page has all that it is to have
 */
export async function getAccountAuthorizationDetails<E, S>(
  all: readonly DetailsSection<E, S>[],
  completions: readonly ((reading: Reading<E, S>, details: Details) => Promise<void>)[],
  reading: Reading<E, S>,
  input: sdk.GetAccountAuthorizationDetailsRequest,
): Promise<sdk.GetAccountAuthorizationDetailsResponse> {
  const page = await pageOfDetails(all, reading, input)
  for (const complete of completions) await complete(reading, page)
  return page
}

type PageOfDetails = Details & Pick<sdk.GetAccountAuthorizationDetailsResponse, 'IsTruncated' | 'Marker'>

async function pageOfDetails<E, S>(
  all: readonly DetailsSection<E, S>[],
  reading: Reading<E, S>,
  input: sdk.GetAccountAuthorizationDetailsRequest,
): Promise<PageOfDetails> {
  const { limit, after } = readPage(input)
  const names = all.map(({ name }) => name)
  const wanted = readFilter(names, input.Filter)
  const start = after === null ? null : readPosition(names, after)
  const details: Details = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] }
  let room = limit
  for (const [index, section] of all.entries()) {
    if (!wanted.includes(section.name) || (start !== null && index < start.index)) continue
    const from = start?.index === index ? start.name : null
    const { count, last, more } = await section.read(reading, from, room, details)
    room -= count
    if (more)
      return { ...details, IsTruncated: true, Marker: markerOf(`${section.name} ${last ?? from ?? ''}`) }
  }
  return { ...details, IsTruncated: false }
}

function readFilter(names: readonly string[], filter: readonly string[] | undefined): readonly string[] {
  if (filter === undefined || filter.length === 0) return names
  for (const [index, entry] of filter.entries())
    if (!names.includes(entry))
      throw validationError(
        `filter.${index + 1}.member`,
        entry,
        `Member must satisfy enum value set: [${names.join(', ')}]`,
      )
  return filter
}

function readPosition(
  names: readonly string[],
  text: string,
): { readonly index: number; readonly name: string | null } {
  const [section = '', name = ''] = text.split(' ')
  const index = names.indexOf(section)
  if (index < 0) throw refused('ValidationError', 'Invalid Marker')
  return { index, name: name === '' ? null : name }
}
