// How the oracle reads patterns: one token for each character, slow and plain.

/** Context of a request: keys in lower case. */
export type Context = ReadonlyMap<string, readonly string[]>

/** A character, a `*` or a `?`. `own`: it stands in the pattern itself, not in a variable's value. */
interface Token {
  readonly is: 'character' | 'star' | 'one'
  readonly character: string
  readonly own: boolean
}

/** null: a variable has no value, so nothing is matched. */
export function tokensOf(text: string, version: string, context: Context): readonly Token[] | null {
  const tokens: Token[] = []
  let rest = text
  while (rest !== '') {
    const variable = version === '2012-10-17' ? /^\$\{([^}']*?)(?:,\s*'([^']*)'\s*)?\}/.exec(rest) : null
    if (variable !== null) {
      rest = rest.slice(variable[0].length)
      const name = (variable[1] ?? '').trim()
      let value: string | undefined
      if (name === '*' || name === '?' || name === '$') value = name
      else {
        const values = context.get(name.toLowerCase()) ?? []
        if (values.length > 1) return null
        value = values[0] ?? variable[2]
      }
      if (value === undefined) return null
      for (const character of value) tokens.push({ is: 'character', character, own: false })
      continue
    }
    const character = String.fromCodePoint(rest.codePointAt(0) ?? 0)
    rest = rest.slice(character.length)
    tokens.push({
      is: character === '*' ? 'star' : character === '?' ? 'one' : 'character',
      character,
      own: true,
    })
  }
  return tokens
}

/** A character, a wildcard, or a wildcard that stays within its segment. */
type Step = { readonly is: Token['is']; readonly character: string; readonly inSegment: boolean }

/**
 * Whether steps match a whole text: the set of places in the text that each step can lead to. (A regular expression
 * would read better, but takes forever on `*a*a*a*b`.)
 */
function matchSteps(steps: readonly Step[], text: string): boolean {
  if (steps.every(({ is }) => is === 'character'))
    return steps.map(({ character }) => character).join('') === text
  const letters = [...text]
  let places = new Set([0])
  for (const { is, character, inSegment } of steps) {
    const next = new Set<number>()
    const passes = (letter: string | undefined): boolean =>
      letter !== undefined && !(inSegment && letter === ':')
    for (const place of places) {
      if (is === 'star') {
        for (let at = place; !next.has(at); at++) {
          next.add(at)
          if (!passes(letters[at])) break
        }
      } else if (is === 'one' ? passes(letters[place]) : letters[place] === character) next.add(place + 1)
    }
    places = next
  }
  return places.has(letters.length)
}

/** Wildcards that match anything. */
export const globMatches = (tokens: readonly Token[], text: string): boolean =>
  matchSteps(
    tokens.map((token) => ({ ...token, inSegment: false })),
    text,
  )

interface ArnReading {
  /** Whether a star that ends its segment matches past the colon. */
  readonly crossing: boolean
  /** Whether colons in the values of variables separate segments too. */
  readonly variablesCount: boolean
}

/** Wildcards of the first five segments stay in them, but a star that ends its segment (with `crossing`). */
function arnSteps(tokens: readonly Token[], { crossing, variablesCount }: ArnReading): readonly Step[] {
  let colons = 0
  return tokens.map(({ is, character, own }, index) => {
    const inFirstFive = colons < 5
    if (is === 'character') {
      if (character === ':' && (own || variablesCount)) colons++
      return { is, character, inSegment: false }
    }
    let after = index
    while (tokens[after]?.is === 'star') after++
    const next = tokens[after]
    const ends = next === undefined || (next.is === 'character' && next.character === ':' && next.own)
    return { is, character, inSegment: inFirstFive && !(is === 'star' && crossing && ends) }
  })
}

export const arnGlobMatches = (tokens: readonly Token[], reading: ArnReading, text: string): boolean =>
  matchSteps(arnSteps(tokens, reading), text)

export const colonsOf = (tokens: readonly Token[], variablesCount: boolean): number =>
  tokens.filter(
    ({ is, character, own }) => is === 'character' && character === ':' && (own || variablesCount),
  ).length

export type Use = 'identity' | 'resource' | 'scp' | 'rcp'

/** Whether a Resource entry matches a resource that is an ARN. */
export function resourceEntryMatches(
  entry: string,
  resource: string,
  version: string,
  context: Context,
  use: Use,
): boolean {
  const tokens = tokensOf(entry, version, context)
  if (tokens === null) return false
  const crossing = arnGlobMatches(tokens, { crossing: true, variablesCount: false }, resource)
  if (!entry.startsWith('arn:') || colonsOf(tokens, false) >= 5) return crossing
  const hasWildcard = tokens.some(({ is }) => is !== 'character')
  if (use === 'resource' && !hasWildcard) return false
  if (use === 'scp') return crossing
  const completed = [
    ...arnSteps(tokens, { crossing: false, variablesCount: false }),
    { is: 'character', character: ':', inSegment: false } as const,
    { is: 'star', character: '*', inSegment: false } as const,
  ]
  return crossing || matchSteps(completed, resource)
}

/** What `s3:ListAllMyBuckets` on `*` is also about: only a star matches both an empty name and an odd one. */
export const allBuckets = (partition: string): readonly string[] => [
  `arn:${partition}:s3:::`,
  `arn:${partition}:s3:::~`,
]

export function actionMatches(pattern: string, action: string): boolean {
  if (pattern === '*' || pattern === '*:*') return true
  const source = pattern
    .toLowerCase()
    .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`).test(action.toLowerCase())
}
