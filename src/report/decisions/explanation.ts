import { type SourceTexts, sourceJson } from '../../diagnostics/index.ts'
import type {
  FailedPart,
  LayerExplanation,
  PolicyExplanation,
  StatementExplanation,
} from '../../evaluator/explaining/explanation.ts'
import type { Account, PlacedDocument } from '../../model/index.ts'
import { operatorText } from '../../policy/operator-spelling.ts'
import { counted, painter, printable } from '../layout/paint.ts'
import { type NamingOptions, shortResource } from '../questions/principals-text.ts'
import { type Explained, LAYERS, lineOf, statementSpan } from './evaluation.ts'

/** The key `explanation` of `evaluate --json`: every layer, policy and statement. */
export const explanationJson = ({ explanation, documentOf }: Explained, texts: SourceTexts): object => ({
  layers: explanation.layers.map(({ layer, level, verdict, policies }) => ({
    layer,
    level,
    verdict,
    policies: policies.map(({ policy, statements }) => ({
      policy: policy === '' ? null : policy,
      statements: statements.map(({ sid, statement, effect, failed }) => {
        const span = statementSpan(documentOf(layer, policy), statement)
        return {
          sid,
          statement,
          effect,
          matches: failed === null,
          failed,
          ...(span === null ? { file: null, line: null } : sourceJson(span, texts)),
        }
      }),
    })),
  })),
})

const VERDICTS: Readonly<Record<LayerExplanation['verdict'], string>> = {
  allow: 'allow',
  explicit_deny: 'deny',
  implicit_deny: 'no allow',
  not_applicable: 'does not apply to this principal',
}

/** Each layer's verdict, and of each statement that is about the action what it said or what failed first. */
export function explanationText(
  { explanation, documentOf }: Explained,
  texts: SourceTexts,
  { color, account = null }: NamingOptions = { color: false },
): string {
  const paint = painter(color)
  const lines: string[] = ['layer by layer']
  for (const { layer, level, verdict, policies } of explanation.layers) {
    const title = `${LAYERS[layer]}${level === null ? '' : `, level ${level + 1}`}: ${VERDICTS[verdict]}`
    lines.push('', paint(styleOf(verdict), title))
    if (policies.length === 0) lines.push('  no policies')
    for (const each of policies)
      lines.push(
        ...policyLines(each, documentOf(layer, each.policy), texts, account).map((line) => `  ${line}`),
      )
  }
  return lines.join('\n')
}

const styleOf = (verdict: LayerExplanation['verdict']) =>
  verdict === 'allow' ? 'added' : verdict === 'not_applicable' ? 'dim' : 'removed'

function policyLines(
  { policy, statements }: PolicyExplanation,
  document: PlacedDocument | null,
  texts: SourceTexts,
  account: Account | null,
): readonly string[] {
  if (policy === '') return ['(not known)']
  const about = statements.filter(({ failed }) => failed?.part !== 'action')
  const others = statements.length - about.length
  return [
    shortResource(policy, account),
    ...about.map((statement) => `  ${statementLine(statement)}${placeSuffix(document, statement, texts)}`),
    ...(others === 0 ? [] : [`  ${counted(others, 'statement')} about other actions`]),
  ]
}

function statementLine({ statement, sid, effect, failed }: StatementExplanation): string {
  const name = sid === null || sid === '' ? `statement ${statement + 1}` : `\`${printable(sid)}\``
  if (failed === null) return `${name} ${effect === 'Allow' ? 'allows it' : 'denies it'}`
  return `${name} (${effect}) does not match: ${failureText(failed)}`
}

function failureText(failed: FailedPart): string {
  if (failed.part !== 'condition') return `the ${failed.part}`
  const { key, expected, given } = failed
  const wanted = expected.length === 0 ? '(no values)' : expected.map(printable).join(', ')
  const found =
    given === null ? 'the request has no such key' : `the request has ${given.map(printable).join(', ')}`
  return `${operatorText(failed)} ${printable(key)} = ${wanted}; ${found}`
}

function placeSuffix(
  document: PlacedDocument | null,
  { statement }: StatementExplanation,
  texts: SourceTexts,
): string {
  const span = statementSpan(document, statement)
  return span === null ? '' : `  (${lineOf(span, texts)})`
}
