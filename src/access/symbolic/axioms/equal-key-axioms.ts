import type { KeyAtom, Literal } from '../atom.ts'
import { absentLiteral } from '../compile-condition.ts'
import { variableMarker } from '../compile-text.ts'
import type { Symbols } from '../symbols.ts'
import { isMarker } from '../tokens.ts'

type Axioms = readonly (readonly Literal[])[]

/**
 * Where a key is to equal another one, named by a variable, both are one text: each test of the first comes out as the same test
 * of the second would. Without this every text is a guess that the next may better.
 */
export function equalKeyAxioms(byKey: ReadonlyMap<string, readonly KeyAtom[]>, symbols: Symbols): Axioms {
  return [...byKey.values()].flatMap(
    (atoms): Axioms =>
      atoms.flatMap((atom): Axioms => {
        const variable = variableEqual(atom, symbols)
        if (variable === null) return []
        const isElse = [-(atom.id + 1), ...(atom.whenAbsent ? [absentLiteral(atom.spelling, symbols)] : [])]
        return atoms.flatMap((other): Axioms => {
          const { id, on: _on, ...test } = other
          const isText = other.predicate === null || other.predicate.kind === 'text'
          if (!isText || other.variables.length > 0) return []
          const same = symbols.atoms.keyAtom({ ...test, key: variable.toLowerCase(), spelling: variable }) + 1
          return [
            [...isElse, -(id + 1), same],
            [...isElse, id + 1, -same],
          ]
        })
      }),
  )
}

/** The name of the variable whose value a test asks for and nothing else; null: it asks for something else. */
function variableEqual({ predicate, several }: KeyAtom, symbols: Symbols): string | null {
  // Several values would not be the one.
  if (several !== 'never' || predicate?.kind !== 'text') return null
  const [glob, ...others] = predicate.lang.globs
  const [token, ...rest] = glob ?? []
  if (others.length > 0 || token === undefined || rest.length > 0 || !isMarker(token)) return null
  const [piece] = symbols.piecesOf(token)
  if (piece?.kind !== 'variable' || piece.fallback !== null) return null
  // Not in another case, nor as a pattern of ARNs.
  return token === variableMarker(piece, symbols) ? piece.name : null
}
