import type * as sdk from '@aws-sdk/client-sts'
import { membershipsOf } from '../../evaluator/estate/organization-levels.ts'
import { type Account, type Organization, parseArn, rootArn } from '../../model/index.ts'
import type { Keys } from '../authorization/call.ts'
import { callingPrincipal } from '../authorization/calling-principal.ts'
import { refuseCredentials } from '../authorization/session-limits.ts'
import type { Session } from '../caller.ts'
import { readText } from '../input.ts'
import { refused, validationError } from '../refusals.ts'
import { readDuration, type StsCall, type StsContext, wholeSeconds } from './sts-call.ts'

const DURATIONS = { least: 0, most: 900, otherwise: 900 }

/** @see AWS STS API Reference, AssumeRoot: TaskPolicyArn */
const TASKS: ReadonlySet<string> = new Set([
  'IAMAuditRootUserCredentials',
  'IAMCreateRootUserPassword',
  'IAMDeleteRootUserCredentials',
  'S3UnlockBucketPolicy',
  'SQSUnlockQueuePolicy',
])

/**
 * Task policies have nothing but denials, and leave to root what they don't deny; what limits a session here has to allow, too.
 * @see AWS Managed Policy Reference Guide, the policies of `root-task/`
 */
const ALL_BUT_DENIED = policyText({ Action: '*', Resource: '*' })

type Input = sdk.AssumeRootRequest

/**
 * Credentials of the root user of another account of the organization, good for one sort of task. They are of that account: who serves it
 * with the same master key takes them.
 * @see AWS STS API Reference, AssumeRoot; IAM User Guide, "Centrally manage root access for member accounts"
 */
export async function assumeRoot(context: StsContext, call: StsCall<Input>): Promise<sdk.AssumeRootResponse> {
  const { input, request } = call
  const duration = readDuration(input.DurationSeconds, DURATIONS)
  const authorizer = await context.authorizer()
  return context.read(async (reading) => {
    const { account } = reading
    const target = readTarget(input.TargetPrincipal, account)
    const task = readTask(input.TaskPolicyArn?.arn, account)
    const principal = await callingPrincipal(reading, call.caller)
    refuseCredentials(principal, 'sts', call.operation)
    const resource = rootArn(target)
    const keys: Keys = [['sts:TaskPolicyArn', [task]]]
    const needed = { action: 'sts:AssumeRoot', resource, keys }
    const isPossible = context.rootSessions && isMemberOf(context.organization, account.id, target.id)
    // The organization lets its management account in, which has to allow it to whoever calls.
    const lettingIn = policyText({ Principal: { AWS: account.id }, Action: 'sts:AssumeRoot' })
    await authorizer.require(reading, call, principal, needed, {
      resource: isPossible ? { arn: resource, text: lettingIn } : null,
      resourceAccount: target.id,
    })
    // Of one's own account no other policy would have to allow it.
    if (!isPossible)
      throw refused(
        'AccessDenied',
        `User: ${principal.arn} is not authorized to perform: sts:AssumeRoot on resource: ${resource}`,
      )
    const policies = { inline: ALL_BUT_DENIED, arns: [task] }
    const sourceIdentity = principal.session?.sourceIdentity ?? null
    const issued = wholeSeconds(request.now)
    const session: Session = {
      bearer: { kind: 'root', assumed: true },
      issued,
      expires: issued + duration * 1000,
      policies,
      tags: [],
      transitive: [],
      sourceIdentity,
      mfa: null,
      context: [],
    }
    return {
      Credentials: context.tokens.issue(session, target.id),
      ...(sourceIdentity === null ? {} : { SourceIdentity: sourceIdentity }),
    }
  })
}

/** Another account may administer IAM for the organization, too: nobody declares which. */
function isMemberOf(organization: Organization | null, management: string, target: string): boolean {
  const memberships = membershipsOf(organization)
  return memberships.get(management)?.isManagement === true && memberships.get(target)?.isManagement === false
}

/** An account's id, or the ARN of its root user. @throws IamError ValidationError */
function readTarget(value: unknown, { partition }: Account): Account {
  const text = readText('targetPrincipal', value, { least: 12, most: 2048 })
  const id = parseArn(text)?.account ?? text
  if (!/^\d{12}$/.test(id) || (text !== id && text !== rootArn({ id, partition })))
    throw refused('ValidationError', `${text} is invalid`)
  return { id, partition }
}

/** @throws IamError ValidationError */
function readTask(value: unknown, { partition }: Account): string {
  const arn = readText('taskPolicyArn.arn', value, { least: 20, most: 2048 })
  const [, name = ''] = /^arn:[^:]+:iam::aws:policy\/root-task\/(\w+)$/.exec(arn) ?? []
  if (!TASKS.has(name) || !arn.startsWith(`arn:${partition}:`))
    throw validationError(
      'taskPolicyArn.arn',
      arn,
      `Member must satisfy enum value set: [${[...TASKS].join(', ')}]`,
    )
  return arn
}

function policyText(allowed: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...allowed }] })
}
