import { type ActionFacts, type ActionResource, loadActions } from './actions.ts'

/**
 * Under which names of its service an action shows the tags of what it is about, beside `aws:ResourceTag/…`:
 * `ec2:ResourceTag/`, `rds:db-tag/`. In AWS's spelling; none for what the action makes.
 * @param resource an ARN
 */
type OfRequest = (action: string, resource: string) => readonly string[]

/** Reads the catalogue. @see Service Authorization Reference: condition keys of actions and resource types */
export async function loadTagKeys(): Promise<OfRequest> {
  return tagKeysIn(await loadActions())
}

export function tagKeysIn(actions: Pick<ActionFacts, 'resourceTypesOf' | 'conditionKeysOf'>): OfRequest {
  return (action, resource) => {
    const all = actions.resourceTypesOf(action)
    const types = all.filter(({ type }) => fits(type.arn, resource))
    const isMade = (each: ActionResource) => createdBy(action, all, actions).has(each.type.name)
    return [...new Set(types.flatMap((each) => (isMade(each) ? [] : keysOf(each))))]
  }
}

/** Where a service says which keys an action has for a type, that counts; others say it once, with the type. */
const keysOf = ({ type, conditionKeys }: ActionResource): readonly string[] =>
  (conditionKeys.length > 0 ? conditionKeys : type.conditionKeys).flatMap((key) => {
    const [, prefix] = TAG_KEY.exec(key) ?? []
    return prefix === undefined ? [] : [prefix]
  })

/** `ec2:ResourceTag/${TagKey}`, `secretsmanager:ResourceTag/tag-key`, `rds:db-tag/${TagKey}`; not `dms:req-tag/…`. */
const TAG_KEY = /^((?!aws:)[a-z0-9-]+:(?:resourcetag|(?!req-)[a-z-]+-tag|tag)\/)(?:\$\{TagKey\}|tag-key)$/i

const CREATION = /^[^:]+:(?:create|register|import|copy|allocate|restore)(\w+)$/i

/** The types that an action makes: it tags them, and its name ends with theirs, or begins so. */
function createdBy(
  action: string,
  all: readonly ActionResource[],
  { conditionKeysOf }: Pick<ActionFacts, 'conditionKeysOf'>,
): ReadonlySet<string> {
  const [, made] = CREATION.exec(action) ?? []
  if (made === undefined || !conditionKeysOf(action).some((key) => /req(?:uest)?-?tag\//i.test(key)))
    return new Set()
  const noun = plain(made)
  const named = (test: (name: string) => boolean) =>
    new Set(all.flatMap(({ type: { name } }) => (test(plain(name)) ? [name] : [])))
  const ending = named((name) => noun.endsWith(name) || name.startsWith(noun))
  return ending.size > 0 ? ending : named((name) => noun.startsWith(name))
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Whether an ARN has the form of a type: `arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}`. */
function fits(template: string, arn: string): boolean {
  const wanted = template.split(':')
  const given = arn.split(':')
  if (given.length < wanted.length) return false
  const parts = [...given.slice(0, wanted.length - 1), given.slice(wanted.length - 1).join(':')]
  return wanted.every((part, index) => {
    const source = part
      .split(/\$\{[^}]*\}/)
      .map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('.+')
    // A template has a region and an account where some resources of the type have none.
    return new RegExp(`^${source}$`, 's').test(parts[index] ?? '') || (index < 5 && parts[index] === '')
  })
}
