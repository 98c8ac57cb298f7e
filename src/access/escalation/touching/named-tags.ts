import { Refusal } from '../../../evaluator/estate/refusal.ts'
import type { IdentifiedPolicy, PolicyLayers } from '../../../evaluator/layers.ts'
import type { ParsedPolicy, ParsedStatement } from '../../../policy/parsed.ts'
import type { World } from '../edge.ts'

/** Of a condition's key, or in a variable: `aws:PrincipalTag/team`, whosever tag it is. */
const IN_KEY = /tag\/(.+)$/i
const IN_VARIABLE = /\$\{[^}]*?tag\/([^},]+)/gi

/** Tells which tags policies of a state name, in whatever statement: of the others nobody's access depends. */
export class NamedTags {
  /** In lower case; null: some policy can't be read. */
  readonly #names: ReadonlySet<string> | null

  constructor(world: World) {
    this.#names = namesIn(world)
  }

  has(tag: string): boolean {
    return this.#names?.has(tag.toLowerCase()) !== false
  }
}

function namesIn(world: World): ReadonlySet<string> | null {
  try {
    const names = new Set<string>()
    for (const tags of tagsIn(world)) for (const tag of tags) names.add(tag)
    return names
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

/** By policies of everybody and everything. @throws Refusal when one can't be read */
function* tagsIn({ view }: World): Iterable<readonly string[]> {
  yield* view.controlPolicies.map(tagsNamedIn)
  for (const account of view.accounts.keys()) {
    for (const level of view.controlsOf(account) ?? []) yield tagsOfAll(level)
    for (const entity of view.entitiesOf(account)) {
      // Whose policies aren't known isn't looked at.
      const layers = view.ownLayersOf(entity, account)
      if (layers !== null) yield tagsOfLayers(layers)
      if ('trustPolicy' in entity) yield tagsNamedIn(view.documents.trustOf(entity).policy)
    }
  }
  for (const facts of view.estate.resources.values()) {
    const own = view.policyOf(facts)
    if (own !== null) yield tagsNamedIn(own.policy)
  }
}

/** Those of a watcher's states are mostly the same objects. */
const ofLayers = new WeakMap<PolicyLayers, readonly string[]>()

function tagsOfLayers(layers: PolicyLayers): readonly string[] {
  let tags = ofLayers.get(layers)
  if (tags === undefined) {
    tags = [...new Set([...tagsOfAll(layers.identity), ...tagsOfAll(layers.boundary)])]
    ofLayers.set(layers, tags)
  }
  return tags
}

const tagsOfAll = (policies: readonly IdentifiedPolicy[] | null | undefined): readonly string[] =>
  (policies ?? []).flatMap(({ policy }) => tagsNamedIn(policy))

const known = new WeakMap<ParsedPolicy, readonly string[]>()

function tagsNamedIn(policy: ParsedPolicy): readonly string[] {
  let tags = known.get(policy)
  if (tags === undefined) {
    tags = [...new Set(policy.statements.flatMap(tagsOfStatement))]
    known.set(policy, tags)
  }
  return tags
}

function tagsOfStatement({ conditions, resource }: ParsedStatement): readonly string[] {
  const texts = [...conditions.flatMap(({ values }) => values), ...(resource?.entries ?? [])]
  return [
    ...conditions.flatMap(({ key }) => IN_KEY.exec(key)?.[1] ?? []),
    ...texts.flatMap((text) => [...text.matchAll(IN_VARIABLE)].map(([, tag = '']) => tag.trim())),
  ].map((tag) => tag.toLowerCase())
}
