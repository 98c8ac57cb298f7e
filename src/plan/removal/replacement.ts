import { errorOf } from '../../diagnostics/index.ts'
import { type Attribute, unmanagedOf } from '../../kinds/attributes/attribute.ts'
import { POLICY_ATTRIBUTES } from '../../kinds/policy/manifest.ts'
import { ROLE_ATTRIBUTES } from '../../kinds/role/manifest.ts'
import {
  type AnyDesiredEntity,
  type AnyEntityState,
  type DesiredPolicy,
  type DesiredRole,
  entityRef,
  type IdentityState,
  isPrincipalEntity,
  jsonOf,
  type PolicyState,
  type PrincipalEntity,
  type RoleState,
} from '../../model/index.ts'
import { grantsOfHolder } from '../grants/grants.ts'
import { sortedByName } from '../name-order.ts'
import { desiredOf, fateOf, type Planning } from '../planning.ts'
import { trustedEntities } from '../principals/trust.ts'
import { declaredAttributes } from './ownership.ts'
import { releasesOf } from './releases.ts'

/*
 * What is made anew loses what nobody declares. If an apply were killed between the deletion and the creation, no
 * later run could know what that was; so such a replacement is refused rather than carried out in good faith.
 */

export function refuseLossyRoleReplacement(
  planning: Planning,
  observed: RoleState,
  desired: DesiredRole,
): void {
  const lost = [...lossesOf(ROLE_ATTRIBUTES, observed, desired, planning)]
  for (const role of sortedByName(planning.observed.entities.role))
    if (
      role.arn !== observed.arn &&
      !planning.desired.entities.role.has(role.name) &&
      fateOf(planning, role) === 'keep'
    ) {
      const trust = jsonOf(role.trustPolicy)
      if (trust === null)
        lost.push(`perhaps the trust of \`role/${role.name}\`, which nobody can read or declares here`)
      else if (trustedEntities(trust, planning.observed.account).includes(observed.arn))
        lost.push(`the trust of \`role/${role.name}\`, which this project doesn't declare`)
    }
  for (const { from, isDeclared } of releasesOf(planning, observed))
    if (!isDeclared) lost.push(`its place in \`${from}\`, where this project doesn't declare it`)
  refuseLosses(
    planning,
    desired,
    'path',
    lost,
    'declare these too, keep the path, or give the role a new name',
  )
}

/** Of an entity that is made anew under another path, and loses nothing but what its own attributes are. */
export function refuseLossyReplacement<S extends AnyEntityState, D extends AnyDesiredEntity>(
  planning: Planning,
  attributes: Readonly<Record<string, Attribute<S, D>>>,
  observed: S,
  desired: D,
): void {
  const lost = lossesOf(attributes, observed, desired, planning)
  refuseLosses(planning, desired, 'path', lost, 'declare these too, keep the path, or give it a new name')
}

export function refuseLossyPolicyReplacement(
  planning: Planning,
  observed: PolicyState,
  desired: DesiredPolicy,
): void {
  const { arn } = observed
  const lost = [...lossesOf(POLICY_ATTRIBUTES, observed, desired, planning)]
  for (const holder of planning.holders.attachedTo(arn))
    if (fateOf(planning, holder) !== 'delete' && holdsUnasked(planning, holder, arn))
      lost.push(`its attachment to \`${refOf(holder)}\`, which this project doesn't manage`)
  for (const holder of planning.holders.boundedBy(arn))
    if (fateOf(planning, holder) !== 'delete' && isBoundedUnasked(planning, holder, arn))
      lost.push(`its use as the boundary of \`${refOf(holder)}\`, which this project doesn't manage`)
  const changed = POLICY_ATTRIBUTES.path.compare(observed, desired, undefined, planning.observed.account)
    .isMoved
    ? 'path'
    : 'description'
  refuseLosses(
    planning,
    desired,
    changed,
    lost,
    `declare these too, keep the ${changed}, or give the policy a new name`,
  )
}

/** What is there of any attribute, and nobody here declares. */
const lossesOf = <S, D extends AnyDesiredEntity>(
  attributes: Readonly<Record<string, Attribute<S, D>>>,
  observed: S,
  desired: D,
  { declaredBefore, observed: { account } }: Planning,
): readonly string[] => {
  const before = declaredAttributes(declaredBefore, desired)
  const changes = Object.values(attributes).map((attribute) =>
    attribute.compare(observed, desired, before[attribute.name], account),
  )
  return unmanagedOf(changes).map(({ loss }) => loss)
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

const refOf = ({ kind, name }: IdentityState): string => entityRef(kind, name)

/** Whether an entity holds a policy that nobody here declares it to hold. */
const holdsUnasked = (planning: Planning, holder: IdentityState, arn: string): boolean =>
  grantsOfHolder(planning, holder)?.managed.unmanaged.includes(arn) ?? true

function isBoundedUnasked(planning: Planning, holder: PrincipalEntity, arn: string): boolean {
  const grants = grantsOfHolder(planning, holder)
  if (grants === null || !isPrincipalEntity(grants.desired)) return true
  return grants.desired.permissionsBoundary === undefined && grants.boundary.after === arn
}

/** @param changed what makes it be made anew: `path` */
export function refuseLosses(
  planning: Pick<Planning, 'diagnostics'>,
  desired: Pick<AnyDesiredEntity, 'kind' | 'name' | 'span'>,
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
