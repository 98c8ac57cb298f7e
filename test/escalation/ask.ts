import { beforeAll } from 'vitest'
import type { AccessDiff, Escalation } from '../../src/access/access-diff.ts'
import { type AccessAnalyzer, createAccessAnalyzer } from '../../src/access/analyzer.ts'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import type { Estate, PolicyDocument } from '../../src/model/index.ts'
import { NOW } from '../access/diff/estate-diffs.ts'
import { placed } from '../evaluator/estate-world.ts'
import { arnOf, estateOf, HOME, type Parts } from './estates.ts'

/** Whether an account has nobody but whom an estate has (a target, an export), or may have others (YAML alone). */
export type Inventory = 'complete' | 'declared'

interface Asked {
  /** What somebody may become after a change, and couldn't before. */
  gained(before: Parts, after: Parts, inventory?: Inventory): readonly Escalation[]
  /** What there is to become in an account, for everybody or for one entity. */
  existing(parts: Parts, from?: string, inventory?: Inventory): readonly Escalation[]
  /** The same of any estate, whose accounts are known in whole. */
  ofEstate(estate: Estate): readonly Escalation[]
  /** Whether anybody may do something, by the proof of what is public. */
  isPublic(estate: Estate): boolean
  /** What everybody of two accounts may become after a change, and couldn't before; and of whom that isn't known. */
  ofChange(before: Estate, after: Estate): Pick<AccessDiff, 'escalations' | 'unknownEscalations'>[]
  /** The whole difference. */
  diff(before: Parts, after: Parts, inventory?: Inventory): AccessDiff
  /** What whoever holds a policy may become that can't with another one. */
  ofPolicies(before: PolicyDocument, after: PolicyDocument): readonly Escalation[]
}

/** An analysis for the tests of one file. */
export function askForTests(): () => Asked {
  let analyzer: AccessAnalyzer | null = null
  beforeAll(async () => {
    const managed = await loadManagedPolicies()
    analyzer = await createAccessAnalyzer({ documentOf: (arn) => managed.document(arn), now: NOW })
  })
  return () => {
    if (analyzer === null) throw new Error('asked before the tests began')
    const opened = analyzer
    const diff = (before: Parts, after: Parts, inventory: Inventory = 'complete') => {
      const states = [before, after].map((parts) => known(estateOf(parts), inventory)) as [Estate, Estate]
      const found = opened.diffEstates(...states, [HOME]).get(HOME)
      if (found === undefined) throw new Error('no diff of the account')
      return found
    }
    return {
      diff,
      gained: (...asked) => diff(...asked).escalations,
      ofEstate: (estate) => {
        const ids = estate.accounts.map(({ account }) => account.id)
        return opened.escalations({ ...estate, inventories: new Set(ids) }, ids).escalations
      },
      isPublic: (estate) => opened.noPublicAccess(estate, [HOME]).holds !== true,
      ofChange: (before, after) =>
        [
          ...opened
            .diffEstates(
              before,
              after,
              after.accounts.map(({ account }) => account.id),
            )
            .values(),
        ].map(({ escalations, unknownEscalations = [] }) => ({ escalations, unknownEscalations })),
      existing: (parts, from, inventory = 'complete') =>
        opened.escalations(known(estateOf(parts), inventory), [HOME], from === undefined ? null : arnOf(from))
          .escalations,
      ofPolicies: (before, after) => opened.diffPolicies(placed(before), placed(after)).escalations,
    }
  }
}

const known = (estate: Estate, inventory: Inventory): Estate => ({
  ...estate,
  inventories: new Set(inventory === 'complete' ? [HOME] : []),
})

/** Whether it says that somebody reaches one of these. */
export const reaches = ({ target, targets }: Escalation, entities: readonly string[]): boolean =>
  entities.map(arnOf).some((arn) => target === arn || targets.includes(arn))

/** Whether one of these actions is taken on the way. */
export const isBy = ({ path, likewise = [] }: Escalation, actions: readonly string[]): boolean =>
  likewise.some((way) => actions.includes(way)) ||
  path.some(({ witness, besides }) => [witness, ...besides].some(({ action }) => actions.includes(action)))

/** Lines for a failing test: what was found. */
export const told = (escalations: readonly Escalation[]): readonly string[] =>
  escalations.map(
    ({ rule, principals, why, actions }) =>
      `${principals.map((each) => each.split(':').at(-1)).join(' ')}: ${rule}: ${why} (${actions.slice(0, 3).join()})`,
  )
