import { type Diagnostic, errorOf, type PlainValue, type Span, spanOf } from '../../diagnostics/index.ts'
import { entityRef } from '../../model/index.ts'
import { type Addition, addEntries, type Unaddable } from '../../yaml/add-entries.ts'
import type { Adoptable } from './adoptable.ts'
import { type NamesForWriting, writtenValue } from './written-entries.ts'

/** What is to be declared of one entity from now on. */
export interface AdoptedEntity {
  readonly account: { readonly id: string; readonly name: string }
  /** `user/alice` */
  readonly entity: string
  readonly span: Span
  readonly entries: readonly (readonly [attribute: string, value: PlainValue])[]
  /** As a plan says each: `is a member of group x`. */
  readonly grants: readonly string[]
}

/** With the values of what is to be adopted, and what can't be. */
export function adoptedOf(
  adoptables: readonly Adoptable[],
  names: NamesForWriting,
): { readonly adopted: readonly AdoptedEntity[]; readonly diagnostics: readonly Diagnostic[] } {
  const { account } = names.desired
  const adopted = new Map<string, AdoptedEntity>()
  const diagnostics: Diagnostic[] = []
  for (const adoptable of adoptables) {
    const { entity, attribute, parts } = adoptable
    const ref = entityRef(entity.kind, entity.name)
    const value = writtenValue(adoptable, names)
    if (value === null) {
      diagnostics.push(unreadable(ref, attribute, entity.span))
      continue
    }
    const before = adopted.get(ref)
    adopted.set(ref, {
      account: { id: account.id, name: account.name },
      entity: ref,
      span: spanOf(entity.span),
      entries: [...(before?.entries ?? []), [attribute, value]],
      grants: [
        ...(before?.grants ?? []),
        ...parts.flatMap(({ grant }) =>
          grant === null ? [] : grant.replace(/: `[^`]*` is not declared$/, ''),
        ),
      ],
    })
  }
  return { adopted: [...adopted.values()], diagnostics }
}

/**
 * Texts of the files with what is adopted in them; only those that change.
 * @param textOf of a file, as it is
 */
export function editedTexts(
  adopted: readonly AdoptedEntity[],
  textOf: (file: string) => string,
): { readonly files: ReadonlyMap<string, string>; readonly diagnostics: readonly Diagnostic[] } {
  const byFile = new Map<string, AdoptedEntity[]>()
  for (const each of adopted) byFile.set(each.span.file, [...(byFile.get(each.span.file) ?? []), each])
  const files = new Map<string, string>()
  const diagnostics: Diagnostic[] = []
  for (const [file, entities] of byFile) {
    const additions: Addition[] = []
    for (const { entity, span, entries } of entities) {
      const alone = addEntries(textOf(file), [{ at: span.start, entries }])
      if ('text' in alone) additions.push({ at: span.start, entries })
      else diagnostics.push(unaddable(entity, alone.unaddable, span))
    }
    const all = addEntries(textOf(file), additions)
    if ('text' in all && additions.length > 0) files.set(file, all.text)
  }
  return { files, diagnostics }
}

const WHY: Readonly<Record<Unaddable, string>> = {
  alias: 'stands in place of an anchor (`*…`)',
  shared: 'is behind an anchor (`&…`) that stands for others, too',
  'not-a-map': 'is written in a way that nothing can be added to',
}

const unaddable = (entity: string, why: Unaddable, span: Span): Diagnostic =>
  errorOf({
    code: 'adopt.not-editable',
    message: `the declaration of \`${entity}\` ${WHY[why]}`,
    help: 'write what it has by hand, or give it a declaration of its own',
    span,
  })

const unreadable = (entity: string, attribute: string, span: Span): Diagnostic =>
  errorOf({
    code: 'adopt.unreadable',
    message: `\`${attribute}\` of \`${entity}\` has a document that nobody can read, so that it can't be declared`,
    help: 'put it right in the account, or declare another in its place',
    span: spanOf(span),
  })
