// A catalogue of a few actions: as many kinds of them as the reference has, so that all are met often.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: AWS writes placeholders like template ones
import type { AccessLevel, ActionFacts, ActionResource } from '../../src/catalog/actions.ts'
import { matchesPattern } from '../../src/model/name-pattern.ts'

const TYPES = {
  thing: 'arn:${Partition}:s::${Owner}:${Name}',
  placed: 'arn:${Partition}:s:${Place}:${Owner}:${Name}',
  part: 'arn:${Partition}:s::${Owner}:${Name}/${Part}, arn:${Partition}:s:${Place}:${Owner}:${Name}/${Part}',
  other: ['', '${Place}']
    .flatMap((place) => ['', '${Owner}'].map((owner) => `arn:\${Partition}:t:${place}:${owner}:\${Name}`))
    .join(', '),
  named: 'arn:${Partition}:s::${Owner}:al${Name}, arn:${Partition}:s:${Place}:${Owner}:al${Name}',
  bucket: 'arn:${Partition}:s3:::${BucketName}',
  object: 'arn:${Partition}:s3:::${BucketName}/${ObjectName}',
  queue: 'arn:${Partition}:sqs:${Region}:${Account}:${QueueName}',
} as const

type TypeName = keyof typeof TYPES

const ACTIONS: Readonly<
  Record<string, { readonly level: AccessLevel; readonly types: readonly TypeName[] }>
> = {
  'iam:A': { level: 'permissions', types: ['other'] },
  'sqs:S': { level: 'write', types: ['queue'] },
  's3:G': { level: 'read', types: ['bucket'] },
  's3:O': { level: 'write', types: ['object'] },
  's3:ListAllMyBuckets': { level: 'list', types: [] },
  'sts:B': { level: 'write', types: ['other'] },
  'x:A': { level: 'write', types: ['thing', 'placed'] },
  'x:Ab': { level: 'read', types: ['thing', 'placed', 'other'] },
  'x:B': { level: 'list', types: [] },
  'y:A': { level: 'tagging', types: ['part'] },
  'y:B': { level: 'permissions', types: ['named'] },
}

const KEY_TYPES: Readonly<Record<string, string>> = {
  'aws:tagkeys': 'ArrayOfString',
  'aws:requesttag/k': 'String',
  'aws:requestedregion': 'String',
  'aws:resourceaccount': 'String',
  'aws:tokenissuetime': 'Date',
  'aws:multifactorauthpresent': 'Bool',
  'x:one': 'String',
  'x:bool': 'Bool',
  'x:number': 'Numeric',
  'x:date': 'Date',
  'x:addresses': 'ArrayOfIPAddress',
  'x:address': 'IPAddress',
}

const byLowerCase = new Map(Object.keys(ACTIONS).map((name) => [name.toLowerCase(), name]))
const factsOf = (action: string) => ACTIONS[byLowerCase.get(action.toLowerCase()) ?? '']
const prefixOf = (action: string) => action.slice(0, action.indexOf(':'))

export const LISTED_ACTIONS: readonly string[] = Object.keys(ACTIONS)

export const TOY_ACTIONS: ActionFacts = {
  date: '2026-01-01',
  services: () => [...new Set(LISTED_ACTIONS.map(prefixOf))].map((prefix) => ({ prefix, title: prefix })),
  hasService: (prefix) => LISTED_ACTIONS.some((action) => prefixOf(action) === prefix.toLowerCase()),
  actionsOf: (prefix) => LISTED_ACTIONS.filter((action) => prefixOf(action) === prefix.toLowerCase()),
  spellingOf: (action) => byLowerCase.get(action.toLowerCase()) ?? null,
  accessLevelOf: (action) => factsOf(action)?.level ?? null,
  actionsMatching: (pattern) => (pattern === '*' ? LISTED_ACTIONS : actionsLike(pattern.toLowerCase())),
  resourceTypesOf: (action) => (factsOf(action)?.types ?? []).map(actionResource),
  resourceTypesOfService: (prefix) =>
    [
      ...new Set(
        LISTED_ACTIONS.filter((action) => prefixOf(action) === prefix).flatMap(
          (action) => factsOf(action)?.types ?? [],
        ),
      ),
    ].map((name) => actionResource(name).type),
  prefixesByArnService: () => new Map(TOY_ACTIONS.services().map(({ prefix }) => [prefix, [prefix]])),
  // Every action carries every key.
  conditionKeysOf: () => Object.keys(KEY_TYPES),
  conditionKeysOfService: () => Object.keys(KEY_TYPES),
  dependentActionsOf: () => [],
  globalConditionKeys: () => Object.keys(KEY_TYPES).filter((key) => key.startsWith('aws:')),
  conditionKeySpellingOf: (key) => (KEY_TYPES[key.toLowerCase()] === undefined ? null : key),
  conditionKeyTypeOf: (key) => KEY_TYPES[key.toLowerCase()] ?? null,
}

/** As the reference: prefix and name are matched apart. */
function actionsLike(pattern: string): readonly string[] {
  const colon = pattern.indexOf(':')
  const [prefix, name] = [pattern.slice(0, Math.max(colon, 0)), pattern.slice(colon + 1)]
  return LISTED_ACTIONS.filter((action) => {
    const lower = action.toLowerCase()
    return (
      matchesPattern(prefix, prefixOf(lower)) && matchesPattern(name, lower.slice(lower.indexOf(':') + 1))
    )
  })
}

function actionResource(name: TypeName): ActionResource {
  return { type: { name, arn: TYPES[name], conditionKeys: [] }, required: false, conditionKeys: [] }
}

/** What may stand for a placeholder, where it isn't any text without a colon. */
const FORMS: Readonly<Record<string, string>> = {
  Partition: 'aws',
  Region: '[^:/]{2,}-[^:/]+-[0-9]',
  Account: '[0-9]{12}',
  BucketName: '[^:/]+',
  QueueName: '[^:/]+',
  ObjectName: '.+',
}

const templates = new Map(
  Object.values(TYPES).map((template) => [
    template,
    template.split(', ').map((arn) => {
      const source = arn
        .replaceAll('*', '[^:]*')
        .replaceAll('/', '\\/')
        .replace(/\$\{([^}]*)\}/g, (_, name: string) => FORMS[name] ?? '[^:]+')
      return new RegExp(`^${source}$`, 's')
    }),
  ]),
)

/** Whether a resource is of a type that an action takes; one that isn't listed takes anything. */
export function isOfItsType(action: string, resource: string): boolean {
  const facts = factsOf(action)
  if (facts === undefined) return true
  if (facts.types.length === 0) return resource === '*'
  return facts.types.some((name) => templates.get(TYPES[name])?.some((each) => each.test(resource)) === true)
}
