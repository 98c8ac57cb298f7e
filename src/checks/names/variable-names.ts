import type { KnownNames } from '../../catalog/known-names.ts'
import { splitVariables } from '../../policy/variables.ts'
import { keyProblem } from './key-names.ts'
import type { NameProblem } from './name-problem.ts'

/**
 * The first variable of a text whose key nothing is known by: without a value, what holds it matches nothing. One without a
 * colon is told by whoever reads the document.
 */
export function variableProblem(text: string, known: KnownNames): NameProblem | null {
  if (!text.includes('${')) return null
  for (const part of splitVariables(text).parts ?? []) {
    const problem = part.kind === 'variable' ? keyProblem(part.name, known) : null
    if (problem !== null) return problem
  }
  return null
}
