import { declaredFor } from '../../../model/index.ts'
import type { AccessEntry } from '../../access-entry.ts'
import { type Region, resourceRegions, restRegion, trustRegion } from '../../regions/region.ts'
import { asked } from '../../witness/asked.ts'
import type { World } from '../edge.ts'
import { type Applied, escalationOf, guardrailNamed } from '../entry-escalations.ts'
import type { Escalation } from '../escalation.ts'
import { AT_BEST, accountOf, holderOf } from './holder.ts'

/**
 * What no longer stands in the way, of gained access: a deny, or a condition that asked for a second factor or for an
 * external id.
 * @param before the state in which it stood there
 */
export const weakenedGuardrails = (gained: readonly AccessEntry[], before: World): readonly Escalation[] =>
  gained.flatMap((entry) => {
    if (entry.tier !== 'typed' || entry.ended !== undefined) return []
    const why = whyOf(entry, before)
    return why === null ? [] : [escalationOf(entry, { ...WEAKENED, weight: weightOf(entry), why })]
  })

const WEAKENED: Omit<Applied, 'weight' | 'why'> = { rule: 'guardrail-weakened', class: 'weakens-guardrail' }

const weightOf = ({ levels, kind }: AccessEntry): number =>
  kind === 'assume' || levels.permissions > 0 ? 65 : levels.write > 0 ? 55 : 40

function whyOf(entry: AccessEntry, before: World): string | null {
  if (entry.because?.cause === 'deny' && entry.because.change === 'removed')
    return `a deny no longer stands in the way${guardrailNamed(entry)}`
  if (asksForExternalId(entry, before)) return 'an external id is no longer asked for'
  return entry.principals.some((label) => askedForFactor(entry, label, before))
    ? 'a second factor is no longer asked for'
    : null
}

/** Whether the same request was allowed with a second factor, and with one alone. */
function askedForFactor(entry: AccessEntry, label: string, { decider, powers, view }: World): boolean {
  const { action, resource, context } = entry.witness
  const holder = /^arn:.*:(?:user|role)\//.test(label) ? holderOf(label, 'own', view) : null
  if (holder === null) return false
  const comparison = powers.in(holder, regionOf(entry, label, view), AT_BEST)
  if (comparison === null) return false
  // Whoever asked had the tags of then.
  const others = [...context].filter(
    ([key]) => !AT_BEST.has(key.toLowerCase()) && !/^aws:principal/i.test(key),
  )
  const withKeys = (keys: Iterable<readonly [string, readonly string[]]>) => ({
    action,
    resource,
    context: new Map([...others, ...keys]),
  })
  const former = asked(comparison, comparison.now)
  return (
    decider.decisionOf(former, withKeys([...AT_BEST] as [string, readonly string[]][])) === 'yes' &&
    decider.decisionOf(former, withKeys([...context].filter(([key]) => AT_BEST.has(key.toLowerCase())))) ===
      'no'
  )
}

/** Whose policy decided beside those of whoever asks: the role's, that of what is declared, or none that is known. */
function regionOf(
  { kind, witness: { action, resource } }: AccessEntry,
  label: string,
  view: World['view'],
): Region {
  if (kind === 'assume' && view.roleOf(resource) !== null) return trustRegion(resource)
  const declared = declaredFor(resource, view.estate.resources)
  if (declared === null) return restRegion(accountOf(label))
  const [first, otherwise = first] = resourceRegions(declared.arn, declared.account)
  const region = /^kms:/i.test(action) ? first : otherwise
  return region ?? restRegion(accountOf(label))
}

const EXTERNAL_ID = 'sts:externalid'

/** Whether a role's trust policy asked whoever is outside for an id that was agreed on, and asks them no more. */
function asksForExternalId({ kind, resources, conditions, principals }: AccessEntry, before: World): boolean {
  if (kind !== 'assume' || principals.every((label) => label.startsWith('service:'))) return false
  const speaks = (keys: readonly string[]) => keys.some((key) => key.toLowerCase() === EXTERNAL_ID)
  if (speaks(Object.values(conditions).flatMap(Object.keys))) return false
  return resources.some((role) => {
    const former = before.view.roleOf(role)
    const statements = former === null ? [] : (before.trusts.policyOf(former)?.statements ?? [])
    return statements.some(
      (statement) => statement.effect === 'Allow' && speaks(statement.conditions.map(({ key }) => key)),
    )
  })
}
