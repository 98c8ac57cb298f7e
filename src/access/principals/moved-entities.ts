import { type AnyEntityState, PRINCIPAL_ENTITY_KINDS } from '../../model/index.ts'
import type { EstateView } from '../estate-view.ts'
import { type ExaminedPrincipal, entityPrincipal } from './examined-principal.ts'
import { UnlikeEntries } from './unlike-entries.ts'

/**
 * Users and roles that have another path in one state than in the other: the same principals under other ARNs.
 * @see IAM API Reference, UpdateUser: the user stays the same, with its unique id
 */
export class MovedEntities {
  /** By the ARN afterwards. */
  readonly #formerly = new Map<string, string>()
  readonly #former = new Set<string>()

  constructor(before: EstateView, after: EstateView) {
    for (const [account, now] of after.accounts) {
      const old = before.accounts.get(account)
      for (const kind of old === undefined ? [] : PRINCIPAL_ENTITY_KINDS)
        for (const name of otherArns(old?.entities[kind], now.entities[kind])) {
          const [former, arn] = [old?.entities[kind].get(name)?.arn, now.entities[kind].get(name)?.arn]
          if (former === undefined || arn === undefined) continue
          this.#formerly.set(arn, former)
          this.#former.add(former)
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

type Entities = ReadonlyMap<string, AnyEntityState>

const byArn = new UnlikeEntries<AnyEntityState>((a, b) => a.arn === b.arn)
const NOBODY: Entities = new Map()

/** The names of a kind that don't stand for the same ARN in two states, or only in one. */
export const otherArns = (before: Entities = NOBODY, after: Entities = NOBODY): ReadonlySet<string> =>
  byArn.between(before, after)
