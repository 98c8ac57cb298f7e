/** @see IAM API Reference: the most that MaxItems takes */
const MOST_ITEMS = 1000

interface PageInput {
  readonly MaxItems: number
  readonly Marker?: string
}

interface PageEnd {
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

/** Asks for page after page until the last. AWS may return fewer items than asked for, and still have more. */
export async function readPages<Page extends PageEnd>(
  read: (input: PageInput) => Promise<Page>,
): Promise<readonly Page[]> {
  const pages: Page[] = []
  let input: PageInput = { MaxItems: MOST_ITEMS }
  for (;;) {
    const page = await read(input)
    pages.push(page)
    if (page.IsTruncated !== true || page.Marker === undefined) return pages
    input = { MaxItems: MOST_ITEMS, Marker: page.Marker }
  }
}
