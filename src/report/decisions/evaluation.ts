import {
  type Located,
  nodeAt,
  placeOf,
  type SourceTexts,
  type Span,
  sourceJson,
  spanOf,
} from '../../diagnostics/index.ts'
import type { Decision, Layer, Reason, Request } from '../../evaluator/decision.ts'
import type { Explanation } from '../../evaluator/explaining/explanation.ts'
import type { Account, PlacedDocument } from '../../model/index.ts'
import { painter, printable } from '../layout/paint.ts'
import { listedStatements } from '../plans/statement-text.ts'
import { type NamingOptions, shortPrincipal, shortResource } from '../questions/principals-text.ts'
import { matchedExcerpt, matchedStatementLines } from './matched-statement.ts'

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
  const node = statementNode(document, statement)
  return node === null ? null : spanOf(node)
}

function statementNode(document: PlacedDocument | null, statement: number | null): Located | null {
  if (document?.located == null) return null
  const statements = statement === null ? null : nodeAt(document.located, ['Statement'])
  if (statements === null || statement === null) return document.located
  return nodeAt(statements, [statement]) ?? statements
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

/**
 * The decision, the question, and why: policy, statement, its place and its text.
 * @param options `account`: the only one there is, whose principals and policies are called by their names
 */
export function evaluationText(
  { request, decision, reasons, note }: Answer,
  texts: SourceTexts,
  { color, account = null }: NamingOptions = { color: false },
): string {
  const paint = painter(color)
  const lines = [
    paint(decision === 'allow' ? 'added' : 'removed', VERDICTS[decision]),
    `  principal  ${shortPrincipal(request.principal, account)}`,
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
  const open = reasons.filter(isFullAccess)
  for (const reason of reasons) {
    if (isFullAccess(reason)) continue
    lines.push('')
    if (reason.statement === null) {
      lines.push(...silentLayer(reason, texts, account))
      continue
    }
    const sid =
      reason.sid === null || reason.sid === ''
        ? `statement ${reason.statement + 1}`
        : `\`${printable(reason.sid)}\``
    lines.push(
      `${paint(reason.effect === 'Allow' ? 'added' : 'removed', reason.effect)} by ${sid} of ${shortResource(reason.policy, account)} (${LAYERS[reason.layer]})`,
    )
    const span = statementSpan(reason.document, reason.statement)
    if (span === null) {
      const statement = listedStatements(reason.document?.json ?? null)[reason.statement]
      if (statement !== undefined)
        lines.push(...matchedStatementLines(statement, request).map((line) => paint('dim', `    ${line}`)))
    } else {
      lines.push(`  --> ${lineOf(span, texts)}`)
      const node = statementNode(reason.document, reason.statement)
      const range = linesOf(span, texts)
      if (node !== null && range !== null)
        lines.push(...matchedExcerpt(node, range, request, texts).map((line) => paint('dim', line)))
    }
  }
  if (open.length > 0) lines.push('', fullAccessText(open))
  return lines.join('\n')
}

const CONTROL: ReadonlySet<Layer> = new Set<Layer>(['scp', 'rcp'])

/** Whether a control policy allows it as everything else: nothing to look at. */
function isFullAccess({ layer, effect, statement, document }: Answer['reasons'][number]): boolean {
  if (!CONTROL.has(layer) || effect !== 'Allow' || statement === null) return false
  const own = listedStatements(document?.json ?? null)[statement]
  if (own === undefined || own.Condition !== undefined) return false
  return isStar(own.Action) && isStar(own.Resource)
}

const isStar = (value: unknown): boolean => String(value) === '*'

/** Levels of an organization that limit nothing. */
function fullAccessText(reasons: Answer['reasons']): string {
  const layers = [...new Set(reasons.map(({ layer }) => layer))].map((layer) => {
    const own = reasons.filter((reason) => reason.layer === layer)
    const names = [...new Set(own.map(({ policy }) => printable(policy)))]
    return `${names.join(', ')} (${LAYERS[layer]}${own.length > 1 ? `, at ${own.length} levels` : ''})`
  })
  return `Allow, as of everything, by ${layers.join(' and by ')}`
}

const linesOf = (span: Span, texts: SourceTexts) => {
  const first = texts.positionAt(span.file, span.start)?.line
  const last = texts.positionAt(span.file, Math.max(span.start, span.end - 1))?.line
  return first === undefined || last === undefined ? null : { first, last }
}

/** A layer that did not allow; with the policy that spoke of the request in vain, where there is one. */
function silentLayer(
  reason: Answer['reasons'][number],
  texts: SourceTexts,
  account: Account | null,
): readonly string[] {
  if (reason.policy === '') return [`no statement of the ${LAYERS[reason.layer]} allows it`]
  const span = statementSpan(reason.document, null)
  return [
    `${shortResource(reason.policy, account)} (${LAYERS[reason.layer]}) does not allow it`,
    ...(span === null ? [] : [`  --> ${lineOf(span, texts)}`]),
  ]
}

/** Where a span stands: file and line. */
export const lineOf = (span: Span, texts: SourceTexts): string =>
  printable(placeOf(span, texts)).replace(/:\d+$/, '')
