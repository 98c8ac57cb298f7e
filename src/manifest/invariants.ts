import {
  type Diagnostic,
  entryOf,
  errorOf,
  type Located,
  type LocatedMap,
  plainOf,
  type Span,
  spanAt,
  spanOf,
} from '../diagnostics/index.ts'
import { firstLineOf } from './declared.ts'
import type { Invariant, InvariantPrincipal, InvariantRule } from './desired.ts'
import { invariantPrincipal } from './invariant-principals.ts'
import { INVARIANT_RULES, invariant } from './manifest-schema.ts'
import type { NamesInScope } from './policy-names.ts'
import { contextOf, listOf } from './request-parts.ts'
import { describe, schemaDiagnostics, shorten } from './schema-issues.ts'

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
  const problems = [
    ...(checked.success ? [] : schemaDiagnostics(checked.error.issues, invariant, node, { title, span })),
    ...ruleProblems(node, title, name === undefined ? span : spanOf(name)),
  ]
  if (problems.length > 0 || !checked.success) {
    report(problems)
    return null
  }
  const { data } = checked
  const rule = ruleOf(data, node, names, report)
  if (rule === null) return null
  return {
    name: data.name,
    actions: listOf(data.action),
    resources: listOf(data.resource ?? '*'),
    context: contextOf(data.context),
    rule,
    names: { unknown: data.allowUnknown === true ? 'allowed' : 'refused', node },
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

function ruleOf(
  {
    onlyPrincipals,
    neverPrincipals,
  }: {
    readonly onlyPrincipals?: readonly string[] | undefined
    readonly neverPrincipals?: readonly string[] | undefined
  },
  node: LocatedMap,
  names: NamesInScope,
  report: (diagnostics: readonly Diagnostic[]) => void,
): InvariantRule | null {
  const [key, texts] =
    onlyPrincipals === undefined
      ? (['neverPrincipals', neverPrincipals] as const)
      : (['onlyPrincipals', onlyPrincipals] as const)
  if (texts === undefined) return { type: 'nobody' }
  const principals: InvariantPrincipal[] = []
  const problems: Diagnostic[] = []
  texts.forEach((text, index) => {
    const found = invariantPrincipal(text, spanAt(node, [key, index]), names)
    if ('problem' in found) problems.push(found.problem)
    else if (!principals.some(({ kind, id }) => kind === found.kind && id === found.id))
      principals.push(found)
  })
  report(problems)
  return problems.length > 0 ? null : { type: key === 'onlyPrincipals' ? 'only' : 'never', principals }
}
