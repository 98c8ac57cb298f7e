import { type Diagnostic, type Located, type LocatedEntry, nodeAt } from '../../diagnostics/index.ts'
import type { Partition } from '../../model/index.ts'
import { substitute, type Variables } from './variables.ts'

/**
 * `account.*` may stand in the values of `variables`, and both in `target` and the settings of the account.
 * Everything else of an account says what the variables are, so it can't use them.
 */
export function withVariables(
  name: string,
  account: Located,
  text: string,
  substitutedKeys: readonly string[],
  report: (diagnostics: readonly Diagnostic[]) => void,
): { readonly node: Located; readonly variables: Variables } {
  const id = scalarText(nodeAt(account, ['id']))
  const partition = scalarText(nodeAt(account, ['partition'])) ?? ('aws' satisfies Partition)
  const ofAccount = new Map([
    ['account.id', id ?? ''],
    ['account.name', name],
    ['account.partition', partition],
  ])
  if (account.kind !== 'map') return { node: account, variables: ofAccount }
  const substituted = (entry: LocatedEntry, variables: Variables | null): LocatedEntry => {
    const { root, diagnostics } = substitute(entry.value, text, variables)
    report(diagnostics)
    return { ...entry, value: root }
  }
  const variables = new Map(ofAccount)
  const declared = account.entries.map((entry) => {
    if (entry.key !== 'variables') return entry
    const result = substituted(entry, ofAccount)
    if (result.value.kind === 'map')
      for (const { key, value } of result.value.entries)
        variables.set(`variables.${key}`, value.kind === 'scalar' ? String(value.value ?? '') : '')
    return result
  })
  const entries = declared.map((entry) => {
    if (entry.key === 'variables') return entry
    return substituted(entry, substitutedKeys.includes(entry.key) ? variables : null)
  })
  return { node: { ...account, entries }, variables }
}

const scalarText = (node: Located | null): string | null =>
  node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : null
