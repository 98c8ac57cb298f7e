import {
  type Diagnostic,
  entryOf,
  errorOf,
  type Located,
  plainOf,
  type Span,
  spanOf,
} from '../diagnostics/index.ts'
import { firstLineOf } from './declared.ts'
import type { PolicyTest } from './desired.ts'
import { policyTest } from './manifest-schema.ts'
import type { NamesInScope } from './policy-names.ts'
import { contextOf, listOf } from './request-parts.ts'
import { RULES } from './rules.ts'
import { describe, schemaDiagnostics, shorten } from './schema-issues.ts'

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
  if (!checked.success) {
    report(schemaDiagnostics(checked.error.issues, policyTest, node, { title, span }))
    return null
  }
  const { data } = checked
  const principal = entryOf(node, 'principal')?.value
  const wrong = principalProblem(data.principal, names, principal === undefined ? span : spanOf(principal))
  if (wrong !== null) {
    report([wrong])
    return null
  }
  return {
    name: data.name,
    principal: data.principal,
    actions: listOf(data.action),
    resources: listOf(data.resource ?? '*'),
    context: contextOf(data.context),
    expect: data.expect,
    names: { unknown: data.allowUnknown === true ? 'allowed' : 'refused', node },
    span: name === undefined ? span : spanOf(name),
  }
}

function principalProblem(text: string, names: NamesInScope, span: Span): Diagnostic | null {
  if (text === '*' || text === 'root' || /^arn:[^:]*:(iam|sts)::[^:]*:./.test(text)) return null
  if (/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(text)) return null
  const [, kind, name = ''] = /^(user|role)\/([^/]+)(?:\/[^/]+)?$/.exec(text) ?? []
  if (kind === 'user' || kind === 'role') {
    if (names.arns[kind].has(name) || !names.isComplete) return null
    return errorOf({
      code: 'manifest.unknown-principal',
      message: `no ${kind} \`${shorten(name)}\` is declared`,
      help: names.suggestions.help(
        kind,
        name,
        () => names.arns[kind].keys(),
        `declare it under \`${kind}s\``,
      ),
      span,
    })
  }
  const { code, message, help } = RULES.testPrincipal
  return errorOf({ code, message: message(`\`${shorten(text)}\``), help, span })
}
