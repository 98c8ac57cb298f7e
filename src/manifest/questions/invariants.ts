import {
  type Diagnostic,
  entryOf,
  errorOf,
  type Located,
  type LocatedMap,
  nodeAt,
  plainOf,
  type Span,
  spanOf,
} from '../../diagnostics/index.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { Invariant, InvariantPrincipal } from '../desired.ts'
import { firstLineOf } from '../entities/declared.ts'
import type { NamesInScope } from '../entities/policy-names.ts'
import { INVARIANT_RULES, invariant } from '../schema/manifest-schema.ts'
import { describe, droppedKeys, schemaDiagnostics } from '../schema/schema-issues.ts'
import { unknownNamesIn } from './asked-principals.ts'
import { invariantPrincipal } from './invariant-principals.ts'
import { contextOf, listOf } from './request-parts.ts'

/** @returns null when there are errors, which have been reported */
export function readInvariant(
  node: Located,
  names: NamesInScope,
  report: (diagnostics: readonly Diagnostic[]) => void,
): Invariant | null {
  const span = firstLineOf(node)
  if (node.kind !== 'map') {
    report([
      errorOf({
        code: 'manifest.wrong-type',
        message: `an invariant is a map, not ${describe(node)}`,
        help: 'write `- { name: …, action: …, resource: …, onlyPrincipals: [role/NAME] }`',
        span: spanOf(node),
      }),
    ])
    return null
  }
  const name = entryOf(node, 'name')?.value
  const title =
    name?.kind === 'scalar' && name.value !== null
      ? `invariant \`${shorten(String(name.value))}\``
      : 'an invariant'
  const checked = invariant.safeParse(plainOf(node))
  const named = principalsIn(node, names)
  const problems = [
    ...droppedKeys([nodeAt(node, ['context'])], 'a condition key'),
    ...(checked.success ? [] : schemaDiagnostics(checked.error.issues, invariant, node, { title, span })),
    ...ruleProblems(node, title, name === undefined ? span : spanOf(name)),
    ...named.flatMap(({ problems }) => problems),
  ]
  if (problems.length > 0 || !checked.success) {
    report(problems)
    return null
  }
  const { data } = checked
  const [first] = named
  return {
    name: data.name,
    actions: listOf(data.action),
    resources: listOf(data.resource ?? '*'),
    context: contextOf(data.context),
    rule: first === undefined ? { type: 'nobody' } : { type: first.type, principals: first.principals },
    names: { unknown: unknownNamesIn(node), node },
    span: name === undefined ? span : spanOf(name),
  }
}

/** What must hold is said once: two rules would be two invariants, and none says nothing. */
function ruleProblems(node: LocatedMap, title: string, span: Span): readonly Diagnostic[] {
  const [first, second] = node.entries.filter(({ key }) => INVARIANT_RULES.some((rule) => rule === key))
  if (first !== undefined && second === undefined) return []
  return [
    errorOf({
      code: 'manifest.bad-invariant',
      message:
        first === undefined || second === undefined
          ? `${title} doesn't say who may not`
          : `\`${second.key}\` stands beside \`${first.key}\``,
      help:
        first === undefined
          ? 'add one of `onlyPrincipals: [role/NAME]`, `neverPrincipals: [role/NAME]` and `expect: deny`'
          : 'make two invariants of it: each has one of `onlyPrincipals`, `neverPrincipals` and `expect`',
      span: second === undefined ? span : spanOf(second.keySpan),
    }),
  ]
}

interface NamedPrincipals {
  readonly type: 'only' | 'never'
  readonly principals: readonly InvariantPrincipal[]
  readonly problems: readonly Diagnostic[]
}

/** Whom each of `onlyPrincipals` and `neverPrincipals` means. What is no text there is a matter of the schema. */
function principalsIn(node: LocatedMap, names: NamesInScope): readonly NamedPrincipals[] {
  return node.entries.flatMap(({ key, value }) => {
    if ((key !== 'onlyPrincipals' && key !== 'neverPrincipals') || value.kind !== 'list') return []
    const principals: InvariantPrincipal[] = []
    const problems: Diagnostic[] = []
    for (const item of value.items) {
      if (item.kind !== 'scalar' || typeof item.value !== 'string' || item.value === '') continue
      const found = invariantPrincipal(item.value, spanOf(item), names, unknownNamesIn(node))
      if ('problem' in found) problems.push(found.problem)
      else if (!principals.some(({ kind, id }) => kind === found.kind && id === found.id))
        principals.push(found)
    }
    return [{ type: key === 'onlyPrincipals' ? 'only' : 'never', principals, problems }]
  })
}
