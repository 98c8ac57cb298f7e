import { errorOf } from '../diagnostics/index.ts'
import {
  DEFAULT_MAX_SESSION_DURATION,
  type DesiredPolicy,
  type DesiredRole,
  entityRef,
  type PolicyState,
  type RoleState,
  type UserState,
} from '../model/index.ts'
import type { PrincipalState } from './grant-change.ts'
import { compareGrants, grantsOf } from './grants.ts'
import { sortedByName } from './name-order.ts'
import { declaredAttributes, memberChange } from './ownership.ts'
import { desiredOf, fateOf, type Planning } from './planning.ts'
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
  for (const role of sortedByName(planning.observed.entities.role))
    if (
      role.arn !== observed.arn &&
      !planning.desired.entities.role.has(role.name) &&
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
  const { arn } = observed
  const before = declaredAttributes(planning.declaredBefore, desired)
  const lost = memberChange(observed.tags.keys(), desired.tags?.keys(), before.tags).unmanaged.map(
    (key) => `the tag \`${key}\` (\`tags\`)`,
  )
  if (desired.description === undefined && before.description === undefined && observed.description !== '')
    lost.push('its description (`description`)')
  for (const holder of planning.holders.attachedTo(arn))
    if (fateOf(planning, holder) !== 'delete' && holdsUnasked(planning, holder, arn))
      lost.push(`its attachment to \`${refOf(holder)}\`, which this project doesn't manage`)
  for (const holder of planning.holders.boundedBy(arn))
    if (fateOf(planning, holder) !== 'delete' && isBoundedUnasked(planning, holder, arn))
      lost.push(`its use as the boundary of \`${refOf(holder)}\`, which this project doesn't manage`)
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
export function refuseBoundaryLoss(planning: Planning, { name, arn }: PolicyState): void {
  for (const holder of planning.holders.boundedBy(arn)) {
    if (fateOf(planning, holder) !== 'keep' || !isBoundedUnasked(planning, holder, arn)) continue
    const ref = refOf(holder)
    planning.diagnostics.push(
      errorOf({
        code: 'plan.boundary-in-use',
        message: `\`policy/${name}\` would be deleted, but it is the boundary of \`${ref}\`, which this project doesn't manage`,
        help: `declare the policy again, or declare \`permissionsBoundary\` of \`${ref}\``,
        span: desiredOf(planning.desired, holder.kind).get(holder.name)?.span ?? null,
      }),
    )
  }
}

const refOf = ({ kind, name }: PrincipalState): string => entityRef(kind, name)

/** Whether an entity holds a policy that nobody here declares it to hold. */
const holdsUnasked = (planning: Planning, holder: PrincipalState, arn: string): boolean =>
  grantsOf(planning, holder)?.managed.unmanaged.includes(arn) ?? true

function isBoundedUnasked(planning: Planning, holder: UserState | RoleState, arn: string): boolean {
  const grants = grantsOf(planning, holder)
  if (grants === null || grants.desired.kind === 'group') return true
  return grants.desired.permissionsBoundary === undefined && grants.boundaryAfter === arn
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
