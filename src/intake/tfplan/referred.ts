import { isObject } from '../../policy/parsing.ts'
import type { Configuration } from './configuration.ts'
import { type Instance, readAt } from './instance.ts'
import { type InstanceKey, moduleAddress } from './module-path.ts'
import { itemsOf } from './plan-file.ts'

/** Finds what attributes are taken from that Terraform knows after the apply only. */
export class ReferredInstances {
  readonly #configuration: Configuration
  /** By resource, then by key: the first of each. */
  readonly #byResource = new Map<string, Map<InstanceKey, Instance>>()

  constructor(instances: readonly Instance[], configuration: Configuration) {
    this.#configuration = configuration
    for (const each of instances) {
      const place = placeOf(moduleAddress(each.module), each.resource)
      const known = this.#byResource.get(place)
      if (known === undefined) this.#byResource.set(place, new Map([[each.key, each]]))
      else if (!known.has(each.key)) known.set(each.key, each)
    }
  }

  /**
   * The resource that an unknown attribute is taken from.
   * @param attributes as which it may be taken: `name`, `id`. What lies behind `[each.key]` isn't in a plan, and is taken to be one of these
   * @returns null: the attribute is known, or it isn't in the plan what it is taken from
   */
  behind(from: Instance, path: readonly (string | number)[], attributes: readonly string[]): Instance | null {
    const { is } = readAt(from, ...path)
    if (is !== 'unknown' || from.configured === null) return null
    let expression: unknown = from.configured.expressions
    for (const step of path)
      expression =
        typeof step === 'number'
          ? itemsOf(expression)[step]
          : isObject(expression) && Object.hasOwn(expression, step)
            ? expression[step]
            : undefined
    const reference = this.#configuration.reference(from.module, expression, from.configured)
    if (reference === null) return null
    if (reference.attribute !== '' && !attributes.includes(reference.attribute)) return null
    const instances = this.#byResource.get(placeOf(moduleAddress(reference.module), reference.resource))
    if (instances === undefined) return null
    const key = reference.key === 'own' ? from.key : reference.key
    const [only] = instances.values()
    return instances.get(key) ?? (instances.size === 1 && reference.key !== 'own' ? (only ?? null) : null)
  }
}

const placeOf = (module: string, resource: string): string => `${module} ${resource}`
