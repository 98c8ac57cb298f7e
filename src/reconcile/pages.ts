/** @see IAM API Reference: the most that MaxItems takes */
const MOST_ITEMS = 1000

export interface PageInput {
  readonly MaxItems: number
  readonly Marker?: string
}

export interface PageEnd {
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

/**
 * Asks for page after page until the last. AWS may return fewer items than asked for, and still have more.
 * @param take is given each page as it comes: one of a thousand users is a megabyte, which need not outlive it
 */
export async function eachPage<Page extends PageEnd>(
  read: (input: PageInput) => Promise<Page>,
  take: (page: Page) => void,
): Promise<void> {
  let input: PageInput = { MaxItems: MOST_ITEMS }
  for (;;) {
    const page = await read(input)
    take(page)
    if (page.IsTruncated !== true || page.Marker === undefined) return
    input = { MaxItems: MOST_ITEMS, Marker: page.Marker }
  }
}

/** All pages together, where there are few. */
export async function readPages<Page extends PageEnd>(
  read: (input: PageInput) => Promise<Page>,
): Promise<readonly Page[]> {
  const pages: Page[] = []
  await eachPage(read, (page) => {
    pages.push(page)
  })
  return pages
}
