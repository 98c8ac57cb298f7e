import { type Located, plainOf } from '../../diagnostics/index.ts'
import { type Account, ENTITIES, type EntityKind, entityArn } from '../../model/index.ts'
import { Intrinsics, type NamesInStack } from './intrinsics.ts'
import { generatedName, type MadeUp, MadeUpNames, nameInStack } from './made-up-names.ts'
import { namedType } from './named-types.ts'
import { ParameterValues } from './parameters.ts'
import { memberOf, type Resolved, scalarText, textFrom, unknownAt } from './resolved.ts'
import type { Template, TemplateResource } from './template.ts'

/** Where a stack is, or would be. */
interface StackPlace {
  readonly account: Account
  readonly region: string
  /** Pseudo parameters that nobody says: examples stand for them. */
  readonly assumed: ReadonlySet<string>
}

/** A resource by the name that it has, or that stands for the one that CloudFormation makes up. */
interface ResourceName {
  readonly name: string
  /** Of an IAM entity; elsewhere `/`. */
  readonly path: string
  readonly arn: string
  /** Whether the template leaves the name to CloudFormation, or it is known. Otherwise it may be that of something else. */
  readonly isOwn: boolean
}

const ENTITY_TYPES: Readonly<Record<string, { readonly kind: EntityKind; readonly name: string }>> = {
  'AWS::IAM::User': { kind: 'user', name: 'UserName' },
  'AWS::IAM::Group': { kind: 'group', name: 'GroupName' },
  'AWS::IAM::Role': { kind: 'role', name: 'RoleName' },
  'AWS::IAM::ManagedPolicy': { kind: 'policy', name: 'ManagedPolicyName' },
}

/** The kind of entity that resources of a type are; null: none. */
export const kindOfStackType = (type: string): EntityKind | null =>
  Object.hasOwn(ENTITY_TYPES, type) ? (ENTITY_TYPES[type]?.kind ?? null) : null

/** What everything in a template is called, and its values: the two need each other. */
export class StackNames implements NamesInStack {
  readonly values: Intrinsics
  readonly place: StackPlace
  /** Pseudo parameters that something refers to. */
  readonly referred = new Set<string>()
  readonly #template: Template
  readonly #parameters: ParameterValues
  readonly #properties = new Map<string, Resolved | null>()
  readonly #names = new Map<string, ResourceName | null>()
  readonly #open = new Set<string>()
  #undecided: MadeUpNames | null = null

  constructor(template: Template, given: ReadonlyMap<string, string>, place: StackPlace) {
    this.#template = template
    this.place = place
    this.#parameters = new ParameterValues(template.parameters, given)
    this.values = new Intrinsics(template, this.#parameters, this)
  }

  /** All properties of a resource, as far as they are known. */
  propertiesOf(resource: TemplateResource): Resolved | null {
    const known = this.#properties.get(resource.id)
    if (known !== undefined) return known
    const resolved = resource.properties === null ? null : this.values.resolve(resource.properties)
    this.#properties.set(resource.id, resolved)
    return resolved
  }

  /** null: what such a resource is called isn't known here. */
  nameOf(resource: TemplateResource): ResourceName | null {
    const { id } = resource
    const known = this.#names.get(id)
    if (known !== undefined) return known
    // One whose name is made of itself has none.
    if (this.#open.has(id)) return null
    this.#open.add(id)
    const name = this.#nameOf(resource)
    this.#open.delete(id)
    this.#names.set(id, name)
    return name
  }

  ref = (name: string, at: Located): Resolved | null => {
    const resource = this.#template.resources.get(name)
    if (resource === undefined)
      return name.startsWith('AWS::') ? this.#pseudo(name, at) : this.#implied(name, 'name', at)
    const known = this.#knownName(resource)
    if (known === null) return this.#unknown(at, name)
    const { account, region } = this.place
    const ref =
      kindOfStackType(resource.type) === 'policy'
        ? 'arn'
        : (REFS[resource.type] ?? namedType(resource.type)?.ref ?? 'name')
    if (ref === 'name') return textFrom(at, known.name)
    if (ref === 'arn') return textFrom(at, known.arn)
    return textFrom(at, `https://sqs.${region}.${this.#suffix}/${account.id}/${known.name}`)
  }

  isAssumed = (name: string): boolean => {
    if (this.place.assumed.has(name)) this.referred.add(name)
    return this.place.assumed.has(name)
  }

  attribute = (id: string, attribute: string, at: Located): Resolved => {
    const resource = this.#template.resources.get(id)
    if (resource === undefined)
      return (attribute === 'Arn' ? this.#implied(id, 'arn', at) : null) ?? this.#unknown(at, id)
    const known = this.#knownName(resource)
    const type = namedType(resource.type)
    const isArn = type === null ? /^(?:Arn|PolicyArn)$/.test(attribute) : type.arns.includes(attribute)
    if (known === null) return this.#unknown(at, id)
    if (isArn) return textFrom(at, known.arn)
    return type?.names?.includes(attribute)
      ? textFrom(at, known.name)
      : this.#unknown(at, `${id}.${attribute}`)
  }

  /** The ARN of the resource that a `Ref` or a `Fn::GetAtt` is of, be its name known or not. null: it is something else. */
  arnBehind(node: Located | undefined): string | null {
    const [call] = node?.kind === 'map' ? node.entries : []
    if (call === undefined || (call.key !== 'Ref' && call.key !== 'Fn::GetAtt')) return null
    const argument = call.value.kind === 'list' ? call.value.items[0] : call.value
    const id = argument?.kind === 'scalar' ? String(argument.value).split('.')[0] : undefined
    const resource = this.#template.resources.get(id ?? '')
    return resource === undefined ? null : (this.nameOf(resource)?.arn ?? null)
  }

  /**
   * null: it isn't known, or hangs on what isn't: then it may be the name of something else. Of an identity that is said where it
   * is read, and whatever names it means that one.
   */
  #knownName(resource: TemplateResource): ResourceName | null {
    const name = this.nameOf(resource)
    return name === null || name.isOwn || kindOfStackType(resource.type) !== null ? name : null
  }

  /** What stands for the name of a resource that has none of its own. */
  madeUp(id: string, type: string): string {
    return nameInStack(this.#parameters.pseudo('AWS::StackName') ?? null, type, id)
  }

  /** All names that are made up, for telling whether a pattern hangs on them. */
  get undecided(): MadeUpNames {
    this.#undecided ??= new MadeUpNames(
      this.#parameters.pseudo('AWS::StackName') ?? null,
      [...this.#template.resources.values()].flatMap((each) => this.#madeUpOf(each)),
    )
    return this.#undecided
  }

  #madeUpOf(resource: TemplateResource): readonly MadeUp[] {
    const { id, type } = resource
    const own = this.nameOf(resource)
    const name = this.madeUp(id, type)
    const found: MadeUp[] = own?.arn.includes(name) ? [{ id, type, name, arn: own.arn }] : []
    if (!/^AWS::Serverless::(?:Function|StateMachine)$/.test(type)) return found
    const role = this.madeUp(`${id}Role`, ROLE)
    const arn = entityArn(this.place.account, ENTITIES.role, '/', role)
    return [...found, { id: `${id}Role`, type: ROLE, name: role, arn }]
  }

  /** The ARN of something that only its name is known of. @param type that has a form of ARNs */
  arnOf(type: string, name: string): string | null {
    const form = namedType(type)?.arn
    return form === undefined ? null : this.#filled(form, name)
  }

  /** Roles that SAM makes beside functions and state machines. */
  #implied(id: string, as: 'name' | 'arn', at: Located): Resolved | null {
    const owner = id.endsWith('Role') ? this.#template.resources.get(id.slice(0, -'Role'.length)) : undefined
    if (owner === undefined || !/^AWS::Serverless::(?:Function|StateMachine)$/.test(owner.type)) return null
    const name = this.madeUp(id, ROLE)
    return textFrom(at, as === 'name' ? name : entityArn(this.place.account, ENTITIES.role, '/', name))
  }

  #nameOf(resource: TemplateResource): ResourceName | null {
    const { id, type } = resource
    const entity = Object.hasOwn(ENTITY_TYPES, type) ? ENTITY_TYPES[type] : undefined
    if (entity !== undefined) {
      const own = this.#ownName(resource, entity.name)
      const path = this.#ownName(resource, 'Path')
      const folder = /^\/(?:.*\/)?$/.test(path.text ?? '') ? (path.text ?? '/') : '/'
      const name = own.text ?? this.madeUp(id, type)
      const arn = entityArn(this.place.account, ENTITIES[entity.kind], folder, name)
      return { name, path: folder, arn, isOwn: own.isSaid && path.isSaid }
    }
    if (type === 'AWS::Lambda::Alias') return this.#aliasName(resource)
    const provider = this.#providerArn(resource)
    if (provider !== null)
      return { name: provider.name, path: '/', arn: this.#filled(provider.arn, provider.name), isOwn: true }
    const named = namedType(type)
    if (named === null) return null
    const own = named.name === null ? NO_NAME : this.#ownName(resource, named.name)
    const name = (own.text ?? this.madeUp(id, type)).replace(
      type === 'AWS::SSM::Parameter' ? /^\// : /(?!)/,
      '',
    )
    return { name, path: '/', arn: this.#filled(named.arn, name), isOwn: own.isSaid }
  }

  /** Of an alias the ARN is what it is known by: that of its function, and its own name. */
  #aliasName(resource: TemplateResource): ResourceName | null {
    const [owner, alias] = ['FunctionName', 'Name'].map((each) => this.#ownName(resource, each).text)
    if (owner == null || alias == null) return null
    const arn = owner.startsWith('arn:') ? owner : this.#filled(FUNCTION, owner)
    return { name: alias, path: '/', arn: `${arn}:${alias}`, isOwn: true }
  }

  #providerArn(resource: TemplateResource): { readonly name: string; readonly arn: string } | null {
    switch (resource.type) {
      case 'AWS::IAM::OIDCProvider': {
        const url = this.#ownName(resource, 'Url').text
        return {
          name: url === null ? generatedName(resource.id) : url.replace(/^https:\/\//, ''),
          arn: 'iam::{account}:oidc-provider/{name}',
        }
      }
      case 'AWS::IAM::SAMLProvider':
        return {
          name: this.#ownName(resource, 'Name').text ?? generatedName(resource.id),
          arn: 'iam::{account}:saml-provider/{name}',
        }
      case 'AWS::IAM::InstanceProfile':
        return {
          name: this.#ownName(resource, 'InstanceProfileName').text ?? generatedName(resource.id),
          arn: 'iam::{account}:instance-profile/{name}',
        }
      default:
        return null
    }
  }

  /** Only the one property: others may refer to the resource itself. */
  #ownName(
    { properties }: TemplateResource,
    property: string,
  ): { readonly text: string | null; readonly isSaid: boolean } {
    const entries = properties?.kind === 'map' ? properties.entries : []
    const node = entries.find(({ key }) => key === property)?.value
    const value = node === undefined ? null : this.values.resolve(node)
    const text = scalarText(value)
    return { text: text === '' ? null : text, isSaid: value === null || text !== null }
  }

  #filled(form: string, name: string): string {
    const { account, region } = this.place
    return `arn:${account.partition}:${form
      .replace('{region}', region)
      .replace('{account}', account.id)
      // A function, since names may hold what stands for something in a replacement.
      .replace('{name}', () => name)}`
  }

  #pseudo(name: string, at: Located): Resolved {
    this.referred.add(name)
    const { account, region } = this.place
    const value =
      this.#parameters.pseudo(name) ??
      {
        'AWS::AccountId': account.id,
        'AWS::Partition': account.partition,
        'AWS::Region': region,
        'AWS::URLSuffix': this.#suffix,
      }[name]
    return value === undefined
      ? unknownAt(at, `the pseudo parameter \`${name.slice(0, 40)}\``, name)
      : textFrom(at, value)
  }

  get #suffix(): string {
    return `amazonaws.com${this.place.account.partition === 'aws-cn' ? '.cn' : ''}`
  }

  #unknown(at: Located, what: string): Resolved {
    return unknownAt(at, `\`${what.slice(0, 100)}\`, which is not known`, JSON.stringify(plainOf(at)))
  }
}

const ROLE = 'AWS::IAM::Role'

const FUNCTION = 'lambda:{region}:{account}:function:{name}'

const NO_NAME = { text: null, isSaid: true }

const REFS: Readonly<Record<string, 'name' | 'arn'>> = {
  'AWS::IAM::OIDCProvider': 'arn',
  'AWS::IAM::SAMLProvider': 'arn',
  'AWS::IAM::InstanceProfile': 'name',
  'AWS::Lambda::Alias': 'arn',
}

/** What a property of a resource is, as far as it is known. */
export const propertyOf = (properties: Resolved | null, ...path: readonly string[]): Resolved | null =>
  path.reduce(memberOf, properties)
