import { OBSERVE_KINDS } from '../../kinds/observe.ts'
import type { ProjectAccount } from '../../manifest/desired.ts'
import { namesOthers } from '../../plan/principals/trust-change.ts'
import { isReadFor, needsUniqueIds, type ReadTarget, readTarget } from '../../reconcile/plan-account.ts'
import { kindOf } from '../../target/kinds.ts'
import type { TargetVersion } from '../../target/ports.ts'
import { openTargetForReading, using } from '../opening/account-target.ts'
import type { OpenedProject } from '../opening/project.ts'

/** What an account held when it was last read, and by what to tell that it still does. */
export interface Observation extends ReadTarget {
  readonly version: string
  /** Whether what it shows depends on other accounts: whether those whom its roles trust are still there. */
  readonly needsOthers: boolean
}

/** What accounts hold, read anew only when their databases changed. */
export class Observations {
  readonly #versions = new Map<string, TargetVersion>()
  readonly #known = new Map<string, Observation>()

  async of(account: ProjectAccount, opened: OpenedProject): Promise<Observation> {
    const place = placeOf(account, opened)
    const known = this.#known.get(place)
    // Asked before reading: what is written meanwhile shows the next time.
    const alone = this.#versionOf(account, opened)
    const together = this.#versionOfAll(opened)
    const now = known?.needsOthers === true ? together : alone
    const desired = account.desired ?? { account: account.account, entities: { role: new Map() } }
    const planned =
      account.desired === null ? null : { desired: account.desired, scopes: opened.project.scopes }
    const isEnough =
      known !== undefined &&
      (known.uniqueIds !== null || !needsUniqueIds(desired, known.observed)) &&
      (planned === null || isReadFor(planned, known))
    if (known !== undefined && isEnough && now === known.version) return known
    const read = await using(openTargetForReading(account, opened), (target) =>
      readTarget(target, desired, OBSERVE_KINDS, planned),
    )
    const needsOthers = [...read.observed.entities.role.values()].some(({ trustPolicy }) =>
      namesOthers(trustPolicy, account.account),
    )
    const version = needsOthers ? together : alone
    const observation = { version: version ?? '', needsOthers, ...read }
    if (version === null) this.#known.delete(place)
    else this.#known.set(place, observation)
    return observation
  }

  /** null: can't be told. Another id or partition reads the same database differently. */
  #versionOf(projectAccount: ProjectAccount, opened: OpenedProject): string | null {
    const { account, target } = projectAccount
    const place = placeOf(projectAccount, opened)
    const tracker = this.#versions.get(place) ?? kindOf(target).version(target, opened.folder)
    this.#versions.set(place, tracker)
    const version = tracker.current()
    return version === null ? null : `${version} ${account.partition} ${account.id}`
  }

  #versionOfAll(opened: OpenedProject): string | null {
    const versions = opened.project.accounts.map((account) => this.#versionOf(account, opened))
    return versions.includes(null) ? null : versions.join('\n')
  }

  close(): void {
    for (const version of this.#versions.values()) version.close()
  }
}

/** Which target of which project it is: what is known of it belongs to no other. */
const placeOf = ({ target }: ProjectAccount, { folder }: OpenedProject): string =>
  JSON.stringify([folder, target])
