import { ENTITIES, type EntityKind, entityArn, parseEntityArn } from '../../model/index.ts'
import { type Instance, readAt, textAt } from './instance.ts'
import { kindOfType, MANAGED } from './kinds.ts'
import type { PlanAccounts } from './plan-accounts.ts'
import type { ReferredInstances } from './referred.ts'

/** What stands in a name in place of what AWS or Terraform makes up when it is applied. */
const NOT_YET = 'known-after-apply'

/** An entity as a plan names it. */
export interface NamedEntity {
  readonly name: string
  readonly path: string
  readonly arn: string
  /** Otherwise the name stands for one that is made up when it is applied. */
  readonly isNameKnown: boolean
}

/** Names and ARNs of IAM entities, those included that Terraform knows after the apply only. */
export class PlanNames {
  readonly #accounts: PlanAccounts
  readonly #referred: ReferredInstances

  constructor(accounts: PlanAccounts, referred: ReferredInstances) {
    this.#accounts = accounts
    this.#referred = referred
  }

  /** @param kind of the entity that the resource, or data source, is */
  entityOf(instance: Instance, kind: EntityKind): NamedEntity {
    const { account } = this.#accounts.placeOf(instance)
    const inState = parseEntityArn(textAt(instance, 'arn') ?? '')
    if (inState?.kind === kind) {
      const { name, path } = inState
      return { name, path, arn: textAt(instance, 'arn') ?? '', isNameKnown: true }
    }
    const service = textAt(instance, 'aws_service_name')
    const path = service === null ? pathIn(instance) : `/aws-service-role/${service}/`
    const known = textAt(instance, 'name')
    const name = known ?? `${textAt(instance, 'name_prefix') ?? ''}${madeUpName(instance)}`
    return {
      name,
      path,
      arn: entityArn(account, ENTITIES[kind], path, name),
      isNameKnown: known !== null && ['known', 'absent'].includes(readAt(instance, 'path').is),
    }
  }

  /**
   * The name that an attribute of an attachment says: given, or that of a resource of the plan. IAM takes an ARN for none.
   * @returns null: it isn't known
   */
  nameAt(instance: Instance, kind: EntityKind, ...path: readonly (string | number)[]): string | null {
    const known = textAt(instance, ...path)
    if (known !== null) return known
    const target = this.#referred.behind(instance, path, ['name', 'id'])
    return target !== null && kindOfType(target.type) === kind ? this.entityOf(target, kind).name : null
  }

  /** The ARN of a policy that an attribute says. @returns null: it isn't known, or there is none */
  policyArnAt(instance: Instance, ...path: readonly (string | number)[]): string | null {
    const known = textAt(instance, ...path)
    if (known !== null) return known
    const target = this.#referred.behind(instance, path, ['arn', 'id'])
    return target !== null && kindOfType(target.type) === MANAGED ? this.entityOf(target, MANAGED).arn : null
  }
}

/** Whether an attribute says something, be it known or not. */
export const hasValue = (instance: Instance, ...path: readonly (string | number)[]): boolean => {
  const reading = readAt(instance, ...path)
  return reading.is !== 'absent' && (reading.is !== 'known' || reading.value !== '')
}

/** Unlike any name that there is, and the same in each run. */
export const madeUpName = ({ address }: Instance): string =>
  `${NOT_YET}.${address.replace(/[^\w.-]+/g, '-').replace(/-$/, '')}`

function pathIn(instance: Instance): string {
  const path = textAt(instance, 'path') ?? '/'
  return path.startsWith('/') && path.endsWith('/') ? path : '/'
}
