import type { Account, PolicyDocument, PolicyStatement } from '../../model/index.ts'
import { matchesPattern } from '../../model/name-pattern.ts'
import { statementParts, statementsOf } from '../../policy/canonical.ts'
import { CONDITION_OPERATORS, OPERATORS, type OperatorMeaning } from '../../policy/operators.ts'
import { anyTakes } from './pattern-lists.ts'

/** A request as far as rules tell requests apart. */
export interface RuleProbe {
  /** In lower case. */
  readonly action: string
  readonly resource: string
}

/** Texts that a rule is about, or those that it is not about. */
interface Patterns {
  readonly entries: readonly string[]
  readonly negated: boolean
}

/** A statement as one principal meets it. The same object for the same one. */
export interface Rule {
  readonly allows: boolean
  /** In lower case. */
  readonly actions: Patterns
  readonly resources: Patterns
  /** Tests of its conditions, each in canonical spelling, that may come out either way. */
  readonly tests: readonly string[]
}

/** What is known of whoever asks. */
export interface RulePrincipal {
  readonly name: string
  readonly tags: ReadonlyMap<string, string>
}

/** Only principals are read by their account, and these statements name none. */
const NOWHERE: Account = { id: '', partition: 'aws' }

const UNKNOWN = 'what `'

/** Whether nobody knows what it allows or denies. */
export const isOfUnknownPolicy = ({ tests }: Rule): boolean => tests.some((test) => test.startsWith(UNKNOWN))

const ANYTHING: Patterns = { entries: ['*'], negated: false }

/** Reads documents into rules, each once. */
export class RuleReader {
  readonly #known = new Map<string, Rule | null>()
  readonly #documents = new WeakMap<PolicyDocument, Map<string, readonly Rule[]>>()

  /** Of somebody with other tags some statements are other rules. */
  read(document: PolicyDocument, principal: RulePrincipal): readonly Rule[] {
    const key = principalKey(document, principal)
    const known = this.#documents.get(document) ?? new Map<string, readonly Rule[]>()
    this.#documents.set(document, known)
    let rules = known.get(key)
    if (rules === undefined) {
      rules = statementsOf(document).flatMap((statement) => this.#rule(statement, principal) ?? [])
      known.set(key, rules)
    }
    return rules
  }

  /** A policy of which no text is known: it allows or denies something, and nobody knows what. */
  unknown(arn: string, allows: boolean): Rule {
    const key = `${UNKNOWN}${arn}\` ${allows ? 'allows' : 'denies'}`
    const known = this.#known.get(key)
    if (known != null) return known
    const rule: Rule = { allows, actions: ANYTHING, resources: ANYTHING, tests: [key] }
    this.#known.set(key, rule)
    return rule
  }

  #rule(statement: PolicyStatement, principal: RulePrincipal): Rule | null {
    const made = ruleOf(statement, principal)
    const key = JSON.stringify(made)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#known.set(key, made)
    return made
  }
}

/** What a document says of whoever asks, besides the statements themselves. */
function principalKey(document: PolicyDocument, { name, tags }: RulePrincipal): string {
  let spoken = spokenOf.get(document)
  if (spoken === undefined) {
    const text = JSON.stringify(document).toLowerCase()
    spoken = text.includes('aws:principaltag') ? 'tags' : text.includes('aws:username') ? 'name' : 'nothing'
    spokenOf.set(document, spoken)
  }
  return spoken === 'tags' ? JSON.stringify([name, [...tags].sort()]) : spoken === 'name' ? name : ''
}

/** Which facts of whoever asks a document speaks of. */
const spokenOf = new WeakMap<PolicyDocument, 'tags' | 'name' | 'nothing'>()

/** null: it never matches. */
function ruleOf(statement: PolicyStatement, principal: RulePrincipal): Rule | null {
  const parts = new Map(statementParts(statement, NOWHERE))
  const patterns = (element: string): Patterns => {
    const listed = parts.get(element)
    if (listed !== undefined) return { entries: listed, negated: false }
    const excepted = parts.get(`Not${element}`)
    return excepted === undefined ? ANYTHING : { entries: excepted, negated: true }
  }
  const tests: string[] = []
  for (const entry of parts.get('Condition') ?? []) {
    const outcome = testOf(entry, principal)
    if (outcome === false) return null
    if (outcome !== true) tests.push(outcome)
  }
  const resources = patterns('Resource')
  return {
    allows: statement.Effect === 'Allow',
    actions: patterns('Action'),
    resources: { ...resources, entries: resources.entries.map((entry) => filledIn(entry, principal)) },
    tests,
  }
}

const VARIABLE = /\$\{aws:(?:(username)|principaltag\/([^},]+))[^}]*\}/gi

/** With what is known of who asks in place of its variables. What is unknown stays, and is a text of its own. */
const filledIn = (pattern: string, { name, tags }: RulePrincipal): string =>
  pattern.replaceAll(VARIABLE, (variable: string, user: string | undefined, tag: string | undefined) =>
    user !== undefined ? name : (tagOf(tags, tag ?? '') ?? variable),
  )

/** Keys of tags are the same in any case. */
const tagOf = (tags: ReadonlyMap<string, string>, key: string): string | undefined =>
  [...tags].find(([each]) => each.toLowerCase() === key.toLowerCase())?.[1]

/** Without a quantifier and `IfExists`, in lower case. */
const PLAIN_OPERATORS: ReadonlyMap<string, OperatorMeaning> = new Map(
  CONDITION_OPERATORS.map((operator) => [operator.toLowerCase(), OPERATORS[operator]]),
)

/**
 * A test of a tag of who asks comes out by that tag, where it is a plain one. Any other test may come out either way,
 * whatever others do; one of another value of the tag is another test.
 */
function testOf(entry: string, { tags }: RulePrincipal): boolean | string {
  const [operator, key, values] = JSON.parse(entry) as [string, string, string | readonly string[]]
  const tag = /^aws:principaltag\/(.*)$/.exec(key)?.[1]
  if (tag === undefined) return entry
  const value = tagOf(tags, tag)
  const isPlain = Array.isArray(values) && values.every((each) => !each.includes('${'))
  const meaning = PLAIN_OPERATORS.get(operator)
  if (meaning?.family === 'string' && meaning.form !== 'folded' && isPlain) {
    const matches = (each: string) =>
      meaning.form === 'glob' ? matchesPattern(each, value ?? '') : each === value
    return (value !== undefined && values.some(matches)) !== meaning.negated
  }
  return `${entry} of ${value === undefined ? 'nothing' : JSON.stringify(value)}`
}

export const isAbout = ({ actions, resources }: Rule, { action, resource }: RuleProbe): boolean =>
  takesText(actions, action) && takesText(resources, resource)

export const takesText = ({ entries, negated }: Patterns, text: string): boolean =>
  anyTakes(entries, text) !== negated
