import type { Configuration } from './configuration.ts'
import type { Instance } from './instance.ts'
import { type InstanceKey, moduleSteps } from './module-path.ts'
import { objectOf, type PlanFile, type ResourceChange, type StateResource } from './plan-file.ts'

/** What is there before a plan, or after it: all resources and data sources, in the order of the file. */
export interface PlanSide {
  readonly name: 'before' | 'after'
  readonly instances: readonly Instance[]
}

/** Both sides of a plan. */
export function sidesOf(
  plan: PlanFile,
  configuration: Configuration,
): Readonly<Record<PlanSide['name'], PlanSide>> {
  const change = (each: ResourceChange, side: PlanSide['name']): Instance | null =>
    changedInstance(each, side, configuration)
  const state = (each: StateResource): Instance => stateInstance(each, configuration)
  const addressed = new Set(
    plan.changes.flatMap(({ address, previous_address: previous, deposed }) =>
      [address, previous ?? address].map((each) => `${each} ${deposed ?? ''}`),
    ),
  )
  // With `-target` the plan has nothing of what it doesn't touch, and the state has it.
  const untouched = plan.priorState.filter(
    ({ address, deposed_key: deposed }) => !addressed.has(`${address} ${deposed ?? ''}`),
  )
  const inState = new Set(untouched.map(({ address }) => address))
  const planned = plan.plannedValues.filter(
    ({ address, mode }) => mode === 'managed' && !addressed.has(`${address} `) && !inState.has(address),
  )
  return {
    before: {
      name: 'before',
      instances: [...plan.changes.flatMap((each) => change(each, 'before') ?? []), ...untouched.map(state)],
    },
    after: {
      name: 'after',
      instances: [
        ...plan.changes.flatMap((each) => {
          const now = change(each, 'after')
          // What is forgotten is there all the same: Terraform lets go of it.
          const left = each.change.actions.includes('forget') ? change(each, 'before') : null
          return [...(now === null ? [] : [now]), ...(left === null ? [] : [left])]
        }),
        ...[...untouched, ...planned].map(state),
      ],
    },
  }
}

/** @returns null: there is nothing of it on that side */
function changedInstance(
  each: ResourceChange,
  side: PlanSide['name'],
  configuration: Configuration,
): Instance | null {
  const { change, mode, type, name, index, module_address: module } = each
  const values = change[side]
  if (typeof values !== 'object' || values === null) return null
  return instanceOf(
    {
      // An entry of the past is where it was.
      address: side === 'before' ? (each.previous_address ?? each.address) : each.address,
      module: module ?? each.address,
      mode,
      type,
      name,
      index: index ?? null,
      values,
      unknown: side === 'after' ? change.after_unknown : false,
      sensitive: side === 'after' ? change.after_sensitive : change.before_sensitive,
      isUpdated: change.actions.length === 1 && change.actions[0] === 'update',
    },
    configuration,
  )
}

const stateInstance = (each: StateResource, configuration: Configuration): Instance =>
  instanceOf(
    {
      ...each,
      index: each.index ?? null,
      values: each.values,
      unknown: false,
      sensitive: each.sensitive_values,
      isUpdated: false,
    },
    configuration,
  )

interface Parts extends Pick<Instance, 'address' | 'type' | 'unknown' | 'sensitive' | 'isUpdated'> {
  readonly module: string
  readonly mode: string
  readonly name: string
  readonly index: InstanceKey
  readonly values: unknown
}

function instanceOf(parts: Parts, configuration: Configuration): Instance {
  const { address, type, unknown, sensitive, isUpdated, index: key } = parts
  const module = moduleSteps(parts.module)
  const mode = parts.mode === 'data' ? 'data' : 'managed'
  const resource = `${mode === 'data' ? 'data.' : ''}${type}.${parts.name}`
  return {
    address,
    module,
    mode,
    type,
    resource,
    key,
    values: objectOf(parts.values),
    unknown,
    sensitive,
    isUpdated,
    configured: configuration.resourceOf(module, resource),
  }
}
