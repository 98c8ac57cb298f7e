import { entryOf } from '../../diagnostics/index.ts'
import type { SaidProfile, SaidThing, SaidThings } from '../running-things.ts'
import { itemsIn, scalarText } from './resolved.ts'
import { serverlessSetting } from './serverless.ts'
import { resourcesOf, type StackContext, type StackResource } from './stack-context.ts'
import { propertyOf } from './stack-names.ts'

interface ThingType extends Pick<SaidThing, 'thing' | 'service' | 'names'> {
  /** The property that says the role, or the profile. */
  readonly at: string
  /** Where its name isn't known here: what stands after the partition; null: actions on it name something else. */
  readonly arn: string | null
  /** What SAM makes a role for where none is named. */
  readonly isImplied?: true
}

const withRole = (thing: string, service: string, at: string, arn: string | null): ThingType => ({
  thing,
  service: `${service}.amazonaws.com`,
  names: 'role',
  at,
  arn,
})

/** By type. They are called as ways of escalation call them. */
const TYPES: Readonly<Record<string, ThingType>> = {
  'AWS::CodeBuild::Project': withRole(
    'a project',
    'codebuild',
    'ServiceRole',
    'codebuild:{region}:{account}:project/*',
  ),
  'AWS::CodePipeline::Pipeline': withRole(
    'a pipeline',
    'codepipeline',
    'RoleArn',
    'codepipeline:{region}:{account}:*',
  ),
  'AWS::EC2::Instance': {
    ...withRole('an instance', 'ec2', 'IamInstanceProfile', 'ec2:{region}:{account}:instance/*'),
    names: 'profile',
  },
  'AWS::ECS::TaskDefinition': withRole('a task', 'ecs-tasks', 'TaskRoleArn', null),
  'AWS::Glue::Job': withRole('a job', 'glue', 'Role', 'glue:{region}:{account}:job/*'),
  'AWS::Lambda::Function': withRole('a function', 'lambda', 'Role', 'lambda:{region}:{account}:function:*'),
  'AWS::SageMaker::NotebookInstance': withRole(
    'a notebook',
    'sagemaker',
    'RoleArn',
    'sagemaker:{region}:{account}:notebook-instance/*',
  ),
  'AWS::Serverless::Function': {
    ...withRole('a function', 'lambda', 'Role', 'lambda:{region}:{account}:function:*'),
    isImplied: true,
  },
  'AWS::Serverless::StateMachine': {
    ...withRole('a state machine', 'states', 'Role', 'states:{region}:{account}:stateMachine:*'),
    isImplied: true,
  },
  'AWS::StepFunctions::StateMachine': withRole(
    'a state machine',
    'states',
    'RoleArn',
    'states:{region}:{account}:stateMachine:*',
  ),
}

const PROFILE = 'AWS::IAM::InstanceProfile'
/** Types of which is read which role they have, or that they are there. */
const PROVIDERS: readonly string[] = ['AWS::IAM::OIDCProvider', 'AWS::IAM::SAMLProvider']
/** Types that grant nothing by themselves, as they are counted. */
const HELD: Readonly<Record<string, string>> = {
  'AWS::IAM::AccessKey': 'access keys',
  [PROFILE]: 'instance profiles',
  'AWS::IAM::OIDCProvider': 'identity providers',
  'AWS::IAM::SAMLProvider': 'identity providers',
}
export const THING_TYPES_OF_STACK: readonly string[] = [...Object.keys(TYPES), ...Object.keys(HELD)]

/** What has roles in a stack, and its identity providers. Whose role isn't known, or who hangs on a condition that isn't, is left out. */
export function stackThings(context: StackContext): SaidThings {
  const { id: account } = context.names.place.account
  for (const { type } of resourcesOf(context, (each) => Object.hasOwn(HELD, each)))
    context.draft.alsoThere(HELD[type] ?? type)
  const running = resourcesOf(context, (type) => Object.hasOwn(TYPES, type)).flatMap(
    (resource): readonly SaidThing[] => {
      const type = TYPES[resource.type]
      const named = type === undefined ? null : namedAt(resource, type, context)
      if (type === undefined || named === null || resource.hangsOn !== null) return []
      const { thing, service, names } = type
      return [{ thing, service, names, named, account, arn: thingArn(resource, type, context) }]
    },
  )
  const profiles = resourcesOf(context, (type) => type === PROFILE).flatMap(
    (resource): readonly SaidProfile[] => {
      const [said] = itemsIn(propertyOf(resource.own, 'Roles'))
      const node = entryOf(resource.properties, 'Roles')?.value
      const [first] = node?.kind === 'list' ? node.items : [node]
      const role = scalarText(said ?? null) ?? context.names.arnBehind(first)
      const arn = profileArn(resource, context)
      return role === null || arn === null || resource.hangsOn !== null ? [] : [{ arn, account, role }]
    },
  )
  const providers = resourcesOf(context, (type) => PROVIDERS.includes(type)).flatMap((resource) => {
    const arn = resource.hangsOn === null ? context.names.nameOf(resource)?.arn : undefined
    return arn === undefined ? [] : [arn]
  })
  return { running, profiles, providers }
}

function namedAt(
  resource: StackResource,
  { at, isImplied }: ThingType,
  context: StackContext,
): string | null {
  const { names } = context
  const said = isImplied ? serverlessSetting(resource, at, context) : propertyOf(resource.own, at)
  // The role that SAM makes, whether or not it would.
  if (said === null) return isImplied === true ? names.madeUp(`${resource.id}Role`, 'AWS::IAM::Role') : null
  return scalarText(said) ?? names.arnBehind(entryOf(resource.properties, at)?.value)
}

function thingArn(resource: StackResource, { arn }: ThingType, { names }: StackContext): string | null {
  if (arn === null) return null
  const { account, region } = names.place
  const form = `arn:${account.partition}:${arn.replace('{region}', region).replace('{account}', account.id)}`
  return names.nameOf(resource)?.arn ?? form
}

/** With its path, which is no part of its name. */
function profileArn(resource: StackResource, { names }: StackContext): string | null {
  const named = names.nameOf(resource)
  const path = scalarText(propertyOf(resource.own, 'Path')) ?? '/'
  return named === null ? null : named.arn.replace(':instance-profile/', () => `:instance-profile${path}`)
}
