import type { AccessEntry } from '../../src/access/access-entry.ts'
import { whoIs } from './describe.ts'

/** How a request of an entry came out. */
export type Verdict = 'fine' | 'denied' | 'undecided' | 'allowed before'

/** What a wrong entry is like. */
export function allowedWords(label: string, verdicts: readonly Verdict[], entry: AccessEntry): string {
  const keys = [...new Set(Object.values(entry.conditions).flatMap((block) => Object.keys(block)))].sort()
  const where = entry.policy.startsWith('inline:')
    ? 'inline'
    : entry.policy.startsWith('arn:')
      ? (entry.policy.split(':')[2] ?? '')
      : ''
  return `${whoIs(label)} is ${[...new Set(verdicts)].sort().join('/')}${entry.isPotential ? ' (potential)' : ''}${entry.tier === 'typed' ? '' : ` (${entry.tier})`}, ${entry.kind} by ${where}${keys.length > 0 ? ` on ${keys.join('+')}` : ''}`
}
