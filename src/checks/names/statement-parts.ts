import { entryOf, type Located, type Span, spanOf } from '../../diagnostics/index.ts'

/** A text of a document, and where it stands. */
export interface PlacedText {
  readonly text: string
  readonly span: Span
}

export interface PlacedCondition {
  readonly operator: string
  readonly key: PlacedText
  readonly values: readonly PlacedText[]
}

/** The parts of a statement that hold names, as they are written; whatever is malformed is left out. */
export interface StatementParts {
  readonly effect: string | null
  /** Of `Action` and `NotAction`. */
  readonly actions: readonly PlacedText[]
  readonly negatedActions: boolean
  readonly resources: readonly PlacedText[]
  readonly negatedResources: boolean
  /** By kind (`Service`, `AWS`, …), of `Principal` and `NotPrincipal`. */
  readonly principals: readonly (readonly [kind: string, principal: PlacedText])[]
  readonly everyone: boolean
  readonly conditions: readonly PlacedCondition[]
}

export function statementsIn(document: Located): readonly StatementParts[] {
  const value = entryOf(document, 'Statement')?.value
  if (value === undefined) return []
  return (value.kind === 'list' ? value.items : [value]).flatMap((statement) =>
    statement.kind === 'map' ? [partsOf(statement)] : [],
  )
}

function partsOf(statement: Located): StatementParts {
  const texts = (element: string): readonly PlacedText[] => textsOf(entryOf(statement, element)?.value)
  const principals = ['Principal', 'NotPrincipal'].flatMap((element) => {
    const value = entryOf(statement, element)?.value
    return value?.kind === 'map'
      ? value.entries.flatMap(({ key, value: named }) => textsOf(named).map((text) => [key, text] as const))
      : []
  })
  const principal = entryOf(statement, 'Principal')?.value
  return {
    effect: texts('Effect')[0]?.text ?? null,
    actions: [...texts('Action'), ...texts('NotAction')],
    negatedActions: entryOf(statement, 'NotAction') !== null,
    resources: [...texts('Resource'), ...texts('NotResource')],
    negatedResources: entryOf(statement, 'NotResource') !== null,
    principals,
    everyone: principal?.kind === 'scalar' && principal.value === '*',
    conditions: conditionsIn(entryOf(statement, 'Condition')?.value),
  }
}

function conditionsIn(block: Located | undefined): readonly PlacedCondition[] {
  if (block?.kind !== 'map') return []
  return block.entries.flatMap(({ key: operator, value: keys }) =>
    keys.kind === 'map'
      ? keys.entries.map(({ key, keySpan, value }) => ({
          operator,
          key: { text: key, span: spanOf(keySpan) },
          values: textsOf(value),
        }))
      : [],
  )
}

/** A text, or each of a list; numbers and booleans as their JSON text. */
function textsOf(value: Located | undefined): readonly PlacedText[] {
  if (value === undefined || value.kind === 'map') return []
  return (value.kind === 'list' ? value.items : [value]).flatMap((item) =>
    item.kind === 'scalar' && item.value !== null ? [{ text: String(item.value), span: spanOf(item) }] : [],
  )
}
