import type { AccessLevel, ActionFacts } from '../catalog/actions.ts'
import type { PolicyLayers } from '../evaluator/layers.ts'
import type { ParsedStatement } from '../policy/parsed.ts'

/** Actions of one service and level that a principal has on the same resources. */
export interface AccessRow {
  /** What stands before the colon: `s3`. */
  readonly service: string
  /** null: the catalogue doesn't say. */
  readonly level: AccessLevel | null
  /** In AWS's spelling, sorted. */
  readonly actions: readonly string[]
  /** Patterns; empty where `notResources` says what it is not. */
  readonly resources: readonly string[]
  readonly notResources: readonly string[]
  /** Only in some contexts: every statement that grants it has conditions. */
  readonly isConditional: boolean
  /** A deny, a boundary, a session or a control policy takes some of it away again, by resource or condition. */
  readonly isNarrowed: boolean
}

const LEVELS: readonly (AccessLevel | null)[] = ['permissions', 'write', 'tagging', 'read', 'list', null]

/**
 * Which actions on which resources a principal's own policies give it: what its identity policies allow, without what
 * another layer never allows, or a deny takes away altogether. What resource policies add is not in it.
 * @param layers of the principal: `Evaluator.layersOf`
 * @returns sorted by service, then permissions, write, tagging, read, list
 */
export function accessOf(layers: PolicyLayers, facts: ActionFacts): readonly AccessRow[] {
  const actions = new StatementActions(facts)
  const { identity = [], boundary, session, scp = [] } = layers
  const limits = [boundary ?? [], session ?? []].filter((policies) => policies.length > 0)
  const groups = [identity, ...limits, ...scp].map((policies) =>
    policies.flatMap(({ policy }) => policy.statements),
  )
  const denies = groups.flat().filter(({ effect }) => effect === 'Deny')
  const denied = new Set(denies.filter(isAboutEverything).flatMap((each) => [...actions.of(each)]))
  const narrowing = new Set(
    denies.filter((each) => !isAboutEverything(each)).flatMap((each) => [...actions.of(each)]),
  )
  const limiting = groups.slice(1).map((statements) => {
    const allows = statements.filter(({ effect }) => effect === 'Allow')
    return {
      any: new Set(allows.flatMap((each) => [...actions.of(each)])),
      full: new Set(allows.filter(isAboutEverything).flatMap((each) => [...actions.of(each)])),
    }
  })
  const rows = new Map<string, AccessRow & { readonly actions: string[] }>()
  for (const statement of groups[0] ?? []) {
    if (statement.effect !== 'Allow' || statement.resource === null) continue
    const { negated, entries } = statement.resource
    for (const action of actions.of(statement)) {
      if (denied.has(action) || limiting.some(({ any }) => !any.has(action))) continue
      const common = {
        service: action.slice(0, action.indexOf(':')),
        level: facts.accessLevelOf(action),
        resources: negated ? [] : entries,
        notResources: negated ? entries : [],
        isConditional: statement.conditions.length > 0,
        isNarrowed: narrowing.has(action) || limiting.some(({ full }) => !full.has(action)),
      }
      const identity = JSON.stringify(common)
      const row = rows.get(identity)
      if (row === undefined) rows.set(identity, { ...common, actions: [action] })
      else if (!row.actions.includes(action)) row.actions.push(action)
    }
  }
  return [...rows.values()]
    .map((row) => ({ ...row, actions: row.actions.sort() }))
    .sort(
      (a, b) =>
        compare(a.service, b.service) ||
        LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
        compare(a.resources.join(), b.resources.join()),
    )
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const isAboutEverything = ({ resource, conditions }: ParsedStatement): boolean =>
  conditions.length === 0 &&
  (resource === null || (!resource.negated && resource.entries.some((entry) => /^\*+$/.test(entry))))

/** The catalogue's actions that statements are about, each list of patterns taken apart once. */
class StatementActions {
  readonly #facts: ActionFacts
  readonly #known = new Map<string, ReadonlySet<string>>()

  constructor(facts: ActionFacts) {
    this.#facts = facts
  }

  of({ action: { negated, entries } }: ParsedStatement): ReadonlySet<string> {
    const identity = JSON.stringify([negated, entries])
    let actions = this.#known.get(identity)
    if (actions === undefined) {
      const matching = new Set(entries.flatMap((entry) => this.#facts.actionsMatching(entry)))
      actions = negated
        ? new Set(this.#facts.actionsMatching('*').filter((action) => !matching.has(action)))
        : matching
      this.#known.set(identity, actions)
    }
    return actions
  }
}
