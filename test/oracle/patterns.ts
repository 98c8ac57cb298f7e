// How the oracle reads patterns: one token for each character, then a regular expression. Slow and plain.

/** Context of a request: keys in lower case. */
export type Context = ReadonlyMap<string, readonly string[]>

/** A character, a `*` or a `?`. `own`: it stands in the pattern itself, not in a variable's value. */
export interface Token {
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

const quoted = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')

const whole = (source: string): RegExp => new RegExp(`^(?:${source})$`, 'su')

/** Wildcards that match anything. */
export const globOf = (tokens: readonly Token[]): RegExp =>
  whole(
    tokens
      .map(({ is, character }) => (is === 'star' ? '.*' : is === 'one' ? '.' : quoted(character)))
      .join(''),
  )

/** Wildcards of the first five segments stay in them, but a star that ends its segment (with `crossing`). */
export function arnGlobOf(
  tokens: readonly Token[],
  { crossing, variablesCount }: { readonly crossing: boolean; readonly variablesCount: boolean },
): RegExp {
  let colons = 0
  let source = ''
  for (const [index, { is, character, own }] of tokens.entries()) {
    const inSegment = colons < 5
    if (is === 'star') {
      let after = index
      while (tokens[after]?.is === 'star') after++
      const next = tokens[after]
      const ends = next === undefined || (next.is === 'character' && next.character === ':' && next.own)
      source += inSegment && !(crossing && ends) ? '[^:]*' : '.*'
    } else if (is === 'one') source += inSegment ? '[^:]' : '.'
    else {
      source += quoted(character)
      if (character === ':' && (own || variablesCount)) colons++
    }
  }
  return whole(source)
}

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
  const crossing = arnGlobOf(tokens, { crossing: true, variablesCount: false }).test(resource)
  if (!entry.startsWith('arn:') || colonsOf(tokens, false) >= 5) return crossing
  const hasWildcard = tokens.some(({ is }) => is !== 'character')
  if (use === 'resource' && !hasWildcard) return false
  if (use === 'scp') return crossing
  const segmentwise = arnGlobOf(tokens, { crossing: false, variablesCount: false })
  const completed = new RegExp(`^(?:${segmentwise.source.slice(1, -1)}):.*$`, 'su')
  return crossing || completed.test(resource)
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
