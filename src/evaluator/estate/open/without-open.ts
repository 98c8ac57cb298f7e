import type { ParsedPolicy, ParsedStatement } from '../../../policy/parsed.ts'
import { principalGroups, resourceGroups } from '../../layer-groups.ts'
import type { IdentifiedPolicy, PolicyLayers } from '../../layers.ts'
import { type OpenQuestion, openVariables, type Relevant } from './relevant-statements.ts'

/**
 * The layers if whatever is open came out as it lets in most: statements that allow hold, those that deny don't. What is
 * denied then is denied in every context.
 */
export function withMostAllowed(asking: OpenQuestion, relevant: readonly Relevant[]): PolicyLayers {
  let { layers } = asking.question
  for (const one of relevant) {
    const { statement, open } = one
    const isAboutOpen = openVariables(one, asking).length > 0
    if (open.length === 0 && !isAboutOpen) continue
    const freest: ParsedStatement = {
      ...statement,
      conditions: statement.conditions.filter((each) => !open.includes(each)),
      ...(isAboutOpen ? { resource: { negated: false, entries: ['*'] } } : {}),
    }
    layers = withStatement(layers, one, statement.effect === 'Allow' ? freest : null)
  }
  return layers
}

/** The same layers but for one statement. */
export function withStatement(
  layers: PolicyLayers,
  { group, member, statement }: Relevant,
  instead: ParsedStatement | null,
): PolicyLayers {
  const named = [...principalGroups(layers), ...resourceGroups(layers)][group]
  const identified = named?.policies[member]
  if (named === undefined || identified === undefined) return layers
  const policy: ParsedPolicy = {
    ...identified.policy,
    statements: identified.policy.statements.flatMap((each) =>
      each === statement ? (instead ?? []) : [each],
    ),
  }
  const changed = { ...identified, policy }
  const replaced = (list: readonly IdentifiedPolicy[]) =>
    list.map((each, index) => (index === member ? changed : each))
  const { layer, level } = named
  if (layer === 'resource') return { ...layers, resource: changed }
  if (layer === 'scp' || layer === 'rcp')
    return {
      ...layers,
      [layer]: (layers[layer] ?? []).map((list, index) => (index === level ? replaced(list) : list)),
    }
  return { ...layers, [layer]: replaced(layers[layer] ?? []) }
}
