import { listDetail, valueDetail } from '../../kinds/attributes/details.ts'
import type { Guard, Scope } from '../../manifest/desired.ts'
import type { Detail } from '../../model/detail.ts'
import { ENTITIES, entityRef, keysOf } from '../../model/index.ts'
import type { ProtectedProject, WeakenedProtection } from './weakened-protection.ts'

type Limits = Pick<ProtectedProject, 'guard' | 'scopes'>

/** What the guard lets through that it refused, and kinds of which something else may be deleted than before. */
export function weakenedLimits(before: Limits, now: Limits): readonly WeakenedProtection[] {
  const limit = (
    kind: 'guard' | 'scope',
    key: string,
    details: readonly Detail[],
    change: WeakenedProtection['change'] = 'changed',
  ) =>
    details.length === 0
      ? []
      : [{ kind, name: `${kind}.${key}`, change, accounts: [], details, before: null, now: null }]
  const stillProtected = protectedBy(now.guard)
  const gone = listDetail(
    'protect',
    [],
    protectedBy(before.guard).filter((each) => !stillProtected.includes(each)),
  )
  return [
    ...limit('guard', 'protect', gone, 'removed'),
    ...(['maxDeletePercent', 'minimumExisting'] as const).flatMap((key) =>
      now.guard[key] > before.guard[key]
        ? limit('guard', key, valueDetail(key, before.guard[key], now.guard[key]))
        : [],
    ),
    ...keysOf(ENTITIES).flatMap((kind) => {
      const { section } = ENTITIES[kind]
      const [was, is] = [scopeText(before.scopes[kind]), scopeText(now.scopes[kind])]
      return limit('scope', section, valueDetail(section, was, is))
    }),
  ]
}

const protectedBy = ({ protect }: Guard): readonly string[] =>
  protect.map(({ kind, name }) => entityRef(kind, name))

function scopeText(scope: Scope): string {
  switch (scope.type) {
    case 'all':
    case 'declared':
      return scope.type
    case 'path':
      return `path ${scope.path}`
    case 'tag':
      return `tags ${[...scope.tags]
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join(', ')}`
  }
}
