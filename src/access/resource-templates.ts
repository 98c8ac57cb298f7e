// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders as AWS writes them
import type { ActionFacts } from '../catalog/actions.ts'
import type { Lang } from './symbolic/lang.ts'
import type { Symbols } from './symbolic/symbols.ts'
import { COLON, canonical, codePoints, type Glob, STAR, STAR_IN_SEGMENT } from './symbolic/tokens.ts'

/** Actions that take resources of the same types. */
export interface TemplateGroup {
  /** ARNs of their types; null: they take no resource but `*`. */
  readonly lang: Lang | null
  /** One ARN of each type. */
  readonly samples: readonly string[]
  readonly members: readonly string[]
}

interface Types {
  readonly lang: Lang | null
  readonly samples: readonly string[]
}

const ANYTHING_BUT_ARNS: Types = { lang: null, samples: [] }

/** Which ARNs an action takes, by the catalogue. */
export class ResourceTemplates {
  readonly #facts: ActionFacts
  readonly #symbols: Symbols
  readonly #partition: string
  readonly #known = new Map<string, Types>()
  readonly #byTemplates = new Map<string, Types>()

  constructor(facts: ActionFacts, symbols: Symbols, partition: string) {
    this.#facts = facts
    this.#symbols = symbols
    this.#partition = partition
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

  /** In AWS's spelling, placeholders and all; empty: it takes none, or isn't listed. */
  templatesOf(action: string): readonly string[] {
    return this.#facts.resourceTypesOf(action).map(({ type }) => type.arn)
  }

  groupsOf(actions: readonly string[]): readonly TemplateGroup[] {
    const groups = new Map<Types, string[]>()
    for (const action of actions) {
      const types = this.typesOf(action)
      const members = groups.get(types)
      if (members === undefined) groups.set(types, [action])
      else members.push(action)
    }
    return [...groups].map(([types, members]) => ({ ...types, members }))
  }

  #read(action: string): Types {
    const { langs } = this.#symbols
    if (this.#facts.spellingOf(action) === null) return { lang: langs.of([[STAR]]), samples: [] }
    const types = this.#facts.resourceTypesOf(action)
    if (types.length === 0) return ANYTHING_BUT_ARNS
    const templates = [...new Set(types.map(({ type }) => type.arn))].sort()
    const key = templates.join()
    let known = this.#byTemplates.get(key)
    if (known === undefined) {
      known = {
        lang: langs.of(templates.flatMap((template) => templateGlobs(template, this.#partition))),
        samples: templates.map((template) => filledTemplate(template, this.#partition)),
      }
      this.#byTemplates.set(key, known)
    }
    return known
  }
}

/** A template with likely values. The account of the documentation stands for any. */
export const filledTemplate = (template: string, partition: string, account = '123456789012'): string =>
  template.replace(/\$\{([^}]*)\}/g, (_, name: string) =>
    name === 'Partition'
      ? partition
      : name === 'Account'
        ? account
        : name === 'Region'
          ? 'us-east-1'
          : 'example',
  )

/**
 * `arn:${Partition}:s3:::${BucketName}/${ObjectName}` with each placeholder but the partition as a star. Names have no
 * colons, but for those of objects; what is named behind a colon (`log-group:${LogGroupName}`) may have parts of its own
 * behind another.
 */
export function templateGlobs(template: string, partition: string): readonly Glob[] {
  const tokens = template
    .replaceAll('${Partition}', partition)
    .split(/(\$\{[^}]*\})/)
    .flatMap((part) =>
      part.startsWith('${') ? [part === OBJECT_NAME ? STAR : STAR_IN_SEGMENT] : codePoints(part),
    )
  return [
    canonical(tokens),
    ...(/^(?:[^:]*:){5}[^:/]+:/.test(template) ? [canonical([...tokens, COLON, STAR])] : []),
  ]
}

const OBJECT_NAME = '${ObjectName}'
