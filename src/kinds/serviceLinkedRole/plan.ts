import type { DesiredServiceLinkedRole, ServiceLinkedRoleState } from '../../model/index.ts'
import { type EffectiveCall, step } from '../../model/step.ts'
import { creationDetails } from '../../plan/creation.ts'
import { rankOf } from '../../plan/kind-order.ts'
import { createChange, type PlanKind, type Planning } from '../../plan/planning.ts'
import { declaredAttributes } from '../../plan/removal/ownership.ts'
import { removalDetails } from '../../plan/removal/removal.ts'
import { RANK, token } from '../../plan/steps/step-drafts.ts'
import { valueDetail } from '../attributes/details.ts'
import { ROLE_BY_NAME } from '../role/kind.ts'
import { linkedRole, linkedRoleState, SERVICE_LINKED_ROLE } from './kind.ts'
import { SERVICE_LINKED_ROLE_ATTRIBUTES, SERVICE_LINKED_ROLE_MANIFEST } from './manifest.ts'

/** Made where it is declared, and left to AWS then: only its description is ours, and that it is to go, where that is said. */
export const serviceLinkedRole: PlanKind<'serviceLinkedRole'> = {
  facts: SERVICE_LINKED_ROLE,
  attributes: SERVICE_LINKED_ROLE_MANIFEST.attributes,
  namedBy: 'name',
  delete: ({ name }) => step('DeleteServiceLinkedRole', { RoleName: linkedRole(name).roleName }),
  grants: null,
  boundary: null,
  memberships: null,
  tags: null,
  // AWS alone gives it policies and tags.
  quotas: [],
  isMadeAnew: null,
  planner: (planning) => ({
    create: (desired) => {
      if (desired.delete === true) return
      const change = createChange('create', desired, creationDetails(planning, 'serviceLinkedRole', desired))
      planning.changes.push(change)
      planning.steps.push({
        change: change.key,
        ...creation(desired, planning.observed.account.partition),
        rank: rankOf(planning.kinds, 'serviceLinkedRole').create,
        provides: [token.exists(desired.arn)],
      })
    },
    update: (observed, desired) =>
      desired.delete === true
        ? startDeletion(planning, observed, desired)
        : describe(planning, observed, desired),
    replace: null,
    // Nothing under AWS's own paths goes because nobody declares it.
    delete: () => {},
  }),
}

const creation = (desired: DesiredServiceLinkedRole, partition: string): EffectiveCall => {
  const { name, path, arn } = desired
  const description = desired.description ?? ''
  const { service, suffix } = linkedRole(name)
  return {
    ...step('CreateServiceLinkedRole', {
      AWSServiceName: service,
      ...(suffix === null ? {} : { CustomSuffix: suffix }),
      ...(description === '' ? {} : { Description: description }),
    }),
    effects: [
      {
        type: 'created',
        kind: 'serviceLinkedRole',
        state: { kind: 'serviceLinkedRole', name, path, arn, description },
      },
      {
        type: 'created',
        kind: ROLE_BY_NAME.kind,
        state: linkedRoleState(desired, partition),
      },
    ],
  }
}

/** AWS carries it out when nothing uses the role any more. @see IAM API Reference, DeleteServiceLinkedRole */
function startDeletion(
  planning: Planning,
  observed: ServiceLinkedRoleState,
  desired: DesiredServiceLinkedRole,
): void {
  const change = createChange('delete', desired, [
    ...valueDetail(
      'deletion',
      null,
      'is started; AWS carries it out, unless the service still uses the role',
    ),
    ...removalDetails(planning, 'serviceLinkedRole', observed),
  ])
  planning.changes.push(change)
  planning.steps.push({
    change: change.key,
    ...serviceLinkedRole.delete(observed),
    effects: [
      { type: 'deleted', kind: 'serviceLinkedRole', name: observed.name },
      { type: 'deleted', kind: ROLE_BY_NAME.kind, name: linkedRole(observed.name).roleName },
    ],
    rank: rankOf(planning.kinds, 'serviceLinkedRole').delete,
  })
}

function describe(
  planning: Planning,
  observed: ServiceLinkedRoleState,
  desired: DesiredServiceLinkedRole,
): void {
  const { description: before } = declaredAttributes(planning.declaredBefore, desired)
  const { account } = planning.observed
  const change = SERVICE_LINKED_ROLE_ATTRIBUTES.description.compare(observed, desired, before, account)
  const details = change.details()
  if (details.length === 0) {
    planning.settled.set(observed, desired)
    return
  }
  const draft = createChange('update', desired, details)
  const { roleName } = linkedRole(desired.name)
  const values = { description: change.after }
  planning.changes.push(draft)
  planning.steps.push({
    change: draft.key,
    ...step('UpdateRole', { RoleName: roleName, Description: change.after }),
    effects: [
      { type: 'set', kind: 'serviceLinkedRole', name: desired.name, values },
      { type: 'set', kind: ROLE_BY_NAME.kind, name: roleName, values },
    ],
    rank: RANK.update,
  })
}
