import {
  type AccountState,
  type AnyDesiredEntity,
  type EntityKind,
  keysOf,
  tableOf,
} from '../../model/index.ts'
import { replacedBetween } from '../../model/replaced-entries.ts'
import type { Fate } from '../plan-input.ts'
import { desiredOf, type Planning } from '../planning.ts'

type ByKind<T> = Readonly<Record<EntityKind, T>>

interface Checked {
  readonly desired: ByKind<ReadonlyMap<string, AnyDesiredEntity>>
  readonly fates: ReadonlyMap<string, Fate>
  readonly arns: ReadonlySet<string>
  /** By kind, names of those who are to be checked again, whatever else is. */
  readonly again: ByKind<Set<string>>
}

interface ToCheck {
  /** The ARNs of all that is declared. */
  readonly arns: ReadonlySet<string>
  readonly of: ByKind<readonly AnyDesiredEntity[]>
  /** To be told of each whose references may lead nowhere the next time, though nothing changes that is looked at here. */
  readonly again: ByKind<Set<string>>
}

/** What was checked against an observed state, which isn't modified: a watcher plans against it again and again. */
const checked = new WeakMap<AccountState, Checked>()

/**
 * Whose references are to be checked: everybody's, unless all is declared and stays that was when they were checked last. Then
 * those of who was declared anew since.
 */
export function referencesToCheck({ kinds, desired, observed, fates }: Planning): ToCheck {
  const last = checked.get(observed)
  const now = tableOf(keysOf(kinds), (kind) => desiredOf(desired, kind))
  const replaced = last === undefined || !sameFates(last.fates, fates) ? null : replacedSince(last, now)
  const again = tableOf(keysOf(kinds), () => new Set<string>())
  const arns =
    last === undefined || replaced === null
      ? new Set(keysOf(kinds).flatMap((kind) => [...now[kind].values()].map(({ arn }) => arn)))
      : last.arns
  checked.set(observed, { desired: now, fates, arns, again })
  return {
    arns,
    again,
    of: tableOf(keysOf(kinds), (kind) =>
      last === undefined || replaced === null
        ? [...now[kind].values()]
        : [...new Set([...replaced[kind], ...last.again[kind]])].flatMap((name) => now[kind].get(name) ?? []),
    ),
  }
}

/** By kind, the names of who was declared anew; null: other names are declared, or stand for another ARN. */
function replacedSince(
  { desired }: Checked,
  now: ByKind<ReadonlyMap<string, AnyDesiredEntity>>,
): ByKind<readonly string[]> | null {
  let isSame = true
  const replaced = tableOf(keysOf(now), (kind) => {
    const names = replacedBetween(desired[kind], now[kind])
    isSame &&= names?.every((name) => desired[kind].get(name)?.arn === now[kind].get(name)?.arn) === true
    return names ?? []
  })
  return isSame ? replaced : null
}

const sameFates = (a: ReadonlyMap<string, Fate>, b: ReadonlyMap<string, Fate>): boolean =>
  a.size === b.size && [...a].every(([arn, fate]) => b.get(arn) === fate)
