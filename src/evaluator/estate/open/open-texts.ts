import { OPERATORS } from '../../../policy/operators.ts'
import type { ParsedCondition, ParsedPolicy } from '../../../policy/parsed.ts'
import { splitVariables, type VariablePart, variableNames } from '../../../policy/variables.ts'
import { callerContext, principalContext } from '../../keys/context.ts'
import type { Question } from '../../question.ts'
import type { OpenFacts } from './open-principal.ts'

/** By key in lower case: what it is; null where it is known to be absent; undefined where it is open. */
export type KnownValues = (key: string) => readonly string[] | null | undefined

/** The texts that a text of a policy stands for: none where one of its variables has no value. */
export type Texts = (text: string) => readonly string[]

/** More readings of one text are not tried. */
const MOST_READINGS = 16

/** What the question, who asks and what is asked about settle. @param isOpen of a key in lower case */
export function knownValuesBy(
  { request }: Question,
  { principal, resource }: OpenFacts,
  isOpen: (key: string) => boolean,
): KnownValues {
  const { facts, base } = principal
  const derived = [...principalContext(facts, base), ...callerContext(facts, request.action)]
  const values = new Map<string, readonly string[]>(derived.map(([key, value]) => [key, [value]]))
  if (resource.owner !== null) values.set('aws:resourceaccount', [resource.owner])
  for (const [key, given] of request.context) values.set(key.toLowerCase(), given)
  return (key) => {
    const lower = key.toLowerCase()
    return isOpen(lower) ? undefined : (values.get(lower) ?? null)
  }
}

/** A text with what is known in the places of its variables: only the others still stand in it. */
export function withKnownValues(text: string, known: KnownValues): string {
  const { parts } = text.includes('${') ? splitVariables(text) : { parts: null }
  return parts === null ? text : parts.map((part) => knownPart(part, known)).join('')
}

function knownPart(part: VariablePart, known: KnownValues): string {
  if (part.kind === 'text') return part.text
  if (part.kind === 'character') return part.character
  const { name, fallback } = part
  const given = known(name)
  const whole = `\${${name}${fallback === null ? '' : `, '${fallback}'`}}`
  if (given === undefined) return whole
  // Of several values it has none, nor its default.
  return given === null ? (fallback ?? whole) : given.length === 1 ? (given[0] ?? whole) : whole
}

/** @param guesses values to try for variables that nothing settles, by name in lower case */
export const textsWith =
  (known: KnownValues, guesses: ReadonlyMap<string, readonly string[]> = new Map()): Texts =>
  (text) => {
    const { parts } = text.includes('${') ? splitVariables(text) : { parts: null }
    if (parts === null) return text.includes('${') ? [] : [text]
    let readings: readonly string[] = ['']
    for (const part of parts) {
      const isGuess = part.kind === 'variable' && known(part.name) === undefined
      const own = isGuess
        ? [
            ...(guesses.get(part.name.toLowerCase()) ?? []),
            ...(part.fallback === null ? [] : [part.fallback]),
          ]
        : [knownPart(part, known)].filter((each) => part.kind !== 'variable' || !each.startsWith('${'))
      readings = readings.flatMap((begun) => own.map((each) => begun + each)).slice(0, MOST_READINGS)
    }
    return readings
  }

/** The variables in a condition's values: only texts and ARNs of documents of 2012-10-17 have any. */
export function conditionVariables(
  { operator, values }: ParsedCondition,
  version: ParsedPolicy['version'],
): readonly string[] {
  const { reads } = OPERATORS[operator]
  return version === '2012-10-17' && (reads === 'string' || reads === 'arn')
    ? values.flatMap(variableNames)
    : []
}
