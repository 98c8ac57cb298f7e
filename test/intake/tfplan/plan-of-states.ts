import {
  type AccountState,
  type IdentityState,
  isUnknown,
  type PolicyState,
  type StateDocument,
} from '../../../src/model/index.ts'
import type { Planned } from './plan-json.ts'

/** Says which of some ways somebody writes something: the same for the same text, so that it is so on both sides. */
export type Choice = (what: string, ways: number) => number

type Values = Record<string, unknown>

/** One resource on one side. */
interface Side {
  readonly type: string
  readonly name: string
  readonly module?: string
  readonly values: Values
  readonly unknown?: Readonly<Record<string, readonly string[]>>
  /** In `values`, and configured by nobody. */
  readonly read?: readonly string[]
}

/**
 * The resources of a plan that leads from one state to another, each written in one of the ways that Terraform has for it.
 * @param before null: nothing is there
 */
export function planOfStates(
  before: AccountState | null,
  after: AccountState,
  choice: Choice,
): readonly Planned[] {
  const [old, now] = [before, after].map((state) =>
    state === null ? new Map<string, Side>() : resourcesOf(state, choice, state === before),
  )
  const keys = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])
  return [...keys].flatMap((key): readonly Planned[] => {
    const [was, is] = [old?.get(key), now?.get(key)]
    const any = is ?? was
    if (any === undefined) return []
    const { type, name, module } = any
    const isNew = was === undefined || JSON.stringify(was.values) !== JSON.stringify(is?.values)
    return [
      {
        type,
        name,
        ...(module === undefined ? {} : { module }),
        before: was?.values ?? null,
        after: is === undefined ? null : without(is.values, isNew ? Object.keys(is.unknown ?? {}) : []),
        ...(is === undefined || !isNew ? {} : { unknown: is.unknown ?? {} }),
        ...(is === undefined ? {} : { configuredAs: without(is.values, is.read ?? []) }),
      },
    ]
  })
}

const without = (values: Values, names: readonly string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)))

const text = (document: StateDocument): string => {
  if (isUnknown(document)) throw new Error('a document that is not known')
  return JSON.stringify(document.json)
}

/** By type, module and name. */
function resourcesOf(state: AccountState, choice: Choice, isPast: boolean): Map<string, Side> {
  const found = new Map<string, Side>()
  const put = (side: Side) => {
    const module = [undefined, 'module.iam', 'module.iam.module.parts'][
      choice(`module ${side.type} ${side.name}`, 3)
    ]
    const isRoot = side.unknown !== undefined
    const placed = isRoot || module === undefined ? side : { ...side, module }
    found.set(`${placed.module ?? ''} ${side.type}.${side.name}`, placed)
  }
  const { policy, group, user, role } = state.entities
  for (const each of policy.values()) put(policyResource(each, isPast))
  for (const each of [...group.values(), ...user.values(), ...role.values()])
    for (const side of identityResources(each, state, choice, isPast)) put(side)
  return found
}

/** What is created has its ARN after the apply only. */
const withArn = (values: Values, arn: string, isPast: boolean): Values =>
  isPast ? { ...values, arn } : values

const policyResource = (each: PolicyState, isPast: boolean): Side => ({
  type: 'aws_iam_policy',
  name: each.name,
  // Attachments refer to it: it stands in the root module.
  unknown: {},
  values: withArn(
    {
      name: each.name,
      path: each.path,
      policy: text(each.document),
      tags_all: Object.fromEntries(each.tags),
    },
    each.arn,
    isPast,
  ),
  read: ['arn', 'tags_all'],
})

function identityResources(
  each: IdentityState,
  state: AccountState,
  choice: Choice,
  isPast: boolean,
): readonly Side[] {
  const { kind, name, path } = each
  const own: Values = withArn({ name, path }, each.arn, isPast)
  const read = ['arn', 'tags_all']
  const sides: Side[] = []
  if ('tags' in each) own.tags_all = Object.fromEntries(each.tags)
  if ('permissionsBoundary' in each) own.permissions_boundary = each.permissionsBoundary
  if (each.kind === 'role') {
    own.assume_role_policy = text(each.trustPolicy)
    own.description = each.description
    own.max_session_duration = each.maxSessionDuration
  }
  const way = choice(`grants ${kind} ${name}`, 4)
  const isOwn = kind === 'role' && way === 0
  const inline = [...each.inlinePolicies].map(([policy, document]) => ({
    name: policy,
    policy: text(document),
  }))
  if (isOwn) {
    own.managed_policy_arns = each.managedPolicies
    own.inline_policy = inline
  } else {
    if (kind === 'role' && isPast) {
      // What the provider has read, and nobody configures.
      own.managed_policy_arns = each.managedPolicies
      own.inline_policy = inline
      read.push('managed_policy_arns', 'inline_policy')
    }
    sides.push(...attachments(each, state, choice, way))
    for (const { name: policy, policy: document } of inline)
      sides.push({
        type: `aws_iam_${kind}_policy`,
        name: `${name}-${slug(policy)}`,
        values: { [kind]: name, name: policy, policy: document },
      })
  }
  if (each.kind === 'user') sides.push(...memberships(each, choice))
  return [{ type: `aws_iam_${kind}`, name, values: own, read }, ...sides]
}

const slug = (text: string): string => Buffer.from(text).toString('hex')

function attachments(
  { kind, name, managedPolicies }: IdentityState,
  { entities }: AccountState,
  choice: Choice,
  way: number,
): readonly Side[] {
  const referenceTo = (arn: string) => {
    const own = [...entities.policy.values()].find((policy) => policy.arn === arn)
    return own === undefined || choice(`reference ${kind} ${name} ${arn}`, 2) === 0
      ? {}
      : { unknown: { policy_arn: [`aws_iam_policy.${own.name}.arn`, `aws_iam_policy.${own.name}`] } }
  }
  if (way === 1)
    return managedPolicies.length === 0
      ? []
      : [
          {
            type: `aws_iam_${kind}_policy_attachments_exclusive`,
            name,
            values: { [`${kind}_name`]: name, policy_arns: managedPolicies },
          },
        ]
  return managedPolicies.map((arn) =>
    way === 2
      ? {
          type: 'aws_iam_policy_attachment',
          name: `${kind}-${name}-${slug(arn)}`,
          values: { policy_arn: arn, users: [], groups: [], roles: [], [`${kind}s`]: [name] },
        }
      : {
          type: `aws_iam_${kind}_policy_attachment`,
          name: `${name}-${slug(arn)}`,
          values: { [kind]: name, policy_arn: arn },
          ...referenceTo(arn),
        },
  )
}

function memberships(
  { name, groups }: { readonly name: string; readonly groups: readonly string[] },
  choice: Choice,
): readonly Side[] {
  if (choice(`groups of ${name}`, 2) === 0)
    return groups.map((group) => ({
      type: 'aws_iam_group_membership',
      name: `${group}-${name}`,
      values: { group, users: [name] },
    }))
  return groups.length === 0
    ? []
    : [{ type: 'aws_iam_user_group_membership', name, values: { user: name, groups } }]
}
