import { notability } from '../catalog/notable-actions.ts'
import type { AccessEntry } from './access-diff.ts'
import type { ActionTable } from './action-table.ts'
import {
  type Escalation,
  type EscalationClass,
  type EscalationRule,
  severityOf,
} from './escalation/escalation.ts'
import type { PrincipalSide } from './side.ts'

/**
 * Actions that start something with a role that was passed to it, and so act as that role.
 * @see IAM User Guide, "Grant a user permissions to pass a role to an AWS service"
 */
const STARTS_WITH_A_ROLE: readonly string[] = [
  'autoscaling:CreateLaunchConfiguration',
  'bedrock-agentcore:CreateCodeInterpreter',
  'cloudformation:CreateStack',
  'codebuild:CreateProject',
  'codepipeline:CreatePipeline',
  'datapipeline:CreatePipeline',
  'ec2:AssociateIamInstanceProfile',
  'ec2:RunInstances',
  'ecs:RegisterTaskDefinition',
  'ecs:RunTask',
  'glue:CreateDevEndpoint',
  'glue:CreateJob',
  'lambda:CreateFunction',
  'lambda:UpdateFunctionConfiguration',
  'sagemaker:CreateNotebookInstance',
  'sagemaker:CreateProcessingJob',
  'sagemaker:CreateTrainingJob',
  'scheduler:CreateSchedule',
  'ssm:StartAutomationExecution',
  'states:CreateStateMachine',
]
const PASS_ROLE = 'iam:PassRole'
/** From this part of all actions on everything on, somebody is an administrator. */
const ADMINISTRATOR = 0.8
/** Names in a sentence. */
const MOST_NAMED = 4

/**
 * What of the gained access gives power over permissions, or to outsiders.
 * @param sideOf what a principal may do afterwards on resources whose own policies aren't known; null: not looked at
 */
export function escalationsIn(
  gained: readonly AccessEntry[],
  table: ActionTable,
  sideOf: (principal: string) => PrincipalSide | null,
): readonly Escalation[] {
  const passing = new Set(
    gained.filter(({ actions }) => actions.includes(PASS_ROLE)).flatMap(({ principals }) => principals),
  )
  return gained.flatMap((entry) =>
    rulesFor(entry, table, sideOf, passing).map(
      ({ rule, why }): Escalation => ({
        ...entry,
        rule,
        why,
        class: CLASSES[rule],
        weight: WEIGHTS[rule],
        severity: severityOf(WEIGHTS[rule]),
        target: null,
        targets: [],
        path: [],
      }),
    ),
  )
}

const CLASSES: Readonly<Record<EscalationRule, EscalationClass>> = {
  administrator: 'administrator',
  public: 'lets-outsiders-in',
  'cross-account': 'lets-outsiders-in',
  'permissions-management': 'changes-permissions',
  'pass-role': 'runs-code-as-role',
  'assume-role': 'takes-over-identity',
  'boundary-weakened': 'weakens-guardrail',
  'scp-weakened': 'weakens-guardrail',
}

const WEIGHTS: Readonly<Record<EscalationRule, number>> = {
  administrator: 95,
  public: 90,
  'cross-account': 60,
  'permissions-management': 60,
  'pass-role': 60,
  'assume-role': 60,
  'boundary-weakened': 60,
  'scp-weakened': 60,
}

interface Applied {
  readonly rule: EscalationRule
  readonly why: string
}

function rulesFor(
  entry: AccessEntry,
  table: ActionTable,
  sideOf: (principal: string) => PrincipalSide | null,
  passing: ReadonlySet<string>,
): readonly Applied[] {
  const { actions, because, kind, principals, resources, levels } = entry
  const found: Applied[] = []
  const add = (rule: EscalationRule, why: string) => found.push({ rule, why })
  if (principals.some((label) => label === 'anonymous' || label === 'account:*'))
    add('public', kind === 'assume' ? 'anybody may assume this role' : 'anybody may do this')
  else if (principals.some(isForeign)) add('cross-account', 'somebody of another account may do this')
  if (because?.cause === 'boundary')
    add('boundary-weakened', 'a permissions boundary no longer stands in the way')
  if (because?.cause === 'scp') add('scp-weakened', 'a service control policy no longer stands in the way')
  if (kind === 'assume') {
    if (principals.some((label) => label.startsWith('arn:'))) add('assume-role', 'they may act as this role')
    return found
  }
  // Of what no known type of resource matches, nothing follows.
  if (entry.tier !== 'typed') return found
  if (resources.includes('*') && actions.length >= table.names.length * ADMINISTRATOR) {
    add('administrator', 'they may do nearly everything')
    return found
  }
  const managing = actions.filter((action) => action !== PASS_ROLE && managesPermissions(action, table))
  if (levels.permissions > 0 && managing.length > 0)
    add('permissions-management', `they may change permissions: ${named(managing)}`)
  const passed = passedWith(entry, table, sideOf, passing)
  if (passed !== null) add('pass-role', passed)
  return found
}

/** What passing a role comes to together with what else they may do; null: nothing. */
function passedWith(
  { actions, principals }: AccessEntry,
  table: ActionTable,
  sideOf: (principal: string) => PrincipalSide | null,
  passing: ReadonlySet<string>,
): string | null {
  const isAbout = actions.includes(PASS_ROLE) || STARTS_WITH_A_ROLE.some((action) => actions.includes(action))
  if (!isAbout) return null
  const side = sideOf(principals[0] ?? '')
  const holds = (action: string) =>
    actions.includes(action) ||
    (side?.ways ?? []).some(([granting = []]) =>
      granting.some((statement) => table.isIn(statement.actions, action)),
    )
  const starting = STARTS_WITH_A_ROLE.filter(holds)
  if (actions.includes(PASS_ROLE))
    return starting.length === 0
      ? 'they may pass roles to services'
      : `they may pass roles to services, and act as them through ${named(starting)}`
  // Whoever gains both is told of once, where roles are passed.
  if (principals.every((each) => passing.has(each))) return null
  const gained = STARTS_WITH_A_ROLE.filter((action) => actions.includes(action))
  return gained.length > 0 && holds(PASS_ROLE)
    ? `with the roles that they may pass, they may act as them through ${named(gained)}`
    : null
}

/** AWS counts some actions that only read permissions among those that manage them: `billing:GetResourcePolicy`. */
const managesPermissions = (action: string, table: ActionTable): boolean =>
  table.levelOf(action) === 'permissions' && !/:(?:Get|List|Describe)/i.test(action)

const isForeign = (label: string): boolean => label.startsWith('account:')

const named = (actions: readonly string[]): string =>
  actions.length <= MOST_NAMED
    ? actions.join(', ')
    : `${mostNotableFirst(actions).slice(0, MOST_NAMED).join(', ')} and ${actions.length - MOST_NAMED} more`

const mostNotableFirst = (actions: readonly string[]): readonly string[] =>
  actions.toSorted((a, b) => notability(a) - notability(b))
