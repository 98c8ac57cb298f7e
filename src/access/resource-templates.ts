import type { ActionFacts } from '../catalog/actions.ts'
import type { Lang } from './symbolic/lang.ts'
import type { Symbols } from './symbolic/symbols.ts'
import { canonical, codePoints, type Glob, STAR } from './symbolic/tokens.ts'

/** Actions that take resources of the same types. */
export interface TemplateGroup {
  /** ARNs of their types; null: they take no resource but `*`. */
  readonly lang: Lang | null
  readonly members: readonly string[]
}

/** Which ARNs an action takes, by the catalogue. */
export class ResourceTemplates {
  readonly #facts: ActionFacts
  readonly #symbols: Symbols
  readonly #known = new Map<string, Lang | null>()

  constructor(facts: ActionFacts, symbols: Symbols) {
    this.#facts = facts
    this.#symbols = symbols
  }

  /** null: only `*`. What isn't listed takes anything. */
  langOf(action: string): Lang | null {
    const known = this.#known.get(action)
    if (known !== undefined) return known
    const lang = this.#read(action)
    this.#known.set(action, lang)
    return lang
  }

  groupsOf(actions: readonly string[]): readonly TemplateGroup[] {
    const groups = new Map<Lang | null, string[]>()
    for (const action of actions) {
      const lang = this.langOf(action)
      const members = groups.get(lang)
      if (members === undefined) groups.set(lang, [action])
      else members.push(action)
    }
    return [...groups].map(([lang, members]) => ({ lang, members }))
  }

  #read(action: string): Lang | null {
    const { langs } = this.#symbols
    if (this.#facts.spellingOf(action) === null) return langs.of([[STAR]])
    const types = this.#facts.resourceTypesOf(action)
    return types.length === 0 ? null : langs.of(types.map(({ type }) => templateGlob(type.arn)))
  }
}

/** `arn:${Partition}:s3:::${BucketName}/${ObjectName}` with each placeholder as a star. */
export const templateGlob = (template: string): Glob =>
  canonical(
    template
      .split(/\$\{[^}]*\}/)
      .flatMap((text, index) => [...(index > 0 ? [STAR] : []), ...codePoints(text)]),
  )
