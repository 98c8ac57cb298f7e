import type { EstateView } from '../estate-view.ts'
import { type ExaminedPrincipal, entityPrincipal } from './examined-principal.ts'

/**
 * Users and roles that have another path in one state than in the other: the same principals under other ARNs.
 * @see IAM API Reference, UpdateUser: the user stays the same, with its unique id
 */
export class MovedEntities {
  /** By the ARN afterwards. */
  readonly #formerly = new Map<string, string>()
  readonly #former = new Set<string>()

  constructor(before: EstateView, after: EstateView) {
    for (const account of after.accounts.keys()) {
      const earlier = new Map(
        before.entitiesOf(account).map((entity) => [`${entity.kind} ${entity.name}`, entity]),
      )
      for (const { kind, name, arn } of after.entitiesOf(account)) {
        const other = earlier.get(`${kind} ${name}`)
        if (other === undefined || other.arn === arn) continue
        this.#formerly.set(arn, other.arn)
        this.#former.add(other.arn)
      }
    }
  }

  /** Who has an ARN in one of the states: a principal, or none where the same principal has another ARN afterwards. */
  principalsOf(arn: string, account: string): readonly ExaminedPrincipal[] {
    return this.#former.has(arn) ? [] : [entityPrincipal(arn, account, this.#formerly.get(arn))]
  }

  /** The ARN afterwards of who has an ARN in one of the states. */
  presentArnOf(arn: string): string {
    if (this.#former.has(arn)) for (const [now, former] of this.#formerly) if (former === arn) return now
    return arn
  }
}
