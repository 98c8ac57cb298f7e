import type { Declarations } from '../../model/declarations.ts'
import { jsonOf } from '../../model/index.ts'
import { type RecordedFacts, recalledFacts } from '../../model/recorded-facts.ts'

/** @returns null for a text that no apply has written */
export function readDeclarations(text: string): Declarations | null {
  const json = parsed(text)
  const isDeclarations =
    isRecord(json) &&
    Object.values(json).every(
      (attributes) =>
        isRecord(attributes) &&
        Object.values(attributes).every(
          (members) => Array.isArray(members) && members.every((member) => typeof member === 'string'),
        ),
    )
  return isDeclarations ? (json as Declarations) : null
}

/** @returns null for a text that no apply has written */
export function readFacts(text: string): RecordedFacts | null {
  const json = parsed(text)
  if (!isRecord(json) || !Array.isArray(json.resources)) return null
  const { principals = {} } = json
  if (!isRecord(principals) || !Object.values(principals).every((arn) => typeof arn === 'string')) return null
  const facts = json as unknown as RecordedFacts
  try {
    const { organization, resources } = recalledFacts(facts)
    const documents = [
      ...[...resources.values()].flatMap(({ policy }) => (policy === null ? [] : [jsonOf(policy)])),
      ...(organization === null
        ? []
        : [
            ...Object.values(facts.organization?.serviceControlPolicies ?? {}),
            ...Object.values(facts.organization?.resourceControlPolicies ?? {}),
          ]),
    ]
    const named = [...resources.values()].every(
      ({ arn, account }) => typeof arn === 'string' && typeof account === 'string',
    )
    return named && documents.every((document) => isRecord(document) && 'Statement' in document)
      ? facts
      : null
  } catch {
    return null
  }
}

/** @returns null for a text that no apply has written */
export function readIds(text: string): readonly string[] | null {
  const json = parsed(text)
  return Array.isArray(json) && json.every((each) => typeof each === 'string') ? json : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
