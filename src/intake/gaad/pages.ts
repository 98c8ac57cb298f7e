import { isObject } from '../../policy/parsing.ts'

/** The lists of a page, by what IAM calls them. */
export const GAAD_LISTS = ['UserDetailList', 'GroupDetailList', 'RoleDetailList', 'Policies'] as const

export interface GaadPage {
  readonly page: Readonly<Record<string, unknown>>
  /** Before an address in it: empty where there is one page. */
  readonly at: string
}

/**
 * The pages that JSON values hold: each one is a page, or a list of pages.
 * @returns null: something in there is no page
 */
export function pagesIn(values: readonly unknown[]): readonly GaadPage[] | null {
  const all = values.flatMap((value) => (Array.isArray(value) ? value : [value]))
  const pages = all.flatMap((page, index) =>
    isObject(page) && GAAD_LISTS.some((list) => Array.isArray(page[list]))
      ? [{ page, at: all.length === 1 ? '' : `[${index}].` }]
      : [],
  )
  return pages.length === all.length && pages.length > 0 ? pages : null
}
