// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `Fn::Sub` looks like template placeholders
import {
  type AccountState,
  type IdentityState,
  isUnknown,
  type PolicyState,
  type StateDocument,
} from '../../../src/model/index.ts'
import type { Choice } from '../tfplan/plan-of-states.ts'

type Values = Record<string, unknown>

/** A template of an account, each thing in it written in one of the ways that CloudFormation has for it. */
export function templateOfState(state: AccountState, choice: Choice): Values {
  const writer = new Writer(state, choice)
  for (const each of state.entities.policy.values()) writer.policy(each)
  for (const kind of ['group', 'user', 'role'] as const)
    for (const each of state.entities[kind].values()) writer.identity(each)
  return writer.template
}

const jsonOf = (document: StateDocument): unknown => {
  if (isUnknown(document)) throw new Error('a document that is not known')
  return document.json
}

const TYPES = { user: 'AWS::IAM::User', group: 'AWS::IAM::Group', role: 'AWS::IAM::Role' } as const
const NAMES = { user: 'UserName', group: 'GroupName', role: 'RoleName' } as const
const LISTS = { user: 'Users', group: 'Groups', role: 'Roles' } as const

const idOf = (kind: string, name: string): string => `${kind}${Buffer.from(name).toString('hex')}`

class Writer {
  readonly #state: AccountState
  readonly #choice: Choice
  readonly #resources: Record<string, unknown> = {}
  readonly #parameters: Record<string, unknown> = { Empty: { Type: 'String', Default: '' } }
  /** What managed policies are given to, by ARN, on their side. */
  readonly #given = new Map<string, Values>()

  constructor(state: AccountState, choice: Choice) {
    this.#state = state
    this.#choice = choice
  }

  get template(): Values {
    return {
      AWSTemplateFormatVersion: '2010-09-09',
      Parameters: this.#parameters,
      Mappings: { Words: { a: { yes: 'yes' } } },
      Conditions: {
        Yes: { 'Fn::Equals': [{ Ref: 'Empty' }, ''] },
        No: { 'Fn::Not': [{ Condition: 'Yes' }] },
        Mapped: {
          'Fn::And': [
            { Condition: 'Yes' },
            { 'Fn::Equals': [{ 'Fn::FindInMap': ['Words', 'a', 'yes'] }, 'yes'] },
          ],
        },
      },
      Resources: {
        ...this.#resources,
        Absent: { Type: 'AWS::IAM::User', Condition: 'No', Properties: { UserName: 'absent' } },
      },
    }
  }

  policy({ name, path, arn, document }: PolicyState): void {
    const properties: Values = {
      ManagedPolicyName: this.text(name, `policy ${name}`),
      Path: path,
      PolicyDocument: this.document(document, `policy ${name}`),
    }
    this.#given.set(arn, properties)
    this.#put(idOf('policy', name), 'AWS::IAM::ManagedPolicy', properties)
  }

  identity(each: IdentityState): void {
    const { kind, name, path } = each
    const properties: Values = { [NAMES[kind]]: this.text(name, `${kind} ${name}`), Path: path }
    const attached: unknown[] = []
    for (const arn of each.managedPolicies) {
      const side = this.#given.get(arn)
      if (side !== undefined && this.#choice(`side ${kind} ${name} ${arn}`, 2) === 0) {
        const list = (side[LISTS[kind]] ?? []) as unknown[]
        side[LISTS[kind]] = [...list, this.reference(kind, name)]
      } else attached.push(this.arn(arn, `${kind} ${name}`))
    }
    if (attached.length > 0) properties.ManagedPolicyArns = this.list(attached, `${kind} ${name}`)
    const inline: unknown[] = []
    for (const [policy, document] of each.inlinePolicies)
      this.#inline(each, policy, this.document(document, `${kind} ${name} ${policy}`), inline)
    if (inline.length > 0) properties.Policies = inline
    if ('tags' in each && each.tags.size > 0)
      properties.Tags = [...each.tags].map(([Key, value]) => ({ Key, Value: this.text(value, `tag ${Key}`) }))
    if ('permissionsBoundary' in each && each.permissionsBoundary !== null)
      properties.PermissionsBoundary = this.arn(each.permissionsBoundary, `boundary ${name}`)
    if ('groups' in each) this.#groups(each, properties)
    if ('trustPolicy' in each) {
      properties.AssumeRolePolicyDocument = this.document(each.trustPolicy, `trust ${name}`)
      properties.Description = each.description
      properties.MaxSessionDuration =
        this.#choice(`seconds ${name}`, 2) === 0 ? each.maxSessionDuration : String(each.maxSessionDuration)
    }
    this.#put(idOf(kind, name), TYPES[kind], properties)
  }

  #inline({ kind, name }: IdentityState, policy: string, document: unknown, own: unknown[]): void {
    const PolicyName = this.text(policy, `inline ${policy}`)
    const id = idOf('inline', `${kind} ${name} ${policy}`)
    switch (this.#choice(`inline ${kind} ${name} ${policy}`, 3)) {
      case 0:
        own.push({ PolicyName, PolicyDocument: document })
        break
      case 1:
        this.#put(id, 'AWS::IAM::Policy', {
          PolicyName,
          PolicyDocument: document,
          [LISTS[kind]]: [this.reference(kind, name)],
        })
        break
      default:
        this.#put(id, `${TYPES[kind]}Policy`, {
          PolicyName,
          PolicyDocument: document,
          [NAMES[kind]]: this.reference(kind, name),
        })
    }
  }

  #groups(
    { name, groups }: { readonly name: string; readonly groups: readonly string[] },
    properties: Values,
  ): void {
    if (this.#choice(`groups of ${name}`, 2) === 0)
      properties.Groups = this.list(
        groups.map((group) => this.reference('group', group)),
        `groups ${name}`,
      )
    else
      for (const group of groups)
        this.#put(idOf('membership', `${group} ${name}`), 'AWS::IAM::UserToGroupAddition', {
          GroupName: this.reference('group', group),
          Users: [this.reference('user', name)],
        })
  }

  /** A text in one of the ways that lead to it. */
  text(text: string, what: string): unknown {
    const half = Math.floor(text.length / 2)
    switch (this.#choice(`text ${what}`, 7)) {
      case 0:
        return { 'Fn::Sub': [`${text.replaceAll('${', '${!')}\${Nothing}`, { Nothing: { Ref: 'Empty' } }] }
      case 1:
        return { 'Fn::Join': ['', [text.slice(0, half), { Ref: 'Empty' }, text.slice(half)]] }
      case 2:
        return { 'Fn::If': ['Yes', text, { Ref: 'AWS::NoValue' }] }
      case 3:
        return { 'Fn::Select': [1, ['other', text]] }
      case 4: {
        const id = `P${Buffer.from(text).toString('hex')}`
        this.#parameters[id] = { Type: 'String', Default: text }
        return { Ref: id }
      }
      case 5:
        return { 'Fn::Select': ['0', { 'Fn::Split': ['\u0001', `${text}\u0001x`] }] }
      default:
        return text
    }
  }

  list(items: readonly unknown[], what: string): unknown {
    const choice = this.#choice(`list ${what}`, 3)
    if (choice === 0) return [...items, { 'Fn::If': ['No', 'nobody', { Ref: 'AWS::NoValue' }] }]
    return choice === 1 ? { 'Fn::If': ['Mapped', items, []] } : items
  }

  /** The ARN of a policy. */
  arn(arn: string, what: string): unknown {
    const own = [...this.#state.entities.policy.values()].find((each) => each.arn === arn)
    switch (this.#choice(`arn ${what} ${arn}`, 3)) {
      case 0:
        return own === undefined ? arn : { Ref: idOf('policy', own.name) }
      case 1:
        return own === undefined ? arn : { 'Fn::GetAtt': [idOf('policy', own.name), 'PolicyArn'] }
      default:
        return {
          'Fn::Sub': arn
            .replace(/^arn:aws:/, 'arn:${AWS::Partition}:')
            .replace(/:111122223333:/, ':${AWS::AccountId}:'),
        }
    }
  }

  reference(kind: string, name: string): unknown {
    return this.#choice(`reference ${kind} ${name}`, 2) === 0 ? name : { Ref: idOf(kind, name) }
  }

  /** A document with some of its texts written in other ways. */
  document(document: StateDocument, what: string): unknown {
    const written = (value: unknown, path: string): unknown => {
      if (typeof value === 'string')
        return /Version|Effect/.test(path) ? value : this.text(value, `${what}${path}`)
      if (Array.isArray(value)) return value.map((each, at) => written(each, `${path}[${at}]`))
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(
        Object.entries(value).map(([key, part]) => [key, written(part, `${path}.${key}`)]),
      )
    }
    const plain = written(jsonOf(document), '')
    return this.#choice(`document ${what}`, 4) === 0
      ? { 'Fn::If': ['Yes', plain, { Ref: 'AWS::NoValue' }] }
      : plain
  }

  #put(id: string, Type: string, Properties: Values): void {
    const Condition = ['Yes', 'Mapped', undefined][this.#choice(`condition ${id}`, 3)]
    this.#resources[id] = { Type, ...(Condition === undefined ? {} : { Condition }), Properties }
  }
}

/** As YAML: maps in lines of their own, and functions in their short forms where they have one. */
export function yamlOf(value: unknown, choice: Choice, indent = ''): string {
  if (Array.isArray(value))
    return value.length === 0
      ? ' []\n'
      : `\n${value.map((each) => `${indent}-${yamlOf(each, choice, `${indent}  `)}`).join('')}`
  if (typeof value !== 'object' || value === null) return ` ${JSON.stringify(value)}\n`
  const entries = Object.entries(value)
  const [only] = entries
  if (only === undefined) return ' {}\n'
  const [name, argument] = only
  const isCall = entries.length === 1 && /^(?:Ref|Condition|Fn::.*)$/.test(name)
  if (isCall && choice(`short ${JSON.stringify(value)}`, 2) === 0)
    return ` !${name.replace('Fn::', '')}${
      name === 'Fn::GetAtt' && Array.isArray(argument)
        ? ` ${argument.join('.')}\n`
        : yamlOf(argument, choice, indent)
    }`
  return `\n${entries
    .map(([key, each]) => `${indent}${JSON.stringify(key)}:${yamlOf(each, choice, `${indent}  `)}`)
    .join('')}`
}
