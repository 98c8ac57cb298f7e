// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders as AWS writes them
import type { ActionFacts, ActionResource } from '../../catalog/actions.ts'
import { accountsOfAws, formBehindName, formOfName } from '../../catalog/resource-names.ts'
import { IAM_REGIONS } from '../../evaluator/estate/derived-context.ts'
import { foreignRegionsBegin, likelyRegion, regionsBegin } from '../../model/index.ts'
import { ACCOUNT_ID } from '../account-id.ts'
import { InternedLists } from '../actions/interned-lists.ts'
import type { Lang } from '../symbolic/lang.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import {
  COLON,
  canonical,
  codePoints,
  DIGIT,
  type Glob,
  literalGlob,
  ONE,
  ONE_IN_NAME,
  ONE_IN_SEGMENT,
  STAR,
  STAR_IN_NAME,
  STAR_IN_SEGMENT,
} from '../symbolic/tokens.ts'

/** Actions that take resources of the same types. */
export interface TemplateGroup {
  /** ARNs of their types, but for unusual names; null: they take no resource but `*`. */
  readonly lang: Lang | null
  /** One ARN of each type. */
  readonly samples: readonly string[]
  /** Nobody knows their types: they take anything, `*` as well. */
  readonly isUntyped: boolean
  readonly members: readonly string[]
}

type Types = Omit<TemplateGroup, 'members'>

const ANYTHING_BUT_ARNS: Types = { lang: null, samples: [], isUntyped: false }

/** Which ARNs an action takes, by the catalogue. */
export class ResourceTemplates {
  readonly #facts: ActionFacts
  readonly #symbols: Symbols
  readonly partition: string
  readonly #known = new Map<string, Types>()
  readonly #named: TypeNames
  readonly #byNames = new Map<NamedTypes, Types>()
  readonly #templates = new Map<string, readonly string[]>()
  readonly #members = new InternedLists()
  readonly #byMembers = new WeakMap<readonly string[], TemplateGroup>()
  readonly #groups = new WeakMap<readonly string[], readonly TemplateGroup[]>()
  readonly #onEntities = new Map<string, readonly string[]>()
  #unusual: Lang | null = null
  #foreign: readonly Glob[] | null = null

  constructor(facts: ActionFacts, symbols: Symbols, partition: string) {
    this.#facts = facts
    this.#symbols = symbols
    this.partition = partition
    this.#named = typeNamesIn(facts, partition)
  }

  /** What isn't listed takes anything. */
  typesOf(action: string): Types {
    let types = this.#known.get(action)
    if (types === undefined) {
      types = this.#read(action)
      this.#known.set(action, types)
    }
    return types
  }

  /**
   * Names that no type is believed to have: with two colons side by side. Where a pattern's star runs over the first colons
   * of an ARN, as that of `arn:*:s3:::b/*` may, the rest of it would be such a name.
   */
  get unusual(): Lang {
    this.#unusual ??= this.#symbols.langs.of([
      canonical([
        ...literalGlob('arn'),
        ...[1, 2, 3, 4].flatMap(() => [COLON, STAR_IN_SEGMENT]),
        ...[COLON, STAR, COLON, COLON, STAR],
      ]),
    ])
    return this.#unusual
  }

  /** Whether a resource is of a type that a listed action takes. */
  isTyped(action: string, resource: string): boolean {
    const { lang, isUntyped } = this.typesOf(action)
    return (
      !isUntyped && (lang === null ? resource === '*' : lang.has(resource) && !this.unusual.has(resource))
    )
  }

  /** Listed actions that take an entity of IAM by its ARN, whatever it is called. */
  actionsOnEntity(arn: string): readonly string[] {
    const place = arn.slice(0, arn.lastIndexOf('/'))
    let actions = this.#onEntities.get(place)
    if (actions === undefined) {
      actions = this.#facts.actionsMatching('*').filter((action) => this.isTyped(action, arn))
      this.#onEntities.set(place, actions)
    }
    return actions
  }

  /**
   * In AWS's spelling, placeholders and all, of the types that people think of first: those that the action is called by,
   * then those that it can't do without, then the shortest. Empty: it takes none, or isn't listed.
   */
  templatesOf(action: string): readonly string[] {
    let templates = this.#templates.get(action)
    if (templates === undefined) {
      templates = this.#readTemplates(action)
      this.#templates.set(action, templates)
    }
    return templates
  }

  #readTemplates(action: string): readonly string[] {
    const words = action.slice(action.indexOf(':') + 1).toLowerCase()
    const rank = ({ type, required }: ActionResource): number =>
      (words.includes(type.name.replace(/[^a-z]/gi, '').toLowerCase()) ? 0 : 2) + (required ? 0 : 1)
    return this.#facts
      .resourceTypesOf(action)
      .toSorted((a, b) => rank(a) - rank(b) || a.type.arn.length - b.type.arn.length)
      .flatMap(({ type }) => arnsOf(type.arn))
  }

  /**
   * What the text of `aws:RequestedRegion` or `aws:ResourceAccount` is like in requests for an action.
   * @see IAM User Guide, "AWS global condition context keys": aws:RequestedRegion of global services
   */
  formOf(key: string, action: string): Glob {
    if (key === 'aws:resourceaccount') return ACCOUNT_ID
    const ofIam = action.startsWith('iam:') ? IAM_REGIONS.get(this.partition) : undefined
    return ofIam === undefined ? regionGlob(this.partition) : literalGlob(ofIam)
  }

  /** What looks like a text of such a key, and is none in this partition: regions of others, and letters in another case. */
  neverOf(key: string): readonly Glob[] {
    if (key !== 'aws:requestedregion') return []
    this.#foreign ??= [
      ...foreignRegionsBegin(this.partition).map((begin) => [...literalGlob(begin), STAR]),
      ...IN_ANOTHER_CASE,
    ]
    return this.#foreign
  }

  /** Remembered by the list itself: equal ones are one. */
  groupsOf(actions: readonly string[]): readonly TemplateGroup[] {
    let groups = this.#groups.get(actions)
    if (groups === undefined) {
      groups = this.#groupsOf(actions)
      this.#groups.set(actions, groups)
    }
    return groups
  }

  #groupsOf(actions: readonly string[]): readonly TemplateGroup[] {
    const groups = new Map<Types, string[]>()
    for (const action of actions) {
      const types = this.typesOf(action)
      const members = groups.get(types)
      if (members === undefined) groups.set(types, [action])
      else members.push(action)
    }
    return Array.from(groups, ([types, members]) => this.#groupWith(types, this.#members.of(members)))
  }

  /** Wide policies differ in a few of their hundreds of groups: of the same members there is one. */
  #groupWith(types: Types, members: readonly string[]): TemplateGroup {
    let group = this.#byMembers.get(members)
    if (group === undefined) {
      group = { ...types, members }
      this.#byMembers.set(members, group)
    }
    return group
  }

  #read(action: string): Types {
    const { langs } = this.#symbols
    const named = this.#named.typesOf(action)
    if (named === 'unlisted') return { lang: langs.of([[STAR]]), samples: [], isUntyped: true }
    if (named === 'none') return ANYTHING_BUT_ARNS
    let known = this.#byNames.get(named)
    if (known === undefined) {
      known = { lang: langs.of(named.globs), samples: named.samples, isUntyped: false }
      this.#byNames.set(named, known)
    }
    return known
  }
}

/** The ARNs of some types in a partition. */
interface NamedTypes {
  readonly globs: readonly Glob[]
  readonly samples: readonly string[]
}

/** What follows from the catalogue and the partition alone, whatever is asked of it. Actions of the same types have the same object. */
class TypeNames {
  readonly #facts: ActionFacts
  readonly #partition: string
  readonly #byAction = new Map<string, NamedTypes | 'unlisted' | 'none'>()
  readonly #byTemplates = new Map<string, NamedTypes>()

  constructor(facts: ActionFacts, partition: string) {
    this.#facts = facts
    this.#partition = partition
  }

  typesOf(action: string): NamedTypes | 'unlisted' | 'none' {
    // Of names that nobody knows there is no end.
    const spelled = this.#facts.spellingOf(action)
    if (spelled === null) return 'unlisted'
    let named = this.#byAction.get(spelled)
    if (named === undefined) {
      named = this.#read(spelled)
      this.#byAction.set(spelled, named)
    }
    return named
  }

  #read(action: string): NamedTypes | 'none' {
    const types = this.#facts.resourceTypesOf(action)
    if (types.length === 0) return 'none'
    const templates = [...new Set(types.flatMap(({ type }) => arnsOf(type.arn)))].sort()
    // AWS's own policies can be read by everybody, and changed by nobody.
    const level = this.#facts.accessLevelOf(action)
    const withAws = !action.startsWith('iam:') || level === 'read' || level === 'list'
    const key = `${withAws} ${templates.join()}`
    let named = this.#byTemplates.get(key)
    if (named === undefined) {
      const partition = this.#partition
      named = {
        globs: templates.flatMap((template) => templateGlobs(template, partition, withAws)),
        samples: templates.map((template) => filledTemplate(template, { partition })),
      }
      this.#byTemplates.set(key, named)
    }
    return named
  }
}

const namesBefore = new WeakMap<ActionFacts, Map<string, TypeNames>>()

function typeNamesIn(facts: ActionFacts, partition: string): TypeNames {
  const byPartition = namesBefore.get(facts) ?? new Map<string, TypeNames>()
  const names = byPartition.get(partition) ?? new TypeNames(facts, partition)
  namesBefore.set(facts, byPartition.set(partition, names))
  return names
}

/** Some types have two forms: `arn:…, arn:…`. A `*` of the reference for a region or an account is one, or none. */
const arnsOf = (template: string): readonly string[] =>
  template.split(/,\s*(?=arn:)/).flatMap((arn) => {
    const [scheme, partition, service, region, account, ...rest] = arn.split(':')
    const regions = region === '*' ? ['${Region}', ''] : [region]
    // Recovery points of AWS Backup whose names begin with a type and a colon are in accounts.
    const accounts = account !== '*' ? [account] : service === '${Vendor}' ? [ANY_OWN] : [ANY_OWN, '']
    return regions.flatMap((in_) =>
      accounts.map((of) => [scheme, partition, service, in_, of, ...rest].join(':')),
    )
  })

const ANY_OWN = '${Account}'

const PLACEHOLDER = /\$\{([^}]*)\}/

/** A template with likely values. The account of the documentation stands for any. */
export const filledTemplate = (
  template: string,
  {
    partition,
    account = '123456789012',
    region = likelyRegion(partition),
  }: { readonly partition: string; readonly account?: string; readonly region?: string },
): string => {
  const service = serviceOf(template)
  const values = {
    region,
    account,
    name: 'example',
    path: 'example',
    pair: `${region}:example`,
    time: '2026-01-31T00:00:00.000',
    text: 'example',
  }
  return template
    .split(/(\$\{[^}]*\}|\*)/)
    .map((part) => {
      const name = PLACEHOLDER.exec(part)?.[1]
      if (name === undefined) return part === '*' ? 'example' : part
      return name === 'Partition' ? partition : values[formOfName(service, name)]
    })
    .join('')
}

const typeOf = (template: string): string => template.split(':').slice(5).join(':').split('/', 1)[0] ?? ''
const serviceOf = (template: string): string => template.split(':', 3)[2] ?? ''

const NAME: Glob = [ONE_IN_NAME, STAR_IN_NAME]
/** A word, some more, and a digit: `us-gov-west-1`. */
const REGION_END: Glob = [...NAME, ...literalGlob('-'), DIGIT]
const ANY_REGION: Glob = [ONE_IN_NAME, ONE_IN_NAME, STAR_IN_NAME, ...literalGlob('-'), ...REGION_END]

/** The last two are a long s and the sign of Kelvin, which are `s` and `k` where case is ignored. */
const IN_ANOTHER_CASE: readonly Glob[] = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ\u017f\u212a'].map((letter) => [
  STAR,
  ...literalGlob(letter),
  STAR,
])

/** What the name of a region is like. */
export function regionGlob(partition: string): Glob {
  const begin = regionsBegin(partition)
  return begin === '' ? ANY_REGION : canonical([...literalGlob(begin), ...REGION_END])
}

/**
 * `arn:${Partition}:s3:::${BucketName}/${ObjectName}` with each placeholder as what may stand there. What is named behind a
 * colon (`log-group:${LogGroupName}`) may have parts of its own behind another. A `*` of the reference itself is a name.
 */
export function templateGlobs(template: string, partition: string, withAws = true): readonly Glob[] {
  const service = serviceOf(template)
  const parts = template.replaceAll('${Partition}', partition).split(/(\$\{[^}]*\}|\*)/)
  const withAccount = (account: Glob): Glob =>
    canonical(
      parts.flatMap((part) => {
        if (part === '*') return FORMS.path
        const name = PLACEHOLDER.exec(part)?.[1]
        if (name === undefined) return codePoints(part)
        const form = formOfName(service, name)
        return form === 'account' ? account : form === 'region' ? regionGlob(partition) : FORMS[form]
      }),
    )
  const isOwned = /^(?:[^:]*:){4}\$\{Account(?:Id)?\}:/.test(template)
  const accounts = [
    ACCOUNT_ID,
    ...(withAws && isOwned ? accountsOfAws(service, typeOf(template)).map(literalGlob) : []),
  ]
  const globs = accounts.map(withAccount)
  const behind = formBehindName(service) === 'name' ? NAME : [STAR]
  return /^(?:[^:]*:){5}[^:/]+:/.test(template)
    ? [...globs, ...globs.map((glob) => canonical([...glob, COLON, ...behind]))]
    : globs
}

const FORMS = {
  name: NAME,
  path: [ONE_IN_SEGMENT, STAR_IN_SEGMENT],
  pair: [...NAME, COLON, ...NAME],
  time: [...NAME, COLON, ...NAME, COLON, ...NAME],
  text: [ONE, STAR],
} as const
