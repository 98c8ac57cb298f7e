import type { Literal } from '../atom.ts'
import type { Lang } from '../lang.ts'
import type { Symbols } from '../symbols.ts'
import { COLON, canonical, type Glob, literalGlob, STAR, STAR_IN_SEGMENT } from '../tokens.ts'

/** That the resource is of a language. */
export const resourceLiteral = (lang: Lang, symbols: Symbols): Literal =>
  symbols.atoms.textAtom({ on: 'resource', lang, upper: lang, lower: lang, variables: [] }) + 1

/** ARNs with something in one of the segments before the last. */
export function arnWith(segment: number, glob: Glob): Glob {
  const tokens: number[] = [...literalGlob('arn')]
  for (let index = 1; index < 5; index++)
    tokens.push(COLON, ...(index === segment ? glob : [STAR_IN_SEGMENT]))
  return canonical([...tokens, COLON, STAR])
}
