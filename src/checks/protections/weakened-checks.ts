import { listDetail, valueDetail } from '../../kinds/attributes/details.ts'
import type { DesiredState, Invariant, PolicyTest } from '../../manifest/desired.ts'
import type { Detail } from '../../model/detail.ts'
import { invariantStillHolds, testStillHolds } from './still-checked.ts'
import type { WeakenedProtection } from './weakened-protection.ts'

type WeakenedCheck = Omit<WeakenedProtection, 'accounts'>
type Declared = PolicyTest | Invariant

/** Invariants and tests of an account that are gone, or that no longer say all that they said. */
export function weakenedChecks(before: DesiredState, now: DesiredState): readonly WeakenedCheck[] {
  return [
    ...weakenedOf('invariant', before.invariants, now.invariants, (each) =>
      invariantStillHolds(each, now.invariants, now.account),
    ),
    ...weakenedOf('test', before.tests, now.tests, (each) => testStillHolds(each, now.tests)),
  ]
}

function weakenedOf<T extends Declared>(
  kind: 'invariant' | 'test',
  before: readonly T[],
  now: readonly T[],
  stillHolds: (check: T) => boolean,
): readonly WeakenedCheck[] {
  const known = new Set(before.map(contentOf))
  const others = now.filter((each) => !known.has(contentOf(each)))
  return before
    .filter((each) => !stillHolds(each))
    .map((each) => {
      const { name, span } = each
      const partner = others.find((other) => other.name === name)
      return {
        kind,
        name,
        change: partner === undefined ? 'removed' : 'changed',
        details: differences(partsOf(each), partner === undefined ? new Map() : partsOf(partner)),
        before: span,
        now: partner?.span ?? null,
      }
    })
}

const contentOf = (check: Declared): string => JSON.stringify([check.name, ...partsOf(check)])

/** What a check says, by the keys of YAML. */
function partsOf(check: Declared): ReadonlyMap<string, readonly string[]> {
  return new Map([
    ...('principal' in check ? [['principal', [check.principal]] as const] : []),
    ['action', check.actions],
    ['resource', check.resources],
    ...[...check.context].map(([key, values]) => [`context.${key}`, values] as const),
    'rule' in check ? ruleOf(check) : ['expect', [check.expect]],
  ])
}

function ruleOf({ rule }: Invariant): readonly [key: string, values: readonly string[]] {
  switch (rule.type) {
    case 'nobody':
      return ['expect', ['deny']]
    case 'only':
      return ['onlyPrincipals', rule.principals.map(({ text }) => text)]
    case 'never':
      return ['neverPrincipals', rule.principals.map(({ text }) => text)]
  }
}

function differences(
  before: ReadonlyMap<string, readonly string[]>,
  now: ReadonlyMap<string, readonly string[]>,
): readonly Detail[] {
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((path): readonly Detail[] => {
    const [was, is] = [before.get(path) ?? [], now.get(path) ?? []]
    return was.length <= 1 && is.length <= 1
      ? valueDetail(path, was[0] ?? null, is[0] ?? null)
      : listDetail(
          path,
          is.filter((each) => !was.includes(each)),
          was.filter((each) => !is.includes(each)),
        )
  })
}
