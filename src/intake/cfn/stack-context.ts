import { warningOf } from '../../diagnostics/index.ts'
import type { EstateDraft } from '../estate-draft.ts'
import type { CfnDocuments } from './cfn-documents.ts'
import { itemsIn, memberOf, type Resolved, scalarText } from './resolved.ts'
import type { StackNames } from './stack-names.ts'
import type { Template, TemplateResource } from './template.ts'

/** What reading a template goes by. */
export interface StackContext {
  readonly file: string
  readonly template: Template
  readonly names: StackNames
  readonly draft: EstateDraft
  readonly documents: CfnDocuments
}

/** A resource that is there, or may be. */
export interface StackResource extends TemplateResource {
  /** As far as they are known. */
  readonly own: Resolved | null
  /** The condition that it hangs on, where nobody knows whether it holds. */
  readonly hangsOn: Resolved | null
}

/** All resources of some types, but for those whose condition doesn't hold. */
export function resourcesOf(
  context: StackContext,
  isWanted: (type: string) => boolean,
): readonly StackResource[] {
  const { template, names } = context
  return [...template.resources.values()].flatMap((resource) => {
    const { type, condition, span } = resource
    if (!isWanted(type)) return []
    const holds = condition === null ? true : names.values.condition(condition)
    if (holds === false) return []
    const hangsOn: Resolved | null =
      holds === null
        ? {
            kind: 'unknown',
            of: `the condition \`${condition?.slice(0, 100)}\``,
            basis: resource.id,
            ...span,
          }
        : null
    return [{ ...resource, own: names.propertiesOf(resource), hangsOn }]
  })
}

/** Tags as a list of keys with values, or as a map. `unknown` is what isn't known of them. */
export function stackTags(value: Resolved | null): {
  readonly tags: ReadonlyMap<string, string>
  readonly unknown: Resolved | null
} {
  const tags = new Map<string, string>()
  let unknown: Resolved | null = null
  const add = (key: string | null, tag: Resolved | null) => {
    const text = scalarText(tag)
    if (key !== null && text !== null) tags.set(key, text)
    else unknown ??= tag ?? value
  }
  if (value?.kind === 'map') for (const { key, value: tag } of value.entries) add(key, tag)
  else
    for (const each of itemsIn(value)) {
      if (each.kind === 'unknown') unknown ??= each
      else add(scalarText(memberOf(each, 'Key')), memberOf(each, 'Value'))
    }
  return { tags, unknown }
}

/** Names what speaks of access and isn't looked at. @param what `a nested stack` */
export function findNotModelled(
  { draft }: StackContext,
  { id, type, span }: TemplateResource,
  what: string,
): void {
  draft.find(
    warningOf({
      code: 'intake.not-modelled',
      message: `\`${id}\` (\`${type.slice(0, 100)}\`) speaks of access and is not looked at: ${what}`,
      help: 'what it grants or denies is in no answer',
      span,
    }),
  )
}
