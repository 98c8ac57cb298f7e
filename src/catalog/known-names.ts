import { type ActionFacts, loadActions } from './actions.ts'
import { loadManagedPolicies, type ManagedPolicyFacts } from './managed-policies.ts'

/**
 * The names that policies may hold: those of the Service Authorization Reference, and those that AWS writes in its managed
 * policies without describing them there. Looked up whatever their case.
 */
export interface KnownNames {
  /** The day on which the reference was read, `YYYY-MM-DD`. */
  readonly date: string
  readonly facts: ActionFacts
  /** `whole`: the reference lists its actions; `part`: AWS names it, and nothing lists what it has. */
  knowledgeOf(prefix: string): 'whole' | 'part' | 'none'
  hasAction(action: string): boolean
  /** Templates stand for what their placeholders can be: `kms:EncryptionContext:${EncryptionContextKey}`. */
  hasKey(key: string): boolean
  /** Those that its actions and resource types have, as AWS writes them. */
  keysOf(prefix: string): readonly string[]
  /** Service principals of AWS's policies, in full: `lambda.amazonaws.com`. */
  readonly principals: readonly string[]
  /** ARNs of AWS's policies of which no resource type has the form. */
  readonly resources: readonly string[]
  readonly awsPolicies: Pick<ManagedPolicyFacts, 'arnOf' | 'date' | 'has' | 'names'>
}

let loading: Promise<KnownNames> | null = null

/** Reads the catalogue, once. */
export function loadKnownNames(): Promise<KnownNames> {
  loading ??= read()
  return loading
}

async function read(): Promise<KnownNames> {
  const [facts, awsPolicies, generated] = await Promise.all([
    loadActions(),
    loadManagedPolicies(),
    import('#generated/known-names'),
  ])
  return knownNames(facts, awsPolicies, generated)
}

/** What the build took out of AWS's policies. */
interface WrittenByAws {
  /** `service:Name`, or `service:` of a service alone. */
  readonly actions: readonly string[]
  readonly keys: readonly string[]
  readonly principals: readonly string[]
  readonly resources: readonly string[]
}

function knownNames(
  facts: ActionFacts,
  awsPolicies: ManagedPolicyFacts,
  { actions, keys, principals, resources }: WrittenByAws,
): KnownNames {
  const written = new Set(actions.map((action) => action.toLowerCase()))
  const services = new Set([...written].map((action) => action.slice(0, action.indexOf(':'))))
  const global = keySet([...facts.globalConditionKeys(), ...keys])
  const ofServices = new Map<string, readonly string[]>()
  const setsOfServices = new Map<string, (key: string) => boolean>()
  const keysOf = (prefix: string): readonly string[] => {
    const lower = prefix.toLowerCase()
    let known = ofServices.get(lower)
    if (known === undefined) {
      known = facts.conditionKeysOfService(lower).filter((key) => !key.startsWith('aws:'))
      ofServices.set(lower, known)
    }
    return known
  }
  const hasOfService = (prefix: string, key: string): boolean => {
    let has = setsOfServices.get(prefix)
    if (has === undefined) {
      has = keySet(keysOf(prefix))
      setsOfServices.set(prefix, has)
    }
    return has(key)
  }
  return {
    date: facts.date,
    facts,
    knowledgeOf: (prefix) =>
      facts.hasService(prefix) ? 'whole' : services.has(prefix.toLowerCase()) ? 'part' : 'none',
    hasAction: (action) => facts.spellingOf(action) !== null || written.has(action.toLowerCase()),
    hasKey: (key) => {
      const lower = key.toLowerCase()
      const prefix = lower.slice(0, Math.max(0, lower.indexOf(':')))
      return (
        global(lower) ||
        hasOfService(facts.hasService(prefix) ? prefix : 'sts', lower) ||
        // Documented with the service, and of none of its actions.
        (!prefix.startsWith('aws') && facts.conditionKeyTypeOf(lower) !== null)
      )
    },
    keysOf,
    principals,
    resources,
    awsPolicies,
  }
}

/** Tests keys in lower case against names and templates: `${TagKey}`, `tag-key` and `<key>` stand for any text. */
function keySet(keys: readonly string[]): (key: string) => boolean {
  const names = new Set<string>()
  const templates: RegExp[] = []
  for (const key of keys) {
    const lower = key.toLowerCase()
    const parts = lower.split(PLACEHOLDER)
    if (parts.length === 1) names.add(lower)
    else templates.push(new RegExp(`^${parts.map(escaped).join('.+')}$`, 's'))
  }
  return (key) => names.has(key) || templates.some((template) => template.test(key))
}

const PLACEHOLDER = /\$\{[^}]*\}|(?<=\/)tag-key$|<key>/

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
