import { warningOf } from '../../diagnostics/index.ts'
import {
  type AccountState,
  isUnknown,
  jsonOf,
  type OrganizationPolicy,
  type StateDocument,
} from '../../model/index.ts'
import { deniesNothing, FULL_ACCESS, MAY_BE_DENIED } from '../service-controls.ts'
import { digestAt, type Instance, textAt } from './instance.ts'
import { isRoot, OrganizationTree, PLACED_TYPES } from './organization-tree.ts'
import type { PlanContext } from './plan-context.ts'

const POLICY = 'aws_organizations_policy'
const ATTACHMENT = 'aws_organizations_policy_attachment'

/** Types of which is read what it says of control policies. */
export const ORGANIZATION_TYPES: readonly string[] = [POLICY, ATTACHMENT, ...PLACED_TYPES]

/** Policies of other types (tags, backups, what AI services keep) say nothing of who may do what. */
const SERVICE = 'SERVICE_CONTROL_POLICY'
const RESOURCE = 'RESOURCE_CONTROL_POLICY'
const OF_ACCESS: readonly string[] = [SERVICE, RESOURCE]

interface Control {
  /** The same before and after. */
  readonly key: string
  readonly name: string
  readonly document: StateDocument
}

/** What the organization of a plan says on one side. */
interface PlanControls {
  /** By account id, level by level; service control policies and resource control policies. */
  readonly service: ReadonlyMap<string, readonly (readonly Control[])[]>
  readonly resource: ReadonlyMap<string, readonly (readonly Control[])[]>
  /** What gives or takes access, and isn't placed, or in a way that isn't all of it: what differs in it is not known. */
  readonly open: readonly string[]
  /** Addresses of what isn't looked at. */
  readonly unread: ReadonlySet<string>
}

type Levels = ReadonlyMap<string, readonly (readonly OrganizationPolicy[])[]>

/** By account id, level by level. */
export interface ControlLevels {
  readonly service: Levels
  readonly resource: Levels
}

/** A policy that is attached somewhere. */
interface Attached {
  readonly instance: Instance
  /** null: it isn't known where. */
  readonly target: string | null
  /** null: it isn't in the plan. */
  readonly policy: Instance | null
}

/** Finds the control policies that bind the accounts of a plan and their resources, as far as it says where these stand. */
export function readControls(context: PlanContext): PlanControls {
  const { side, accounts } = context
  const tree = new OrganizationTree(context)
  const policies = side.instances.filter(({ type }) => type === POLICY)
  const attached = side.instances
    .filter(({ type, mode }) => type === ATTACHMENT && mode === 'managed')
    .map((instance) => attachedBy(instance, policies, tree, context))
    .filter(({ policy }) => policy === null || OF_ACCESS.includes(typeOf(policy)))
  const controls = new Map<Instance, Control>()
  const controlOf = (policy: Instance): Control => {
    const known = controls.get(policy) ?? readControl(policy, context)
    controls.set(policy, known)
    return known
  }
  const levels = {
    service: new Map<string, readonly (readonly Control[])[]>(),
    resource: new Map<string, readonly (readonly Control[])[]>(),
  }
  const read = new Set<Instance>()
  const own = new Set<string>()
  for (const { id } of accounts.all) {
    const chain = tree.chainOf(id)
    if (chain === null) continue
    own.add(id)
    // An organization has one root, which is above all of its accounts.
    const roots = chain.isWhole
      ? []
      : attached.flatMap(({ target }) => (isRoot(target ?? '') ? [target] : []))
    for (const [type, of] of [
      [SERVICE, levels.service],
      [RESOURCE, levels.resource],
    ] as const) {
      const ofAccount = [...new Set([...chain.nodes, ...roots])].flatMap((node) => {
        const here = attached.filter((each) => each.target === node && isOf(each.policy, type))
        for (const each of here) read.add(each.instance)
        const said = here.flatMap(({ policy }) => (policy === null ? [] : [controlOf(policy)]))
        return said.length === 0 ? [] : [said]
      })
      if (ofAccount.length > 0) of.set(id, ofAccount.toReversed())
    }
  }
  const said = new Set(attached.flatMap((each) => (read.has(each.instance) ? (each.policy ?? []) : [])))
  return {
    ...levels,
    open: [
      ...attached.flatMap((each) => openPart(each, own, controlOf)),
      ...side.instances.flatMap((each) => whereItStands(each, tree)),
    ].toSorted(),
    unread: new Set(
      [...attached.map(({ instance }) => instance), ...policies]
        .filter((each) => each.type === ATTACHMENT || OF_ACCESS.includes(typeOf(each)))
        .filter((each) => each.mode === 'managed' && !read.has(each) && !said.has(each))
        .map(({ address }) => address),
    ),
  }
}

/**
 * The levels of one side. Whether `FullAWSAccess` stands in a level Terraform seldom manages, so that it is taken to: then nothing is
 * taken for denied that may be allowed. What isn't known on one side is left out on both, and denies nothing.
 */
export function controlLevels(own: PlanControls, other: PlanControls): ControlLevels {
  const unknown = new Set(
    [own, other].flatMap(({ service, resource }) =>
      [...service.values(), ...resource.values()]
        .flat(2)
        .flatMap(({ key, document }) => (isUnknown(document) ? [key] : [])),
    ),
  )
  const known = (of: PlanControls['service'], beside: readonly OrganizationPolicy[]): Levels =>
    new Map(
      [...of].map(([id, levels]) => [
        id,
        levels.map((level) => [
          ...beside,
          ...level.flatMap(({ key, name, document }) =>
            isUnknown(document) || unknown.has(key) ? [] : [{ name, document }],
          ),
        ]),
      ]),
    )
  return { service: known(own.service, [FULL_ACCESS]), resource: known(own.resource, []) }
}

/** Whether two sides bind the same accounts by the same. */
export function areAlike(some: ControlLevels, others: ControlLevels): boolean {
  const shown = (of: Levels) =>
    [...of].map(([id, all]) => [id, all.map((level) => level.map(({ document }) => jsonOf(document)))])
  const [a, b] = [some, others].map(({ service, resource }) =>
    JSON.stringify([shown(service), shown(resource)]),
  )
  return a === b
}

/** What is known of an account already is all of it. */
export function withControls(state: AccountState, { service, resource }: ControlLevels): AccountState {
  const { id } = state.account
  const [controls, resourceControls] = [service.get(id), resource.get(id)]
  return {
    ...state,
    ...(controls === undefined || state.controls !== undefined ? {} : { controls }),
    ...(resourceControls === undefined ? {} : { resourceControls }),
  }
}

function attachedBy(
  instance: Instance,
  policies: readonly Instance[],
  tree: OrganizationTree,
  context: PlanContext,
): Attached {
  const id = textAt(instance, 'policy_id')
  const policy =
    id === null
      ? context.referred.behind(instance, ['policy_id'], ['id'])
      : (policies.find((each) => (textAt(each, 'id') ?? textAt(each, 'policy_id')) === id) ?? null)
  return {
    instance,
    target: tree.nodeAt(instance, 'target_id'),
    policy: policy?.type === POLICY ? policy : null,
  }
}

function readControl(policy: Instance, { documents, draft }: PlanContext): Control {
  const name = textAt(policy, 'name') ?? policy.address
  const key = textAt(policy, 'id') ?? policy.address
  const isService = typeOf(policy) === SERVICE
  const holds = `${isService ? 'service' : 'resource'} control policy \`${name}\``
  const document =
    documents.at(policy, ['content'], isService ? 'scp' : 'rcp', holds) ?? documents.notHeld(policy.address)
  if (isUnknown(document))
    draft.find(
      warningOf({ code: 'intake.unread-policy', message: deniesNothing(holds), help: MAY_BE_DENIED }),
    )
  return { key, name, document }
}

const typeOf = (policy: Instance): string => textAt(policy, 'type') ?? SERVICE

const isOf = (policy: Instance | null, type: string): boolean => policy !== null && typeOf(policy) === type

/** @param own accounts of which everybody that the plan has is asked about */
function openPart(
  { instance, target, policy }: Attached,
  own: ReadonlySet<string>,
  controlOf: (policy: Instance) => Control,
): readonly string[] {
  const where = target ?? instance.address
  if (policy === null) return [`${where} ${textAt(instance, 'policy_id') ?? instance.address}`]
  const content = digestAt(policy, 'content')
  // Whom it keeps from resources that the plan doesn't have nobody knows.
  if (!isOf(policy, SERVICE) || !own.has(where)) return [`${where} ${content}`]
  const { document } = controlOf(policy)
  if (isUnknown(document)) return [`${where} ${content}`]
  // What a level allows is more than the plan says.
  const allows = [document.json.Statement].flat().filter(({ Effect }) => Effect === 'Allow')
  const more = allows.filter(
    ({ Action, Resource, Condition }) => Action !== '*' || Resource !== '*' || Condition !== undefined,
  )
  return more.length === 0 ? [] : [`${where} ${JSON.stringify(more)}`]
}

/** What is moved gets other policies, and which ones a plan doesn't hold whole. */
function whereItStands(instance: Instance, tree: OrganizationTree): readonly string[] {
  if (!PLACED_TYPES.includes(instance.type) || instance.mode !== 'managed') return []
  const id = textAt(instance, 'id')
  return id === null ? [] : [`${id} in ${tree.nodeAt(instance, 'parent_id') ?? 'nobody knows what'}`]
}
