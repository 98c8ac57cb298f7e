import type { Exploration } from '../../explore.ts'
import type { PlacedStatement } from '../../sides/statement-compiler.ts'

type Symbols = Exploration['reasoner']['symbols']

/** Whether a statement's resources can hold one. */
export const maySpeakOf = ({ symbolic }: PlacedStatement, text: string, symbols: Symbols): boolean =>
  symbolic.resource === null || symbolic.variables.length > 0 || speaksOf(symbolic, text, symbols)

/** Whether a statement's resources hold one. */
export function speaksOf(
  { resource }: PlacedStatement['symbolic'],
  text: string,
  { atoms }: Symbols,
): boolean {
  if (resource === null) return true
  const atom = atoms.at(Math.abs(resource) - 1)
  return atom.on === 'resource' && atom.lang.has(text) === resource > 0
}
