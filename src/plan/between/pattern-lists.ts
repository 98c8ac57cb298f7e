import { matchesPattern } from '../../model/name-pattern.ts'

/** Whether any of some patterns takes a text. */
type Taking = (text: string) => boolean

/** Of fewer patterns each is tried. */
const FEW = 16

const known = new WeakMap<readonly string[], Taking>()

/** Asked of many texts: AWS's own policies have a thousand actions, and a text is held against those of its service alone. */
export function anyTakes(patterns: readonly string[], text: string): boolean {
  if (patterns.length < FEW) return patterns.some((pattern) => matchesPattern(pattern, text))
  let taking = known.get(patterns)
  if (taking === undefined) {
    taking = takingOf(patterns)
    known.set(patterns, taking)
  }
  return taking(text)
}

function takingOf(patterns: readonly string[]): Taking {
  const texts = new Set<string>()
  const byHead = new Map<string, string[]>()
  const headless: string[] = []
  for (const pattern of patterns) {
    const wildcard = pattern.search(/[*?]/)
    const head = headOf(pattern)
    if (wildcard === -1) texts.add(pattern)
    else if (head === null || wildcard < head.length) headless.push(pattern)
    else byHead.set(head, [...(byHead.get(head) ?? []), pattern])
  }
  return (text) => {
    const matches = (pattern: string) => matchesPattern(pattern, text)
    const head = headOf(text)
    return (
      texts.has(text) ||
      headless.some(matches) ||
      (head !== null && (byHead.get(head)?.some(matches) ?? false))
    )
  }
}

/** `s3:`; null: there is none. */
const headOf = (text: string): string | null => {
  const colon = text.indexOf(':')
  return colon === -1 ? null : text.slice(0, colon + 1)
}
