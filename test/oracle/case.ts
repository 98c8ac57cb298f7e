// A decision case as `evaluate --batch` reads it: plain JSON, nothing shared with `src/`.

type Text = string | number | boolean
export type Texts = Text | readonly Text[]

export interface Statement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: '*' | Readonly<Record<string, Texts>>
  readonly NotPrincipal?: '*' | Readonly<Record<string, Texts>>
  readonly Action?: Texts
  readonly NotAction?: Texts
  readonly Resource?: Texts
  readonly NotResource?: Texts
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Texts>>>>
}

export interface Document {
  readonly Version?: string
  readonly Id?: string
  readonly Statement: Statement | readonly Statement[]
}

export interface CaseRequest {
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly resourceAccount?: string
  readonly context?: Readonly<Record<string, string | readonly string[]>>
}

export interface CasePolicies {
  readonly identity?: readonly Document[] | null
  readonly resource?: Document | null
  readonly boundary?: readonly Document[] | null
  readonly scp?: readonly (readonly Document[])[] | null
  readonly rcp?: readonly (readonly Document[])[] | null
  readonly session?: readonly Document[] | null
  readonly endpoint?: readonly Document[] | null
  readonly endpointType?: 'interface' | 'gateway'
}

export type Decision = 'allow' | 'explicit_deny' | 'implicit_deny'

export interface Given {
  readonly request: CaseRequest
  /** Of a federated user: the ARN of the user who asked for the credentials. */
  readonly parent?: string
  readonly policies: CasePolicies
}

export const listOf = <T>(value: T | readonly T[] | undefined | null): readonly T[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value as T]
