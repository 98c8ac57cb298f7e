import type { Coverage, Proof } from '../analysis.ts'

/** Whether several proofs hold together. Each is about something else. */
export function joinedProofs(proofs: readonly Proof[]): Proof {
  const rulings = proofs.flatMap((proof) => proof.rulings ?? [])
  const notes = proofs.flatMap((proof) => proof.notes ?? [])
  const covers = proofs.flatMap((proof) => proof.covers ?? [])
  return {
    holds: proofs.some(({ holds }) => holds === false)
      ? false
      : proofs.every(({ holds }) => holds === true)
        ? true
        : 'unknown',
    violations: proofs.flatMap(({ violations }) => violations),
    unknown: proofs.flatMap(({ unknown }) => unknown),
    ...(rulings.length === 0 ? {} : { rulings }),
    ...(notes.length === 0 ? {} : { notes }),
    ...(covers.length === 0 ? {} : { covers: joinedCoverage(covers) }),
  }
}

const joinedCoverage = (covers: readonly Coverage[]): Coverage => ({
  roles: covers.reduce((sum, { roles }) => sum + roles, 0),
  resources: [...new Set(covers.flatMap(({ resources }) => resources))].sort(),
  ...(covers.some(({ unseen }) => unseen !== undefined) ? { unseen: 'resourcePolicies' as const } : {}),
})
