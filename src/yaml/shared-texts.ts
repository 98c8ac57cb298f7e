/** Longer ones are rarely equal, and are slices of the file's text already. */
const LONGEST = 64

/**
 * Makes equal texts one string: in a file of manifests most keys and many values stand there hundreds of times, and each
 * would be a string of its own. Of one file, so that it goes with it.
 */
export class SharedTexts {
  readonly #known = new Map<string, string>()

  of(text: string): string {
    if (text.length > LONGEST) return text
    const known = this.#known.get(text)
    if (known !== undefined) return known
    this.#known.set(text, text)
    return text
  }
}
