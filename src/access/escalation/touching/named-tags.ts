import { Refusal } from '../../../evaluator/estate/refusal.ts'
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
    return new Set([...policiesIn(world)].flatMap(tagsNamedIn))
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

/** Of everybody and everything, each once. @throws Refusal when one can't be read */
function policiesIn({ view }: World): ReadonlySet<ParsedPolicy> {
  const policies = new Set<ParsedPolicy>(view.controlPolicies)
  const add = (some: readonly { readonly policy: ParsedPolicy }[] | null | undefined) => {
    for (const { policy } of some ?? []) policies.add(policy)
  }
  for (const account of view.accounts.keys()) {
    for (const level of view.controlsOf(account) ?? []) add(level)
    for (const entity of view.entitiesOf(account)) {
      // Whose policies aren't known isn't looked at.
      const layers = view.ownLayersOf(entity, account)
      add(layers?.identity)
      add(layers?.boundary)
      const trust = view.trustOf(entity.arn)
      if (trust !== null) policies.add(trust.policy)
    }
  }
  for (const facts of view.estate.resources.values()) {
    const own = view.policyOf(facts)
    if (own !== null) policies.add(own.policy)
  }
  return policies
}

const known = new WeakMap<ParsedPolicy, readonly string[]>()

function tagsNamedIn(policy: ParsedPolicy): readonly string[] {
  let tags = known.get(policy)
  if (tags === undefined) {
    tags = [...new Set(policy.statements.flatMap(tagsIn))]
    known.set(policy, tags)
  }
  return tags
}

function tagsIn({ conditions, resource }: ParsedStatement): readonly string[] {
  const texts = [...conditions.flatMap(({ values }) => values), ...(resource?.entries ?? [])]
  return [
    ...conditions.flatMap(({ key }) => IN_KEY.exec(key)?.[1] ?? []),
    ...texts.flatMap((text) => [...text.matchAll(IN_VARIABLE)].map(([, tag = '']) => tag.trim())),
  ].map((tag) => tag.toLowerCase())
}
