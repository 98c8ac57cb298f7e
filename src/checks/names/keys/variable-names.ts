import type { KnownNames } from '../../../catalog/known-names.ts'
import { splitVariables } from '../../../policy/variables.ts'
import type { NameProblem } from '../name-problem.ts'
import { keyProblem } from './key-names.ts'

/**
 * The first variable of a text whose key nothing is known by: without a value, what holds it matches nothing. One without a
 * colon is told by whoever reads the document.
 */
export function variableProblem(text: string, known: KnownNames): NameProblem | null {
  const bare = bareVariable(text, known)
  if (bare !== null) return bare
  if (!text.includes('${')) return null
  for (const part of splitVariables(text).parts ?? []) {
    const problem = part.kind === 'variable' ? keyProblem(part.name, known) : null
    if (problem !== null) return problem
  }
  return null
}

/** A key in braces, or in others, that only lacks its `$`: AWS takes it for a text. */
function bareVariable(text: string, known: KnownNames): NameProblem | null {
  const [written = '', name = '', inParentheses = ''] =
    /(?<!\$)\{([A-Za-z0-9.-]+:[^{}]+)\}|\$\(([A-Za-z0-9.-]+:[^()]+)\)/.exec(text) ?? []
  const key = (name || inParentheses).replace(/,.*$/s, '').trim()
  if (key === '' || !(known.hasKey(key) || key.toLowerCase().startsWith('aws:'))) return null
  return {
    code: 'names.missing-dollar',
    message: `\`${written}\` is no variable, and nothing stands for it`,
    help: `write it as \`\${${name || inParentheses}}\``,
  }
}
