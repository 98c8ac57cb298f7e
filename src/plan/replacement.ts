import { errorOf } from '../diagnostics/index.ts'
import type { DesiredPolicy, DesiredRole } from '../manifest/desired.ts'
import { DEFAULT_MAX_SESSION_DURATION, entityRef, type PolicyState, type RoleState } from '../model/index.ts'
import { compareGrants, type PrincipalState } from './grants.ts'
import { declaredAttributes, memberChange } from './ownership.ts'
import { desiredOf, fateOf, type Planning, sortedByName } from './planning.ts'
import { trustedEntities } from './trust.ts'

/*
 * What is made anew loses what nobody declares. If an apply were killed between the deletion and the creation, no
 * later run could know what that was; so such a replacement is refused rather than carried out in good faith.
 */

export function refuseLossyRoleReplacement(
  planning: Planning,
  observed: RoleState,
  desired: DesiredRole,
): void {
  const grants = compareGrants(planning, observed, desired)
  const before = declaredAttributes(planning.declaredBefore, desired)
  const lost = [
    ...grants.managed.unmanaged.map((arn) => `the policy \`${arn}\` (\`managedPolicies\`)`),
    ...grants.inlineUnmanaged.map((name) => `the inline policy \`${name}\` (\`inlinePolicies\`)`),
    ...grants.tagsUnmanaged.map((key) => `the tag \`${key}\` (\`tags\`)`),
  ]
  if (desired.permissionsBoundary === undefined && grants.boundaryAfter !== null)
    lost.push('its boundary (`permissionsBoundary`)')
  if (desired.description === undefined && before.description === undefined && observed.description !== '')
    lost.push('its description (`description`)')
  if (
    desired.maxSessionDuration === undefined &&
    before.maxSessionDuration === undefined &&
    observed.maxSessionDuration !== DEFAULT_MAX_SESSION_DURATION
  )
    lost.push('its session length (`maxSessionDuration`)')
  for (const role of sortedByName(planning.observed.roles))
    if (
      role.arn !== observed.arn &&
      !planning.desired.roles.has(role.name) &&
      fateOf(planning, role) === 'keep' &&
      trustedEntities(role.trustPolicy.json, planning.observed.account).includes(observed.arn)
    )
      lost.push(`the trust of \`role/${role.name}\`, which this project doesn't declare`)
  refuse(planning, desired, 'path', lost, 'declare these too, keep the path, or give the role a new name')
}

export function refuseLossyPolicyReplacement(
  planning: Planning,
  observed: PolicyState,
  desired: DesiredPolicy,
): void {
  const before = declaredAttributes(planning.declaredBefore, desired)
  const lost = memberChange(observed.tags.keys(), desired.tags?.keys(), before.tags).unmanaged.map(
    (key) => `the tag \`${key}\` (\`tags\`)`,
  )
  if (desired.description === undefined && before.description === undefined && observed.description !== '')
    lost.push('its description (`description`)')
  for (const holder of holders(planning)) {
    if (fateOf(planning, holder) === 'delete') continue
    const name = `\`${entityRef(holder.kind, holder.name)}\``
    const grants = grantsOf(planning, holder)
    if (
      holder.managedPolicies.includes(observed.arn) &&
      (grants?.managed.unmanaged.includes(observed.arn) ?? true)
    )
      lost.push(`its attachment to ${name}, which this project doesn't manage`)
    if (
      boundaryOf(holder) === observed.arn &&
      (grants === null || keepsUnmanagedBoundary(planning, holder, observed.arn))
    )
      lost.push(`its use as the boundary of ${name}, which this project doesn't manage`)
  }
  const changed = observed.path === desired.path ? 'description' : 'path'
  refuse(
    planning,
    desired,
    changed,
    lost,
    `declare these too, keep the ${changed}, or give the policy a new name`,
  )
}

/** Without its boundary, an entity that this project doesn't manage could do more than before. */
export function refuseBoundaryLoss(planning: Planning, policy: PolicyState): void {
  for (const holder of holders(planning)) {
    if (boundaryOf(holder) !== policy.arn || fateOf(planning, holder) !== 'keep') continue
    const grants = grantsOf(planning, holder)
    if (grants !== null && grants.boundaryAfter !== policy.arn) continue
    const ref = entityRef(holder.kind, holder.name)
    planning.diagnostics.push(
      errorOf({
        code: 'plan.boundary-in-use',
        message: `\`policy/${policy.name}\` would be deleted, but it is the boundary of \`${ref}\`, which this project doesn't manage`,
        help: `declare the policy again, or declare \`permissionsBoundary\` of \`${ref}\``,
        span: planning.desired[holder.kind === 'user' ? 'users' : 'roles'].get(holder.name)?.span ?? null,
      }),
    )
  }
}

const holders = ({ observed }: Planning): readonly PrincipalState[] => [
  ...sortedByName(observed.groups),
  ...sortedByName(observed.roles),
  ...sortedByName(observed.users),
]

const boundaryOf = (holder: PrincipalState): string | null =>
  holder.kind === 'group' ? null : holder.permissionsBoundary

function grantsOf(planning: Planning, holder: PrincipalState) {
  const desired = desiredOf(planning.desired, holder.kind).get(holder.name)
  return desired === undefined || desired.kind === 'policy' ? null : compareGrants(planning, holder, desired)
}

function keepsUnmanagedBoundary(planning: Planning, holder: PrincipalState, arn: string): boolean {
  const desired = desiredOf(planning.desired, holder.kind).get(holder.name)
  if (desired === undefined || desired.kind === 'policy' || desired.kind === 'group') return true
  return desired.permissionsBoundary === undefined && grantsOf(planning, holder)?.boundaryAfter === arn
}

function refuse(
  planning: Planning,
  desired: DesiredRole | DesiredPolicy,
  changed: string,
  lost: readonly string[],
  help: string,
): void {
  if (lost.length === 0) return
  planning.diagnostics.push(
    errorOf({
      code: 'plan.replace-loses-unmanaged',
      message: `\`${entityRef(desired.kind, desired.name)}\` must be made anew, since its ${changed} changes, and would lose ${lost.join(', ')}`,
      help,
      span: desired.span,
    }),
  )
}
