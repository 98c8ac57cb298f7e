import type { ActionFacts } from '../../catalog/actions.ts'
import { likelyRegion } from '../../model/index.ts'
import { matchesPattern } from '../../model/name-pattern.ts'
import { OPERATORS } from '../../policy/operators.ts'
import type { ParsedStatement } from '../../policy/parsed.ts'
import { filledTemplate } from '../regions/resource-templates.ts'
import type { FoundRequest } from '../sides/side-finding.ts'
import { filledPattern } from './readable-request.ts'

/** What ARNs are filled with. */
interface Filling {
  readonly account: string
  readonly partition: string
}

/**
 * The same request, with ARNs among its context that people would know: of a form that its service has, with region and name.
 * Reasoning finds the shortest text that fits.
 * @param patterns of a key's values, as policies write them
 * @param isAlike whether the evaluator decides another request as this one
 */
export function withReadableArns(
  request: FoundRequest,
  patterns: (key: string) => readonly string[],
  facts: ActionFacts,
  filling: Filling,
  isAlike: (request: FoundRequest) => boolean,
): FoundRequest {
  let readable = request
  for (const [key, [value, ...more]] of request.context) {
    if (value === undefined || more.length > 0 || !value.startsWith('arn:')) continue
    const found = readableArns(value, () => patterns(key), facts, filling)
      .map((each) => ({ ...readable, context: new Map([...readable.context, [key, [each]]]) }))
      .find(isAlike)
    if (found !== undefined) readable = found
  }
  return readable
}

/** Empty: it is readable as it is, or nothing is known of its service. */
function readableArns(
  value: string,
  patterns: () => readonly string[],
  facts: ActionFacts,
  { account, partition }: Filling,
): readonly string[] {
  const [, , service = '', , owner = '', ...rest] = value.split(':')
  const templates = facts.resourceTypesOfService(service).map(({ arn }) => arn)
  if (templates.some((template) => isOf(template, value))) return []
  const region = likelyRegion(partition)
  const places = { partition, account: /^\d{12}$/.test(owner) ? owner : account, region }
  const written = patterns().flatMap((pattern) => filledPattern(pattern, places) ?? [])
  const [kind = ''] = rest.join(':').split(/[/:]/, 1)
  const ofKind = templates.filter((template) => nameIn(template).startsWith(kind))
  const isFormed = (arn: string) => templates.some((template) => isOf(template, arn))
  return [
    ...written.filter(isFormed),
    ...ofKind.map((template) => filledTemplate(template, places)),
    ...written.filter((arn) => !isFormed(arn)),
  ]
}

const nameIn = (arn: string): string => arn.split(':').slice(5).join(':')

/** Whether an ARN has what a type's has, and a name at its end. */
function isOf(template: string, value: string): boolean {
  const filled = value.split(':')
  const isComplete = template
    .split(':')
    .slice(3, 5)
    .every((part, index) => (part === '') === ((filled[index + 3] ?? '') === ''))
  const pattern = nameIn(template).replace(/\$\{[^}]*\}|\*/g, '?*')
  return isComplete && /\w$/.test(value) && matchesPattern(pattern, nameIn(value))
}

/** What a statement asks a key to be like: what it must not be like is an example of nothing, though others may allow that too. */
export const valuesOf = ({ conditions }: ParsedStatement, wanted: string): readonly string[] =>
  conditions.flatMap(({ operator, key, values }) =>
    key.toLowerCase() === wanted.toLowerCase() && !OPERATORS[operator].negated ? values : [],
  )
