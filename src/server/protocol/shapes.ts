import { services } from '#generated/protocol'

/** What a value is like, by the service's model. */
export type Shape =
  | 'text'
  | 'number'
  | 'boolean'
  | 'time'
  | 'blob'
  | { readonly list: Shape }
  | { readonly key: Shape; readonly value: Shape }
  | { readonly structure: string }
  /** Never to be logged, nor quoted in an error. */
  | { readonly secret: Shape }

type MemberShapes = Readonly<Record<string, Shape>>

/** Of a text or list how long, of a number how much. */
export interface Constraint {
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  readonly enum?: readonly string[]
  /** Of each item of a list. */
  readonly each?: Omit<Constraint, 'each'>
}

interface OperationModel {
  /** Structures by name; null: takes, or answers, nothing. */
  readonly input: string | null
  readonly output: string | null
  readonly required: readonly string[]
}

interface ServiceModel {
  readonly operations: Readonly<Record<string, OperationModel>>
  readonly structures: Readonly<Record<string, MemberShapes>>
  /** By structure and member. */
  readonly constraints: Readonly<Record<string, Readonly<Record<string, Constraint>>>>
  /** The HTTP status of each error, by its code. */
  readonly errors: Readonly<Record<string, number>>
}

export type ServiceName = 'iam' | 'sts'

/** A service of one port, which requests name by the version of its API. */
export interface Service {
  readonly name: ServiceName
  readonly version: string
  readonly namespace: string
  readonly model: ServiceModel
}

const models = services as Readonly<Record<ServiceName, ServiceModel>>

const serviceOf = (name: ServiceName, version: string): Service => ({
  name,
  version,
  namespace: `https://${name}.amazonaws.com/doc/${version}/`,
  model: models[name],
})

/** @see IAM API Reference and AWS STS API Reference, "Common Parameters": Version */
export const SERVICES: readonly Service[] = [serviceOf('iam', '2010-05-08'), serviceOf('sts', '2011-06-15')]

/** @returns undefined also of what every object has */
export const operationIn = ({ model }: Service, name: string): OperationModel | undefined =>
  Object.hasOwn(model.operations, name) ? model.operations[name] : undefined

export function membersIn({ model }: Service, structure: string): MemberShapes {
  const members = model.structures[structure]
  if (members === undefined) throw new Error(`the model has no structure ${structure}`)
  return members
}
