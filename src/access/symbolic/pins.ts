/** What is known of context keys before any request is made: by who asks. */
export interface Pins {
  /** @param key in lower case. @returns null: it is known to be absent; undefined: it may be anything */
  valueOf(key: string): readonly string[] | null | undefined
}

/** Some more keys known. */
export const pinnedTo = (pins: Pins, more: ReadonlyMap<string, readonly string[] | null>): Pins => ({
  valueOf: (key) => (more.has(key) ? more.get(key) : pins.valueOf(key)),
})

export const NOTHING_PINNED: Pins = { valueOf: () => undefined }
