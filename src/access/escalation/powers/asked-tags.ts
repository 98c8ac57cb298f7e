import { Refusal } from '../../../evaluator/estate/refusal.ts'
import type { ResourceFacts } from '../../../model/index.ts'
import type { ParsedPolicy, ParsedStatement } from '../../../policy/parsed.ts'
import { namingOf } from '../../principals/principal-match.ts'
import type { World } from '../edge.ts'
import type { Holder } from './holder.ts'

const PREFIX = 'aws:principaltag/'
const IN_VARIABLE = /\$\{aws:principaltag\/([^},]+)/gi
/** Stands for any value, where a policy names none. */
const SOME_VALUE = 'x'

/**
 * Tags that policies ask somebody for: their own, those that limit them, trust policies that name them, and policies of declared
 * resources that do.
 * @returns by the tag's key, values that are asked for; wildcards are filled in
 */
export function tagsAskedOf(holder: Holder, world: World): ReadonlyMap<string, ReadonlySet<string>> {
  const tags = new Map<string, Set<string>>()
  for (const statement of statementsAbout(holder, world))
    for (const [key, value] of tagsIn(statement)) {
      const values = tags.get(key) ?? new Set()
      tags.set(key, values.add(value))
    }
  return tags
}

/** Whether anything asks somebody for tags, or what isn't their own asks anybody. */
export const mayAskForTags = (holder: Holder, world: World): boolean =>
  ownOf(holder).some(speaksOfTags) || othersIn(world).length > 0

function* statementsAbout(holder: Holder, world: World): Iterable<ParsedStatement> {
  for (const policy of ownOf(holder)) if (speaksOfTags(policy)) yield* policy.statements
  const { state } = holder
  const named = { facts: state.facts, base: state.base, hasBoundary: state.layers.boundary != null }
  for (const { statements } of othersIn(world))
    if (statements.some((each) => each.effect === 'Allow' && namingOf(each, named) !== null))
      yield* statements
}

const ownOf = ({ state: { layers } }: Holder): readonly ParsedPolicy[] =>
  [...(layers.identity ?? []), ...(layers.boundary ?? []), ...(layers.scp ?? []).flat()].map(
    ({ policy }) => policy,
  )

const others = new WeakMap<World['trusts'], readonly ParsedPolicy[]>()

/** Policies of roles and resources that ask whoever asks for tags. */
function othersIn({ trusts, view }: World): readonly ParsedPolicy[] {
  let found = others.get(trusts)
  if (found === undefined) {
    const roles = [...view.accounts.values()].flatMap((account) => [...account.entities.role.values()])
    found = [
      ...roles.map((role) => trusts.policyOf(role)),
      ...[...view.estate.resources.values()].map((facts) => policyOf(facts, view)),
    ].flatMap((policy) => (policy !== null && speaksOfTags(policy) ? [policy] : []))
    others.set(trusts, found)
  }
  return found
}

function policyOf(facts: ResourceFacts, view: World['view']): ParsedPolicy | null {
  try {
    return view.policyOf(facts)?.policy ?? null
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

const speaking = new WeakMap<ParsedPolicy, boolean>()

/** Thousands hold the same policies: each is looked at once. */
function speaksOfTags(policy: ParsedPolicy): boolean {
  let found = speaking.get(policy)
  if (found === undefined) {
    found = policy.statements.some((statement) => !tagsIn(statement).next().done)
    speaking.set(policy, found)
  }
  return found
}

function* tagsIn({ conditions, resource }: ParsedStatement): Generator<readonly [string, string]> {
  for (const { key, values } of conditions)
    if (key.toLowerCase().startsWith(PREFIX))
      for (const value of values.length === 0 ? [SOME_VALUE] : values)
        yield [
          key.slice(PREFIX.length),
          value.includes('${') ? SOME_VALUE : value.replace(/[*?]/g, SOME_VALUE),
        ]
  for (const text of [...conditions.flatMap(({ values }) => values), ...(resource?.entries ?? [])])
    for (const [, tag = ''] of text.matchAll(IN_VARIABLE)) yield [tag.trim(), SOME_VALUE]
}
