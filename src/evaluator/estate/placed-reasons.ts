import type { Reason } from '../decision.ts'
import type { IdentifiedPolicy } from '../layers.ts'
import type { Question } from '../question.ts'
import type { KnownWorld } from './estate-principals.ts'
import type { PlacedReason } from './estate-question.ts'

/** Finds the document that a reason stands in. */
export function placedIn({ layers }: Question, { documents }: KnownWorld): (reason: Reason) => PlacedReason {
  const policies = Object.values(layers).flat(2).filter(isIdentified)
  return (reason) => {
    const found = policies.find(
      ({ id, policy }) =>
        id === reason.policy &&
        (reason.statement === null || policy.statements.some(({ index }) => index === reason.statement)),
    )
    return { ...reason, document: found === undefined ? null : documents.documentOf(found.policy) }
  }
}

const isIdentified = (value: unknown): value is IdentifiedPolicy =>
  typeof value === 'object' && value !== null && 'id' in value && 'policy' in value
