import { type Diagnostic, errorOf, type LocatedEntry, nearest } from '../../diagnostics/index.ts'
import { shorten } from '../../yaml/shorten.ts'

/** Keys that stand beside an empty one, and were meant to stand under it. */
export interface NotIndented {
  /** The empty one. */
  readonly owner: LocatedEntry
  readonly keys: readonly LocatedEntry[]
}

/**
 * Finds what lost its indentation: keys that are not known here, after one that is and that has no value.
 * A key that is nearly a known one is mistyped instead.
 * @param known the keys that may stand here
 * @param others keys that are known to stand elsewhere
 */
export function notIndented(
  entries: readonly LocatedEntry[],
  known: readonly string[],
  others: readonly string[] = [],
): readonly NotIndented[] {
  const found: { readonly owner: LocatedEntry; readonly keys: LocatedEntry[] }[] = []
  let owner: LocatedEntry | null = null
  for (const entry of entries) {
    if (known.includes(entry.key)) {
      owner = hasNoValue(entry) ? entry : null
      continue
    }
    if (owner === null || others.includes(entry.key) || nearest(entry.key, known) !== null) continue
    const last = found.at(-1)
    if (last?.owner === owner) last.keys.push(entry)
    else found.push({ owner, keys: [entry] })
  }
  return found
}

/** `key:` and nothing after it: `null` and `~` were written by somebody. */
export const hasNoValue = ({ value, keySpan }: LocatedEntry): boolean =>
  value.kind === 'scalar' && value.value === null && value.start === value.end && value.start >= keySpan.end

export function notIndentedError({ owner, keys }: NotIndented): Diagnostic {
  const [first, second] = keys
  const names = keys.slice(0, 3).map(({ key }) => `\`${shorten(key)}\``)
  const more = keys.length - names.length
  const listed =
    more > 0
      ? `${names.join(', ')} and ${more} more stand`
      : second === undefined
        ? `${names.join('')} stands`
        : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} stand`
  return errorOf({
    code: 'manifest.not-indented',
    message: `\`${shorten(owner.key)}\` is empty: ${listed} beside it, not under it`,
    help: `indent what belongs to \`${shorten(owner.key)}\` by two spaces`,
    span: first?.keySpan ?? owner.keySpan,
    related: [{ message: 'the empty one', span: owner.keySpan }],
  })
}
