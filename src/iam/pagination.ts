import { readInteger, readText } from './input.ts'
import { refused } from './refusals.ts'

/** @see IAM API Reference: MaxItems of every listing */
const DEFAULT_MAX_ITEMS = 100
const MOST_ITEMS = 1000

interface PagedInput {
  readonly MaxItems?: number | undefined
  readonly Marker?: string | undefined
}

interface PageInput {
  readonly limit: number
  /** What the last page's marker says to go on after; null: from the start. */
  readonly after: string | null
}

export function readPage(input: PagedInput): PageInput {
  return {
    limit:
      input.MaxItems === undefined
        ? DEFAULT_MAX_ITEMS
        : readInteger('maxItems', input.MaxItems, { least: 1, most: MOST_ITEMS }),
    after: input.Marker === undefined ? null : positionOf(input.Marker),
  }
}

/** Markers are opaque to callers; ours hold a position in the listing (names are ASCII), in base64. */
export const markerOf = (position: string): string => btoa(position)

function positionOf(marker: unknown): string {
  const text = readText('marker', marker, { least: 1, most: 320 })
  try {
    return atob(text)
  } catch {
    throw refused('ValidationError', `Invalid Marker: ${text}`)
  }
}

/** How a listing says whether there is more. */
type PageEnd = { readonly IsTruncated: false } | { readonly IsTruncated: true; readonly Marker: string }

/**
 * Cuts one page from rows that were asked for with `limit + 1`.
 * @param positionOfRow what the next page goes on after
 */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  positionOfRow: (row: Row) => string,
): { readonly page: readonly Row[]; readonly end: PageEnd } {
  const last = rows[limit - 1]
  if (rows.length <= limit || last === undefined) return { page: rows, end: { IsTruncated: false } }
  return { page: rows.slice(0, limit), end: { IsTruncated: true, Marker: markerOf(positionOfRow(last)) } }
}

/** Cuts one page from a whole list, which is short; the position is the count of rows that went before. */
export function pageOf<Row>(
  rows: readonly Row[],
  { limit, after }: PageInput,
): { readonly page: readonly Row[]; readonly end: PageEnd } {
  const start = after === null ? 0 : Number(after)
  if (!Number.isInteger(start) || start < 0) throw refused('ValidationError', 'Invalid Marker')
  const next = start + limit
  const page = rows.slice(start, next)
  return next < rows.length
    ? { page, end: { IsTruncated: true, Marker: markerOf(String(next)) } }
    : { page, end: { IsTruncated: false } }
}
