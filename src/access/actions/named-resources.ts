import { readPieces } from '../../evaluator/program/pieces.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import type { Lang } from '../symbolic/lang.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import {
  COLON,
  canonical,
  type Glob,
  globOf,
  ONE,
  ONE_IN_SEGMENT,
  STAR,
  STAR_IN_SEGMENT,
} from '../symbolic/tokens.ts'

const narrowed = new WeakMap<
  PlacedStatement['symbolic'],
  { readonly of: Symbols; readonly lang: Lang | null }
>()

/**
 * The resources of a statement with each of the first five parts of an ARN for itself: a star that is one of them stands for
 * no colon here, so that the rest of a name doesn't pass for an object's.
 */
export function namedBy({ symbolic }: PlacedStatement, symbols: Symbols): Lang | null {
  const known = narrowed.get(symbolic)
  if (known?.of === symbols) return known.lang
  const { resource } = symbolic.source
  const globs = resource === null || resource.negated ? null : resource.entries.map(globByParts)
  const lang =
    globs?.every((glob) => glob !== null) === true
      ? symbols.langs.of(globs.filter((glob) => glob !== null))
      : null
  narrowed.set(symbolic, { of: symbols, lang })
  return lang
}

/** null: it has fewer parts, or holds a variable. */
function globByParts(pattern: string): Glob | null {
  const parts = pattern.split(':')
  if (parts.length < 6 || pattern.includes('${')) return null
  const pieces = readPieces(pattern, { wildcards: true, variables: false })
  if (pieces === null) return null
  const glob = globOf(pieces, () => [])
  let colons = 0
  return canonical(
    glob.map((token) => {
      if (token === COLON) colons++
      if (colons >= 5) return token
      return token === STAR ? STAR_IN_SEGMENT : token === ONE ? ONE_IN_SEGMENT : token
    }),
  )
}

const running = new WeakMap<PlacedStatement['symbolic'], boolean>()

/**
 * Whether a star of a statement's resources, or the value of a variable, may run over the first colons of an ARN, so that what is written
 * behind them is matched by the rest of a name: `arn:*:s3:::b/*` matches the object `:s3:::b/y` of a bucket `x`. Where none does, two
 * colons side by side in a name are what it is called.
 */
export function mayRunOverColons({ symbolic }: PlacedStatement): boolean {
  let known = running.get(symbolic)
  if (known === undefined) {
    known = symbolic.source.resource?.entries.some(runsOver) ?? false
    running.set(symbolic, known)
  }
  return known
}

function runsOver(pattern: string): boolean {
  const open = pattern.search(/[*?]|\$\{/)
  return open >= 0 && pattern.slice(0, open).split(':').length <= 5 && pattern.includes('::', open)
}
