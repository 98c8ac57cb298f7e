/** A name that nothing is known by, or that can't mean what it is written for. */
export interface NameProblem {
  readonly code: NameCode
  readonly message: string
  readonly help: string
}

type NameCode =
  | 'names.unknown-action'
  | 'names.unknown-service'
  | 'names.unknown-condition-key'
  | 'names.unknown-service-principal'
  | 'names.kind-of-value'
  | 'names.resource-form'
  | 'names.unknown-policy'
  | 'names.unknown-provider'
  | 'names.missing-dollar'
  | 'names.action-resource'
  | 'names.action-key'
  | 'names.partition'

/** "did you mean": a help line of one suggestion. */
export const meant = (suggestion: string): string => `did you mean \`${suggestion}\`?`
