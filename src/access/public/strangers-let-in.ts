import type { AccessEntry } from '../access-entry.ts'
import type { Proof } from '../analysis.ts'
import { isDeciding } from '../diff/diff-of.ts'
import type { Exploration } from '../explore.ts'
import { isStranger } from './no-public-access.ts'
import { boundsWhereAsked, proveOutsiders } from './prove-outsiders.ts'
import { strangerKeys } from './stranger-keys.ts'
import { mentionsOf, surroundingsOf } from './surroundings.ts'

/** Whom a policy lets in who is a stranger, by the proof. */
export type StrangersLetIn = (entry: AccessEntry) => readonly string[]

/**
 * Which of those whom an entry lets in stand for anybody: the same question that \`proveNoPublicAccess\` asks, of single entries.
 * What isn't known of them counts as open. Answers are remembered by policy.
 */
export function strangersLetIn(exploration: Exploration): StrangersLetIn {
  const { view, reasoner, decider } = exploration
  const surroundings = surroundingsOf(view, reasoner.partition, decider.now)
  const known = new Map<string, Proof>()
  const proofOn = (policy: string): Proof => {
    let proof = known.get(policy)
    if (proof === undefined) {
      proof = proveOutsiders(exploration, {
        isConcerned: () => true,
        isMeant: (principal, region) =>
          isStranger(principal) && region.type !== 'rest' && region.arn === policy,
        boundsBy: boundsWhereAsked((each) => strangerKeys(mentionsOf(each, view), surroundings)),
      })
      known.set(policy, proof)
    }
    return proof
  }
  return (entry) => {
    const strangers = entry.principals.filter((label) => isStranger({ label }))
    if (strangers.length === 0) return []
    const { violations, unknown } = proofOn(entry.policy)
    const open = new Set(
      [...violations.filter(isDeciding), ...unknown]
        .filter((each) => placeOf(each) === placeOf(entry))
        .flatMap(({ principals }) => principals),
    )
    return strangers.filter((label) => open.has(label))
  }
}

const placeOf = ({ policy, sid, source }: Pick<AccessEntry, 'policy' | 'sid' | 'source'>): string =>
  JSON.stringify([policy, sid, source])
