/** What is known of the requests that are looked at, by key in lower case; null: absent. */
export type Given = ReadonlyMap<string, readonly string[] | null>

/** Equal ones know the same. */
export const givenKey = (given: Given): string => (given.size === 0 ? '' : JSON.stringify([...given]))

export const NOTHING: Given = new Map()
