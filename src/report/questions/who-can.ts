import { type SourceTexts, sourceJson } from '../../diagnostics/index.ts'
import type { ConditionsText, Grant, GrantConditions } from '../../evaluator/estate/who-can.ts'
import type { Account } from '../../model/index.ts'
import { lineOf, statementSpan } from '../decisions/evaluation.ts'
import { counted, type Paint, painter, printable } from '../layout/paint.ts'
import { type NamingOptions, shortPrincipal, shortResource } from './principals-text.ts'

/** One element of `grants` in `who-can --json`. */
export const grantJson = ({ principal, decision, via, conditions }: Grant, texts: SourceTexts): object => ({
  principal,
  decision,
  via: via.map(({ layer, policy, sid, statement, document }) => {
    const span = statementSpan(document, statement)
    return { layer, policy, sid, ...(span === null ? { file: null, line: null } : sourceJson(span, texts)) }
  }),
  conditions,
})

/**
 * Who may do it, by which statements, and on what it depends.
 * @param options `account`: the only one there is, whose principals and policies are called by their names
 */
export function whoCanText(
  { action, resource }: { readonly action: string; readonly resource: string },
  grants: readonly Grant[],
  texts: SourceTexts,
  { color, account = null }: NamingOptions = { color: false },
): string {
  const paint = painter(color)
  const title = `${printable(action)} on ${printable(resource)}`
  if (grants.length === 0) return `nobody can ${title}`
  const lines = [`who can ${title}`]
  for (const grant of grants) lines.push('', ...grantLines(grant, texts, paint, account))
  const count = (decision: Grant['decision']) => grants.filter((each) => each.decision === decision).length
  const parts = [
    `${counted(grants.length, 'principal')}: ${count('allow')} always`,
    ...(count('conditional') === 0 ? [] : [`${count('conditional')} conditionally`]),
    ...(count('unknown') === 0 ? [] : [`${count('unknown')} not known`]),
  ]
  return [...lines, '', parts.join(', ')].join('\n')
}

const STYLES = { allow: 'added', conditional: 'changed', unknown: 'replaced' } as const
const MARKS = { allow: '+', conditional: '~', unknown: '?' } as const

function grantLines(
  { principal, decision, via, conditions }: Grant,
  texts: SourceTexts,
  paint: Paint,
  account: Account | null,
): readonly string[] {
  const lines = [paint(STYLES[decision], `${MARKS[decision]} ${shortPrincipal(principal, account)}`)]
  if (decision === 'unknown')
    lines.push('    not known: it depends on policies or contexts that are not known')
  if (decision === 'allow' && via.length === 0) lines.push('    needs no policy')
  for (const { policy, sid, statement, document } of via) {
    const span = statementSpan(document, statement)
    const name = sid === null || sid === '' ? `statement ${(statement ?? 0) + 1}` : `\`${printable(sid)}\``
    lines.push(
      `    by ${name} of ${shortResource(policy, account)}${span === null ? '' : paint('dim', `  (${lineOf(span, texts)})`)}`,
    )
  }
  return conditions === null ? lines : [...lines, ...conditionLines(conditions)]
}

function conditionLines({ when, unless, example }: GrantConditions): readonly string[] {
  const shown = Object.entries(example ?? {}).map(
    ([key, value]) =>
      `${printable(key)} = ${printable(typeof value === 'string' ? value : value.join(', '))}`,
  )
  return [
    ...when.map((block) => `    when ${blockText(block)}`),
    ...unless.map((block) => `    unless ${blockText(block)}`),
    ...(example === null
      ? []
      : [`    for example with ${shown.length === 0 ? 'none of these keys' : shown.join(' and ')}`]),
  ]
}

const blockText = (block: ConditionsText): string =>
  Object.entries(block)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(
        ([key, values]) => `${printable(operator)} ${printable(key)} = ${values.map(printable).join(', ')}`,
      ),
    )
    .join(' and ')
