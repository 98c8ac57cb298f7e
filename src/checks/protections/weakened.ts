import { weakenedChecks } from './weakened-checks.ts'
import { weakenedLimits } from './weakened-limits.ts'
import type { ProtectedProject, WeakenedProtection } from './weakened-protection.ts'

/**
 * What protected a project and no longer does. What is written otherwise, split, renamed or made stronger still protects; what can't be
 * told to do so is said. Accounts that only one of the two states has are no matter here.
 * @returns invariants, tests, then guard and scope; what several accounts have in common once
 */
export function weakenedProtections(
  before: ProtectedProject,
  now: ProtectedProject,
): readonly WeakenedProtection[] {
  const found = now.accounts.flatMap(({ name, account, desired }) => {
    const earlier = before.accounts.find(
      (each) => each.account.id === account.id && each.account.partition === account.partition,
    )?.desired
    return desired === null || earlier == null
      ? []
      : weakenedChecks(earlier, desired).map((each) => ({ ...each, accounts: [{ id: account.id, name }] }))
  })
  const merged = new Map<string, WeakenedProtection>()
  for (const each of found) {
    const { kind, name, change, details } = each
    const key = JSON.stringify([kind, name, change, details])
    const known = merged.get(key)
    merged.set(
      key,
      known === undefined ? each : { ...known, accounts: [...known.accounts, ...each.accounts] },
    )
  }
  const of = (wanted: WeakenedProtection['kind']) =>
    [...merged.values()].filter(({ kind }) => kind === wanted)
  return [...of('invariant'), ...of('test'), ...weakenedLimits(before, now)]
}
