import { type Account, entityArn, isAwsManagedPolicyArn, type PolicyDocument } from '../../model/index.ts'
import type { WriteOperation, WriteOperations } from '../../model/operations.ts'
import type { StepCall } from '../../model/step.ts'
import type { Effects } from '../effects.ts'
import { type Rule, RuleReader } from './rules.ts'
import { type Situation, Situations } from './situation.ts'

/** What a user, group or role holds. Replaced, never changed. */
export interface Holding {
  readonly name: string
  readonly managed: readonly string[]
  /** null: what it says isn't known. */
  readonly inline: ReadonlyMap<string, PolicyDocument | null>
  /** Of a user. */
  readonly groups: readonly string[]
  readonly boundary: string | null
  readonly tags: ReadonlyMap<string, string>
}

/** As much of an account as decides the requests of some. Users, groups and roles by `kind/name`, policies by ARN. */
export interface View {
  readonly account: Account
  readonly holdings: Map<string, Holding>
  /** null: what it says isn't known. */
  readonly documents: Map<string, PolicyDocument | null>
  /** Documents by their texts, shared by all copies: a text that was read before is the same document. */
  readonly texts: Map<string, PolicyDocument>
}

export const copyOf = (view: View): View => ({
  ...view,
  holdings: new Map(view.holdings),
  documents: new Map(view.documents),
})

type Input<O extends WriteOperation> = WriteOperations[O]['input']
type Text = string | undefined
interface Tag {
  readonly Key: Text
  readonly Value: Text
}

const freshHolding = (name: string, boundary: Text, tags: readonly Tag[] = []): Holding => ({
  name,
  managed: [],
  inline: new Map(),
  groups: [],
  boundary: boundary ?? null,
  tags: tagsOf(tags),
})

const tagsOf = (tags: readonly Tag[]): ReadonlyMap<string, string> =>
  new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]))

const without = <T>(list: readonly T[], gone: T): readonly T[] => list.filter((each) => each !== gone)

const withoutKey = <V>(map: ReadonlyMap<string, V>, gone: (key: string) => boolean): ReadonlyMap<string, V> =>
  new Map([...map].filter(([key]) => !gone(key)))

function read(text: Text, { texts }: View): PolicyDocument {
  const known = texts.get(text ?? '')
  if (known !== undefined) return known
  const document = JSON.parse(text ?? '{}') as PolicyDocument
  texts.set(text ?? '', document)
  return document
}

/** Whom a call of an entity is about; null: it is about a policy, or decides nothing. */
export function holderOf({ operation, input }: StepCall): string | null {
  // Which of the two names an input has says what it is about: a membership is the user's.
  if ('UserName' in input && input.UserName !== undefined) return `user/${input.UserName}`
  if ('RoleName' in input && input.RoleName !== undefined) return `role/${input.RoleName}`
  if (operation.includes('Group') && 'GroupName' in input) return `group/${input.GroupName ?? ''}`
  return null
}

/** Of which policy a call writes the document; null: of none. */
export function documentArn({ operation, input }: StepCall, account: Account): string | null {
  if (operation === 'CreatePolicyVersion') return input.PolicyArn ?? ''
  if (operation !== 'CreatePolicy') return null
  return entityArn(account, 'policy', input.Path ?? '/', input.PolicyName ?? '')
}

/** What a call does to a holding; null: it goes. */
function changed(now: Holding, { operation, input }: StepCall, view: View): Holding | null {
  switch (operation) {
    case 'AttachUserPolicy':
    case 'AttachGroupPolicy':
    case 'AttachRolePolicy':
      return { ...now, managed: [...now.managed, input.PolicyArn ?? ''] }
    case 'DetachUserPolicy':
    case 'DetachGroupPolicy':
    case 'DetachRolePolicy':
      return { ...now, managed: without(now.managed, input.PolicyArn ?? '') }
    case 'PutUserPolicy':
    case 'PutGroupPolicy':
    case 'PutRolePolicy':
      return {
        ...now,
        inline: new Map([...now.inline, [input.PolicyName ?? '', read(input.PolicyDocument, view)]]),
      }
    case 'DeleteUserPolicy':
    case 'DeleteGroupPolicy':
    case 'DeleteRolePolicy':
      return { ...now, inline: withoutKey(now.inline, (key) => key === input.PolicyName) }
    case 'AddUserToGroup':
      return { ...now, groups: [...now.groups, input.GroupName ?? ''] }
    case 'RemoveUserFromGroup':
      return { ...now, groups: without(now.groups, input.GroupName ?? '') }
    case 'PutUserPermissionsBoundary':
    case 'PutRolePermissionsBoundary':
      return { ...now, boundary: input.PermissionsBoundary ?? null }
    case 'DeleteUserPermissionsBoundary':
    case 'DeleteRolePermissionsBoundary':
      return { ...now, boundary: null }
    case 'TagUser':
    case 'TagRole':
      return { ...now, tags: new Map([...now.tags, ...tagsOf(input.Tags ?? [])]) }
    case 'UntagUser':
    case 'UntagRole':
      return { ...now, tags: withoutKey(now.tags, (key) => input.TagKeys?.includes(key) ?? false) }
    case 'DeleteUser':
    case 'DeleteGroup':
    case 'DeleteRole':
      return null
    default:
      return now
  }
}

/** Carries out a call, as far as it decides requests. */
export function carryOut(call: StepCall, view: View): void {
  const { operation, input } = call
  switch (operation) {
    case 'CreateUser':
    case 'CreateRole': {
      const { PermissionsBoundary, Tags } = input as Input<'CreateUser'> | Input<'CreateRole'>
      const key = holderOf(call) ?? ''
      view.holdings.set(key, freshHolding(key.slice(5), PermissionsBoundary, (Tags ?? []) as readonly Tag[]))
      return
    }
    case 'CreateGroup':
      view.holdings.set(`group/${input.GroupName ?? ''}`, freshHolding(input.GroupName ?? '', undefined))
      return
    case 'CreatePolicy':
    case 'CreatePolicyVersion':
      view.documents.set(documentArn(call, view.account) ?? '', read(input.PolicyDocument, view))
      return
    default: {
      const key = holderOf(call)
      const now = key === null ? undefined : view.holdings.get(key)
      if (key === null || now === undefined) return
      const next = changed(now, call, view)
      if (next === null) view.holdings.delete(key)
      else view.holdings.set(key, next)
    }
  }
}

const DENY_ALL: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
}

/** The text of one of AWS's own policies; null: it isn't known. */
export type AwsDocuments = (arn: string) => PolicyDocument | null

/** Reads what decides somebody's requests out of a view. */
export class SituationReader {
  readonly #rules = new RuleReader()
  readonly #situations = new Situations()
  readonly #aws: AwsDocuments
  readonly #effects: Effects

  constructor(aws: AwsDocuments, effects: Effects) {
    this.#aws = aws
    this.#effects = effects
  }

  /** This tool attaches one itself, and so knows it without being told. */
  #awsDocument(arn: string): PolicyDocument | null {
    return arn.endsWith('/AWSDenyAll') ? DENY_ALL : this.#aws(arn)
  }

  /** A document that nobody can read: it may allow as well as deny. */
  #unknown(name: string): readonly Rule[] {
    return [this.#rules.unknown(name, true), this.#rules.unknown(name, false)]
  }

  situationOf(key: string, view: View): Situation {
    const holding = view.holdings.get(key)
    if (holding === undefined) return this.#situations.nothing
    const managed = (arn: string) => {
      const document = isAwsManagedPolicyArn(arn) ? this.#awsDocument(arn) : view.documents.get(arn)
      if (document === null && view.documents.has(arn)) return this.#unknown(arn)
      if (document == null) return [this.#rules.unknown(arn, this.#effects.ofPolicy(arn) === 'allows')]
      return this.#rules.read(document, holding)
    }
    const held = ({ name, managed: arns, inline }: Holding) => [
      ...arns.flatMap(managed),
      ...[...inline].flatMap(([policy, document]) =>
        document === null ? this.#unknown(`${policy} of ${name}`) : this.#rules.read(document, holding),
      ),
    ]
    const groups = holding.groups.flatMap((name) => view.holdings.get(`group/${name}`) ?? [])
    return this.#situations.of(
      [holding, ...groups].flatMap(held),
      holding.boundary === null ? null : managed(holding.boundary),
    )
  }
}
