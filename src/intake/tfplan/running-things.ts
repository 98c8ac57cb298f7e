import { parseArn } from '../../model/index.ts'
import type { SaidProfile, SaidThing, SaidThings } from '../running-things.ts'
import { type Instance, textAt } from './instance.ts'
import { ASSUMED, kindOfType } from './kinds.ts'
import type { PlanContext } from './plan-context.ts'
import { madeUpName } from './plan-names.ts'

type Path = readonly (string | number)[]

interface ThingType extends Pick<SaidThing, 'thing' | 'service' | 'names'> {
  /** Attributes of which one says the role, or the profile. */
  readonly at: readonly Path[]
  /** The attribute that its ARN is made of, and what stands after the partition; null: actions on it name something else. */
  readonly arn: readonly [string, string] | null
}

const withRole = (thing: string, service: string, at: Path, arn: ThingType['arn']): ThingType => ({
  thing,
  service: `${service}.amazonaws.com`,
  names: 'role',
  at: [at],
  arn,
})

const withProfile = (thing: string, at: readonly Path[], arn: ThingType['arn']): ThingType => ({
  thing,
  service: 'ec2.amazonaws.com',
  names: 'profile',
  at,
  arn,
})

/**
 * By type. They are called as ways of escalation call them.
 * @see Service Authorization Reference, "Resource types defined by …" of each service
 */
const TYPES: Readonly<Record<string, ThingType>> = {
  aws_apprunner_service: withRole(
    'a service',
    'tasks.apprunner',
    ['instance_configuration', 0, 'instance_role_arn'],
    ['service_name', 'apprunner:{region}:{account}:service/{name}/*'],
  ),
  aws_cloudformation_stack: withRole(
    'a stack',
    'cloudformation',
    ['iam_role_arn'],
    ['name', 'cloudformation:{region}:{account}:stack/{name}/*'],
  ),
  aws_codebuild_project: withRole(
    'a project',
    'codebuild',
    ['service_role'],
    ['name', 'codebuild:{region}:{account}:project/{name}'],
  ),
  aws_codepipeline: withRole(
    'a pipeline',
    'codepipeline',
    ['role_arn'],
    ['name', 'codepipeline:{region}:{account}:{name}'],
  ),
  aws_ecs_task_definition: withRole('a task', 'ecs-tasks', ['task_role_arn'], null),
  aws_emr_cluster: withProfile(
    'a cluster',
    [['ec2_attributes', 0, 'instance_profile']],
    ['id', 'elasticmapreduce:{region}:{account}:cluster/{name}'],
  ),
  aws_glue_dev_endpoint: withRole(
    'a development endpoint',
    'glue',
    ['role_arn'],
    ['name', 'glue:{region}:{account}:devEndpoint/{name}'],
  ),
  aws_glue_job: withRole('a job', 'glue', ['role_arn'], ['name', 'glue:{region}:{account}:job/{name}']),
  aws_instance: withProfile(
    'an instance',
    [['iam_instance_profile']],
    ['id', 'ec2:{region}:{account}:instance/{name}'],
  ),
  aws_lambda_function: withRole(
    'a function',
    'lambda',
    ['role'],
    ['function_name', 'lambda:{region}:{account}:function:{name}'],
  ),
  aws_launch_template: withProfile(
    'a launch template',
    [
      ['iam_instance_profile', 0, 'arn'],
      ['iam_instance_profile', 0, 'name'],
    ],
    ['id', 'ec2:{region}:{account}:launch-template/{name}'],
  ),
  aws_sagemaker_notebook_instance: withRole(
    'a notebook',
    'sagemaker',
    ['role_arn'],
    ['name', 'sagemaker:{region}:{account}:notebook-instance/{name}'],
  ),
  aws_sfn_state_machine: withRole(
    'a state machine',
    'states',
    ['role_arn'],
    ['name', 'states:{region}:{account}:stateMachine:{name}'],
  ),
}

const PROFILE = 'aws_iam_instance_profile'
const OIDC = 'aws_iam_openid_connect_provider'
const PROVIDER_TYPES: readonly string[] = [OIDC, 'aws_iam_saml_provider']
/** Types that grant nothing by themselves, as they are counted. */
const HELD: Readonly<Record<string, string>> = {
  aws_iam_access_key: 'access keys',
  [PROFILE]: 'instance profiles',
  [OIDC]: 'identity providers',
  aws_iam_saml_provider: 'identity providers',
}
export const HELD_TYPES: readonly string[] = Object.keys(HELD)
/** Types of which is read which role they have, and nothing else. */
export const THING_TYPES: readonly string[] = Object.keys(TYPES)

/** What has roles on one side of a plan, and its identity providers. Whose role isn't known yet is left out: then nothing is known to have it. */
export function readThings(context: PlanContext): SaidThings {
  const running: SaidThing[] = []
  const profiles: SaidProfile[] = []
  const providers: string[] = []
  for (const instance of context.side.instances) {
    const held = Object.hasOwn(HELD, instance.type) ? HELD[instance.type] : undefined
    if (held !== undefined && instance.mode === 'managed') context.draft.alsoThere(held)
    if (instance.type === PROFILE) {
      const role = roleAt(instance, ['role'], context)
      if (role !== null) profiles.push({ ...profileOf(instance, context), role })
    }
    if (PROVIDER_TYPES.includes(instance.type)) providers.push(providerOf(instance, context))
    const type = Object.hasOwn(TYPES, instance.type) ? TYPES[instance.type] : undefined
    if (type === undefined) continue
    const { thing, service, names } = type
    const named = type.at
      .map((path) =>
        names === 'role' ? roleAt(instance, path, context) : profileAt(instance, path, context),
      )
      .find((each) => each !== null)
    if (named == null) continue
    const { account } = context.accounts.placeOf(instance)
    running.push({
      thing,
      service,
      names,
      named,
      account: account.id,
      arn: thingArn(instance, type, context),
    })
  }
  return { running, profiles, providers }
}

function thingArn(instance: Instance, { arn }: ThingType, { accounts }: PlanContext): string | null {
  if (arn === null) return null
  const known = textAt(instance, 'arn')
  if (known !== null && parseArn(known) !== null) return known
  const { account, region } = accounts.placeOf(instance)
  const [attribute, form] = arn
  const name = textAt(instance, attribute) ?? '*'
  return `arn:${account.partition}:${form
    .replace('{region}', region)
    .replace('{account}', account.id)
    // A function, since names may hold what stands for something in a replacement.
    .replace('{name}', () => name)}`
}

/** ARN or name of a role. */
function roleAt(instance: Instance, path: Path, { names, referred }: PlanContext): string | null {
  const known = textAt(instance, ...path)
  if (known !== null) return known
  const target = referred.behind(instance, path, ['arn', 'name', 'id'])
  return target !== null && kindOfType(target.type) === ASSUMED ? names.entityOf(target, ASSUMED).arn : null
}

/** ARN or name of an instance profile. */
function profileAt(instance: Instance, path: Path, context: PlanContext): string | null {
  const known = textAt(instance, ...path)
  if (known !== null) return known
  const target = context.referred.behind(instance, path, ['arn', 'name', 'id'])
  return target?.type === PROFILE ? profileOf(target, context).arn : null
}

function providerOf(instance: Instance, { accounts }: PlanContext): string {
  const known = textAt(instance, 'arn')
  if (known !== null && parseArn(known) !== null) return known
  const { partition, id } = accounts.placeOf(instance).account
  const [kind, name] =
    instance.type === OIDC
      ? ['oidc', textAt(instance, 'url')?.replace(/^https:\/\//, '')]
      : ['saml', textAt(instance, 'name')]
  return `arn:${partition}:iam::${id}:${kind}-provider/${name ?? madeUpName(instance)}`
}

function profileOf(instance: Instance, { accounts }: PlanContext): Pick<SaidProfile, 'arn' | 'account'> {
  const { account } = accounts.placeOf(instance)
  const known = textAt(instance, 'arn')
  if (known !== null && parseArn(known) !== null) return { arn: known, account: account.id }
  const path = textAt(instance, 'path') ?? '/'
  const name = textAt(instance, 'name') ?? madeUpName(instance)
  return {
    arn: `arn:${account.partition}:iam::${account.id}:instance-profile${path}${name}`,
    account: account.id,
  }
}
