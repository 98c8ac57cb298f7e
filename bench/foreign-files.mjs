// Writes what others would have written: a plan of Terraform, an export of an account. The same sizes give the same bytes.
import { randomSource } from './random.mjs'

const ACCOUNT = '111122223333'
const REGION = 'eu-west-1'
const SERVICES = ['orders', 'billing', 'search', 'ledger', 'catalog', 'pricing', 'stock', 'mail']
const ACTIONS = [
  ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
  ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
  ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'],
  ['logs:CreateLogStream', 'logs:PutLogEvents'],
  ['kms:Decrypt', 'kms:GenerateDataKey'],
]
const AWS_POLICIES = ['ReadOnlyAccess', 'SecurityAudit', 'CloudWatchReadOnlyAccess']

const entityArn = (kind, name) => `arn:aws:iam::${ACCOUNT}:${kind}/${name}`
const documentOf = (...statements) => ({ Version: '2012-10-17', Statement: statements })

/** One that lets do something, by number: most say what some other says, as policies of many teams do. */
function grantOf(number) {
  const actions = ACTIONS[number % ACTIONS.length]
  const service = SERVICES[number % SERVICES.length]
  const where =
    actions[0].startsWith('s3:') || actions[0].startsWith('dynamodb:')
      ? actions[0].startsWith('s3:')
        ? `arn:aws:s3:::acme-${service}-${number % 40}/*`
        : `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${service}-${number % 40}`
      : '*'
  return documentOf({ Sid: 'Own', Effect: 'Allow', Action: actions, Resource: where })
}

const trustOf = (service) =>
  documentOf({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' })

/** How a module of a team declares its resources: each of a team, one or more of them. */
const CONFIGURED = {
  'aws_iam_role.worker': { name: { references: ['var.team'] }, assume_role_policy: {} },
  'aws_iam_policy.own': { name: { references: ['var.team'] }, policy: {} },
  'aws_iam_role_policy_attachment.own': {
    role: { references: ['aws_iam_role.worker.name', 'aws_iam_role.worker'] },
    policy_arn: { references: ['aws_iam_policy.own.arn', 'aws_iam_policy.own'] },
  },
  'aws_iam_user.member': { name: { references: ['each.key'] } },
  'aws_s3_bucket.data': { bucket: { references: ['var.team'] } },
  'aws_s3_bucket_policy.data': {
    bucket: { references: ['aws_s3_bucket.data.id', 'aws_s3_bucket.data'] },
    policy: {},
  },
  'aws_instance.machine': { user_data: {} },
}
const KINDS = Object.keys(CONFIGURED)

/** The values of a resource, by its kind and the number of its team. */
function valuesOf(kind, team, padding) {
  const name = `team-${team}`
  switch (kind) {
    case 'aws_iam_role.worker':
      return {
        name,
        path: '/',
        arn: entityArn('role', name),
        assume_role_policy: JSON.stringify(trustOf('ec2.amazonaws.com')),
        tags: { team: name },
        managed_policy_arns: [],
      }
    case 'aws_iam_policy.own':
      return { name, path: '/', arn: entityArn('policy', name), policy: JSON.stringify(grantOf(team)) }
    case 'aws_iam_role_policy_attachment.own':
      return { role: name, policy_arn: entityArn('policy', name) }
    case 'aws_iam_user.member':
      return { name, path: '/', arn: entityArn('user', name), tags: { team: name } }
    case 'aws_s3_bucket.data':
      return { bucket: `acme-${name}`, arn: `arn:aws:s3:::acme-${name}`, tags: { team: name } }
    case 'aws_s3_bucket_policy.data':
      return {
        bucket: `acme-${name}`,
        policy: JSON.stringify(
          documentOf({
            Effect: 'Allow',
            Principal: { AWS: entityArn('role', name) },
            Action: 's3:GetObject',
            Resource: `arn:aws:s3:::acme-${name}/*`,
          }),
        ),
      }
    default:
      return { id: `i-${team}`, user_data: `${team} `.padEnd(padding + 1, 'user data ') }
  }
}

/** What is known after the apply, of a team that is new. */
const UNKNOWN = {
  'aws_iam_role.worker': ['arn'],
  'aws_iam_policy.own': ['arn'],
  'aws_iam_role_policy_attachment.own': ['policy_arn'],
  'aws_iam_user.member': ['arn'],
  'aws_s3_bucket.data': ['arn'],
}

/**
 * A plan of many resources, in a module for each team. A team in twenty is changed, and one in fifty new.
 * @param resources how many there are
 * @param padding bytes in each machine that say nothing of access
 * @returns the file in parts, as a plan may be longer than a text may
 */
export function* planParts({ resources, padding = 200 }) {
  const each = function* () {
    for (let at = 0; at < resources; at++) {
      const team = Math.floor(at / KINDS.length)
      const kind = KINDS[at % KINDS.length]
      const [type, name] = kind.split('.')
      const module = `module.team["${team}"]`
      const index = kind === 'aws_iam_user.member' ? { index: 'only' } : {}
      const address = `${module}.${kind}${'index' in index ? '["only"]' : ''}`
      const isNew = team % 50 === 7
      const isChanged = team % 20 === 3 && kind === 'aws_iam_policy.own'
      const values = valuesOf(kind, team, padding)
      yield { module, address, type, name, index, kind, isNew, isChanged, values, team }
    }
  }
  const stateOf = function* (withNew) {
    yield '{"root_module":{"child_modules":['
    let open = null
    for (const { module, address, type, name, index, isNew, values } of each()) {
      if (isNew && !withNew) continue
      const isFirst = module !== open
      if (isFirst) yield `${open === null ? '' : ']},'}{"address":${JSON.stringify(module)},"resources":[`
      open = module
      yield `${isFirst ? '' : ','}${JSON.stringify({ address, mode: 'managed', type, name, ...index, values, sensitive_values: {} })}`
    }
    yield `${open === null ? '' : ']}'}]}}`
  }
  yield '{"format_version":"1.2","terraform_version":"1.9.5","planned_values":'
  yield* stateOf(true)
  yield ',"resource_changes":['
  let isFirst = true
  for (const { module, address, type, name, index, kind, isNew, isChanged, values, team } of each()) {
    const unknown = isNew ? (UNKNOWN[kind] ?? []) : []
    const known = Object.fromEntries(Object.entries(values).filter(([key]) => !unknown.includes(key)))
    const after = isChanged ? { ...values, policy: JSON.stringify(grantOf(team + 1)) } : known
    const change = {
      actions: [isNew ? 'create' : isChanged ? 'update' : 'no-op'],
      before: isNew ? null : values,
      after,
      after_unknown: Object.fromEntries(unknown.map((key) => [key, true])),
      before_sensitive: isNew ? false : {},
      after_sensitive: {},
    }
    yield `${isFirst ? '' : ','}${JSON.stringify({ address, module_address: module, mode: 'managed', type, name, ...index, change })}`
    isFirst = false
  }
  yield '],"prior_state":{"format_version":"1.0","values":'
  yield* stateOf(false)
  const declared = KINDS.map((kind) => {
    const [type, name] = kind.split('.')
    return {
      address: kind,
      mode: 'managed',
      type,
      name,
      provider_config_key: 'aws',
      expressions: CONFIGURED[kind],
    }
  })
  yield `},"configuration":${JSON.stringify({
    provider_config: {
      aws: { name: 'aws', expressions: { region: { constant_value: REGION } } },
    },
    root_module: {
      module_calls: { team: { source: './team', expressions: {}, module: { resources: declared } } },
    },
  })}}`
}

/**
 * An export of an account, as `aws iam get-account-authorization-details` prints it.
 * @param users how many there are; there is a group for twenty of them, a role for five, and a policy for four
 * @returns the file in parts
 */
export function* exportParts({ users, seed = 16 }) {
  const random = randomSource(seed)
  const groups = Math.ceil(users / 20)
  const roles = Math.ceil(users / 5)
  const policies = Math.ceil(users / 4)
  const own = () => {
    const name = `policy-${random.below(policies)}`
    return { PolicyName: name, PolicyArn: entityArn('policy', name) }
  }
  const listOf = function* (name, count, itemOf) {
    yield `"${name}":[`
    for (let at = 0; at < count; at++) yield `${at === 0 ? '' : ','}\n${JSON.stringify(itemOf(at), null, 2)}`
    yield ']'
  }
  yield '{'
  yield* listOf('UserDetailList', users, (at) => ({
    Path: '/',
    UserName: `user-${at}`,
    UserId: `AIDA${String(at).padStart(12, '0')}`,
    Arn: entityArn('user', `user-${at}`),
    GroupList: [`group-${at % groups}`],
    AttachedManagedPolicies: random.chance(0.1) ? [own()] : [],
    ...(random.chance(0.05)
      ? { UserPolicyList: [{ PolicyName: 'own', PolicyDocument: grantOf(random.below(200)) }] }
      : {}),
    Tags: [{ Key: 'team', Value: `team-${at % 12}` }],
  }))
  yield ','
  yield* listOf('GroupDetailList', groups, (at) => ({
    Path: '/',
    GroupName: `group-${at}`,
    GroupId: `AGPA${String(at).padStart(12, '0')}`,
    Arn: entityArn('group', `group-${at}`),
    GroupPolicyList: [],
    AttachedManagedPolicies: [
      own(),
      own(),
      ...(at % 4 === 0
        ? [AWS_POLICIES[at % 3]].map((name) => ({
            PolicyName: name,
            PolicyArn: `arn:aws:iam::aws:policy/${name}`,
          }))
        : []),
    ],
  }))
  yield ','
  yield* listOf('RoleDetailList', roles, (at) => ({
    Path: '/service/',
    RoleName: `role-${at}`,
    RoleId: `AROA${String(at).padStart(12, '0')}`,
    Arn: entityArn('role', `service/role-${at}`),
    AssumeRolePolicyDocument:
      at % 10 === 0
        ? documentOf({
            Effect: 'Allow',
            Principal: { AWS: entityArn('user', `user-${at % users}`) },
            Action: 'sts:AssumeRole',
          })
        : trustOf('lambda.amazonaws.com'),
    InstanceProfileList: [],
    RolePolicyList: [{ PolicyName: 'own', PolicyDocument: grantOf(at) }],
    AttachedManagedPolicies: [own()],
    Tags: [{ Key: 'team', Value: `team-${at % 12}` }],
  }))
  yield ','
  yield* listOf('Policies', policies, (at) => ({
    PolicyName: `policy-${at}`,
    PolicyId: `ANPA${String(at).padStart(12, '0')}`,
    Arn: entityArn('policy', `policy-${at}`),
    Path: '/',
    DefaultVersionId: 'v1',
    PolicyVersionList: [{ Document: grantOf(at), VersionId: 'v1', IsDefaultVersion: true }],
  }))
  yield '}\n'
}
