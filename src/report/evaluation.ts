import { nodeAt, placeOf, type SourceTexts, type Span, sourceJson, spanOf } from '../diagnostics/index.ts'
import type { Decision, Layer, Reason, Request } from '../evaluator/decision.ts'
import type { Explanation } from '../evaluator/explanation.ts'
import type { PlacedDocument } from '../model/index.ts'
import { painter, printable } from './paint.ts'
import type { TextOptions } from './plan-text.ts'
import { statementLines, statementsOf } from './statement-text.ts'

/** A decision with everything it takes to say why. */
export interface Answer {
  readonly request: Request
  readonly decision: Decision
  readonly reasons: readonly (Reason & { readonly document: PlacedDocument | null })[]
  /** What it takes for granted, or rests on besides. */
  readonly note: { readonly code: string; readonly message: string } | null
  /** Absent: it was not asked for. */
  readonly explained?: Explained
}

/** A decision taken apart. */
export interface Explained {
  readonly explanation: Explanation
  /** The document of a policy that the explanation names; null: it isn't known, or has no place. */
  documentOf(layer: Layer, policy: string): PlacedDocument | null
}

/** `evaluate --json`, but for `formatVersion` and `diagnostics`. */
export const evaluationJson = ({ decision, reasons }: Answer, texts: SourceTexts): object => ({
  decision,
  reasons: reasons.map(({ layer, policy, sid, effect, statement, document }) => {
    const span = statementSpan(document, statement)
    return {
      layer,
      policy,
      sid,
      effect,
      ...(span === null ? { file: null, line: null } : sourceJson(span, texts)),
    }
  }),
})

/** Where a statement stands in its file, or null: an AWS managed policy, or one read from a target. */
export function statementSpan(document: PlacedDocument | null, statement: number | null): Span | null {
  if (document?.located == null) return null
  if (statement === null) return spanOf(document.located)
  const statements = nodeAt(document.located, ['Statement'])
  if (statements === null) return spanOf(document.located)
  return spanOf(nodeAt(statements, [statement]) ?? statements)
}

const VERDICTS: Readonly<Record<Decision, string>> = {
  allow: 'allowed',
  explicit_deny: 'denied: a statement denies it',
  implicit_deny: 'denied: nothing allows it',
}

export const LAYERS: Readonly<Record<Layer, string>> = {
  identity: 'identity policies',
  boundary: 'permissions boundary',
  session: 'session policies',
  scp: 'service control policies',
  rcp: 'resource control policies',
  resource: 'resource policy',
  endpoint: 'endpoint policy',
}

/** The decision, the question, and why: policy, statement, its place and its text. */
export function evaluationText(
  { request, decision, reasons, note }: Answer,
  texts: SourceTexts,
  { color }: TextOptions = { color: false },
): string {
  const paint = painter(color)
  const lines = [
    paint(decision === 'allow' ? 'added' : 'removed', VERDICTS[decision]),
    `  principal  ${printable(request.principal)}`,
    `  action     ${printable(request.action)}`,
    `  resource   ${printable(request.resource)}`,
    ...[...request.context].map(
      ([key, values]) => `  context    ${printable(key)} = ${printable(values.join(', '))}`,
    ),
  ]
  if (note !== null) lines.push('', printable(note.message))
  else if (reasons.length === 0)
    lines.push(
      '',
      decision === 'allow'
        ? 'no policy has to allow it: root may do everything in its account, and some actions of STS need no permission'
        : 'no policy of this principal speaks of it',
    )
  for (const reason of reasons) {
    lines.push('')
    if (reason.statement === null) {
      lines.push(...silentLayer(reason, texts))
      continue
    }
    const sid =
      reason.sid === null || reason.sid === ''
        ? `statement ${reason.statement + 1}`
        : `\`${printable(reason.sid)}\``
    lines.push(
      `${paint(reason.effect === 'Allow' ? 'added' : 'removed', reason.effect)} by ${sid} of ${printable(reason.policy)} (${LAYERS[reason.layer]})`,
    )
    const span = statementSpan(reason.document, reason.statement)
    if (span === null) {
      const statement = statementsOf(reason.document?.json ?? null)[reason.statement]
      if (statement !== undefined)
        lines.push(...cut(statementLines(statement)).map((line) => paint('dim', `    ${line}`)))
    } else {
      lines.push(`  --> ${lineOf(span, texts)}`)
      lines.push(...excerpt(span, texts).map((line) => paint('dim', line)))
    }
  }
  return lines.join('\n')
}

/** A layer that did not allow; with the policy that spoke of the request in vain, where there is one. */
function silentLayer(reason: Answer['reasons'][number], texts: SourceTexts): readonly string[] {
  if (reason.policy === '') return [`no statement of the ${LAYERS[reason.layer]} allows it`]
  const span = statementSpan(reason.document, null)
  return [
    `${printable(reason.policy)} (${LAYERS[reason.layer]}) does not allow it`,
    ...(span === null ? [] : [`  --> ${lineOf(span, texts)}`]),
  ]
}

/** Where a span stands: file and line. */
export const lineOf = (span: Span, texts: SourceTexts): string =>
  printable(placeOf(span, texts)).replace(/:\d+$/, '')

/** Lines of a statement shown before the rest is only counted. */
const MOST_LINES = 16

function excerpt(span: Span, texts: SourceTexts): readonly string[] {
  const first = texts.positionAt(span.file, span.start)?.line
  const last = texts.positionAt(span.file, Math.max(span.start, span.end - 1))?.line
  if (first === undefined || last === undefined) return []
  const width = String(last).length + 2
  const lines: string[] = []
  for (let line = first; line <= last; line++)
    lines.push(`${String(line).padStart(width)} | ${printable(texts.line(span.file, line) ?? '')}`)
  // A block that ends the file, or is followed by an empty line, has those in its span.
  while (lines.length > 1 && /^\s*\d+ \| \s*$/.test(lines.at(-1) ?? '')) lines.pop()
  return cut(lines)
}

const cut = (lines: readonly string[]): readonly string[] =>
  lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES - 1), `    … ${lines.length - MOST_LINES + 1} more lines`]
