import { matchesPattern } from '../../../model/name-pattern.ts'
import { type ConditionOperator, OPERATORS } from '../../../policy/operators.ts'
import type { ParsedPolicy, ParsedStatement } from '../../../policy/parsed.ts'
import type { OpenKey } from './open-principal.ts'

const PRINCIPAL_TAG = 'aws:principaltag/'

/**
 * What a tag of a role's session may be, as far as one trust policy's own conditions tell: whoever may assume the role may
 * be bound further.
 * @param key in lower case
 * @returns null: it is no tag, or no session has another than the role's own
 * @see IAM User Guide, "Pass session tags in AWS STS"
 */
export function sessionTagKey(key: string, trust: ParsedPolicy): OpenKey | null {
  if (!key.startsWith(PRINCIPAL_TAG)) return null
  const tag = key.slice(PRINCIPAL_TAG.length)
  const letting = trust.statements.filter((statement) => tagsSessions(statement) && mayPass(statement, tag))
  // Tags are passed when a session begins.
  if (letting.length === 0 || !trust.statements.some((each) => lets(each, ASSUMES))) return null
  const takes = letting.map((statement) => valuesFrom(statement, tag))
  return {
    mayBeAbsent: true,
    begins: '',
    canBe: (value) => takes.some((canBe) => canBe(value)),
    examples: [...takes.flatMap(({ examples }) => examples), 'some-other-value'],
  }
}

const ASSUMES = ['sts:assumerole', 'sts:assumerolewithsaml', 'sts:assumerolewithwebidentity']

const tagsSessions = (statement: ParsedStatement): boolean => lets(statement, ['sts:tagsession'])

/** Whether a statement allows one of some actions, in lower case. */
const lets = (
  { effect, action: { negated, entries } }: ParsedStatement,
  actions: readonly string[],
): boolean =>
  effect === 'Allow' &&
  actions.some(
    (action) =>
      entries.some((entry) => /^\*(?::\*)?$/.test(entry) || matchesPattern(entry.toLowerCase(), action)) !==
      negated,
  )

/** Whether a list of keys leaves room for one. */
const mayPass = ({ conditions }: ParsedStatement, tag: string): boolean =>
  conditions.every(
    ({ key, operator, quantifier, values }) =>
      key.toLowerCase() !== 'aws:tagkeys' ||
      quantifier !== 'ForAllValues' ||
      boundForm(operator) === null ||
      values.some((value) => matchesPattern(value.toLowerCase(), tag)),
  )

/** How an operator binds a tag to some values; null: it isn't known to. */
function boundForm(operator: ConditionOperator): 'exact' | 'glob' | null {
  const meaning = OPERATORS[operator]
  return meaning.family === 'string' && !meaning.negated && meaning.form !== 'folded' ? meaning.form : null
}

interface Values {
  (value: string): boolean
  readonly examples: readonly string[]
}

function valuesFrom({ conditions }: ParsedStatement, tag: string): Values {
  const bounds = conditions.filter(
    ({ key, operator, values }) =>
      key.toLowerCase() === `aws:requesttag/${tag}` &&
      boundForm(operator) !== null &&
      !values.some((value) => value.includes('${')),
  )
  const canBe = (value: string) =>
    bounds.every(({ operator, values }) =>
      values.some((each) => (boundForm(operator) === 'glob' ? matchesPattern(each, value) : each === value)),
    )
  return Object.assign(canBe, {
    examples: bounds.flatMap(({ operator, values }) =>
      boundForm(operator) === 'exact' ? values : values.map((each) => each.replace(/[*?]/g, 'x')),
    ),
  })
}
