import {
  type Diagnostic,
  entryOf,
  errorOf,
  type Located,
  nodeAt,
  plainOf,
  type Span,
  spanOf,
} from '../../diagnostics/index.ts'
import { isPrincipalEntityKind, PRINCIPAL_ENTITY_KINDS } from '../../model/index.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { PolicyTest, QuestionNames } from '../desired.ts'
import { firstLineOf } from '../entities/declared.ts'
import type { NamesInScope } from '../entities/policy-names.ts'
import { policyTest } from '../schema/manifest-schema.ts'
import { RULES } from '../schema/rules.ts'
import { describe, droppedKeys, schemaDiagnostics } from '../schema/schema-issues.ts'
import {
  howToName,
  isMissing,
  isPrincipalArn,
  principalArnHelp,
  undeclaredPrincipalProblem,
  unknownNamesIn,
} from './asked-principals.ts'
import { contextOf, listOf } from './request-parts.ts'

/** @returns null when there are errors, which have been reported */
export function readPolicyTest(
  node: Located,
  names: NamesInScope,
  report: (diagnostics: readonly Diagnostic[]) => void,
): PolicyTest | null {
  const span = firstLineOf(node)
  if (node.kind !== 'map') {
    report([
      errorOf({
        code: 'manifest.wrong-type',
        message: `a test is a map, not ${describe(node)}`,
        help: 'write `- { name: …, principal: user/NAME, action: …, resource: …, expect: allow }`',
        span: spanOf(node),
      }),
    ])
    return null
  }
  const name = entryOf(node, 'name')?.value
  const title =
    name?.kind === 'scalar' && name.value !== null ? `test \`${shorten(String(name.value))}\`` : 'a test'
  const checked = policyTest.safeParse(plainOf(node))
  const problems = [
    ...droppedKeys([nodeAt(node, ['context'])], 'a condition key'),
    ...(checked.success ? [] : schemaDiagnostics(checked.error.issues, policyTest, node, { title, span })),
    ...principalProblems(entryOf(node, 'principal')?.value ?? null, names, unknownNamesIn(node)),
  ]
  if (problems.length > 0 || !checked.success) {
    report(problems)
    return null
  }
  const { data } = checked
  return {
    name: data.name,
    principal: data.principal,
    actions: listOf(data.action),
    resources: listOf(data.resource ?? '*'),
    context: contextOf(data.context),
    expect: data.expect,
    names: { unknown: unknownNamesIn(node), node },
    span: name === undefined ? span : spanOf(name),
  }
}

/** One that is no text, or an empty one, is a matter of the schema. */
function principalProblems(
  node: Located | null,
  names: NamesInScope,
  unknown: QuestionNames['unknown'],
): readonly Diagnostic[] {
  if (node?.kind !== 'scalar' || typeof node.value !== 'string' || node.value === '') return []
  const problem = principalProblem(node.value, names, spanOf(node), unknown)
  return problem === null ? [] : [problem]
}

function principalProblem(
  text: string,
  names: NamesInScope,
  span: Span,
  unknown: QuestionNames['unknown'],
): Diagnostic | null {
  if (text === '*' || text === 'root') return null
  if (isPrincipalArn(text)) return undeclaredPrincipalProblem(text, span, names, unknown)
  if (/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(text)) return null
  const [, kind = '', name = ''] = /^(\w+)\/([^/]+)(?:\/[^/]+)?$/.exec(text) ?? []
  if (isPrincipalEntityKind(kind)) {
    if (names.arns[kind].has(name) || !names.isComplete) return null
    return errorOf({
      code: 'manifest.unknown-principal',
      message: isMissing(kind, name, names),
      help:
        withoutPath(text, names) ??
        names.suggestions.help(kind, name, () => names.arns[kind].keys(), howToName(kind, names)),
      span,
    })
  }
  const { code, message, help } = RULES.testPrincipal
  return errorOf({
    code,
    message: message(`\`${shorten(text)}\``),
    help: withoutPath(text, names) ?? bareName(text, names) ?? principalArnHelp(text) ?? help,
    span,
  })
}

/** For the name of somebody who is declared, with a path before it. */
function withoutPath(text: string, { arns }: NamesInScope): string | null {
  const [, kind = '', name = ''] = /^(\w+)\/.*\/([^/]+)$/.exec(text) ?? []
  return isPrincipalEntityKind(kind) && arns[kind].has(name)
    ? `names stand without their path: \`${kind}/${name}\``
    : null
}

/** For the name of somebody who is declared, without what it is of. */
function bareName(text: string, { arns }: NamesInScope): string | null {
  if (text.startsWith('group/')) return 'a group makes no requests: name one of its users, as `user/NAME`'
  const kinds = PRINCIPAL_ENTITY_KINDS.filter((kind) => arns[kind].has(text))
  return kinds.length === 0
    ? null
    : `did you mean ${kinds.map((kind) => `\`${kind}/${text}\``).join(' or ')}?`
}
