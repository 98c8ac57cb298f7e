import type { DesiredState } from '../../manifest/desired.ts'
import { type Account, type AccountState, jsonOf, parseEntityArn, type RoleState } from '../../model/index.ts'
import { trustedElsewhere } from './trust.ts'

/** Another account of the project, as it is and as it will be. */
export interface OtherAccount {
  readonly account: Account & { readonly name: string }
  /** null: its manifests say nothing that could be gone by. */
  readonly desired: DesiredState | null
  /** null: it was not read, since no trust policy asks for it. */
  readonly observed: AccountState | null
  /** ARNs of the users and roles that its own plan deletes, makes anew under another path, or moves there. */
  readonly leaving: ReadonlySet<string>
  /** By unique id the ARN that one of its users or roles had, as its journal took note of. Absent: of none. */
  readonly formerNames?: ReadonlyMap<string, string>
  /** When the same command applies it: before the account that is planned (absent), after it, or not at all. */
  readonly applied?: 'after' | 'not'
}

/**
 * What becomes of a user or role of another account. `comes`: it is not there yet, and is declared there. `missing`: it
 * isn't there, and nobody declares it.
 */
type PrincipalFate = 'stays' | 'comes' | 'goes' | 'missing'

type TrustingRole = Pick<RoleState, 'arn' | 'trustPolicy'>

/** What a plan goes by besides its own account: whom trust policies may name elsewhere, and who there trusts whom. */
export class OtherAccounts {
  readonly #accounts: ReadonlyMap<string, OtherAccount>
  /** By old ARN the new one of each user that another account moves to another path: to IAM it stays who it is. */
  readonly moved: ReadonlyMap<string, string>
  #trusting: ReadonlyMap<string, readonly string[]> | null = null
  #stored: ReadonlyMap<string, readonly string[]> | null = null

  constructor(accounts: readonly OtherAccount[]) {
    this.#accounts = new Map(accounts.map((other) => [other.account.id, other]))
    this.moved = movedUsers(accounts)
  }

  /** The ARN that the bearer of a unique id had; null: no journal knows it. */
  formerNameOf(id: string): string | null {
    for (const { formerNames } of this.#accounts.values()) {
      const known = formerNames?.get(id)
      if (known !== undefined) return known
    }
    return null
  }

  all(): readonly OtherAccount[] {
    return [...this.#accounts.values()]
  }

  /** The name of an account of the project by its id, else null. */
  nameOf(id: string): string | null {
    return this.#accounts.get(id)?.account.name ?? null
  }

  /** @returns null for what is no user or role of another account of the project: nothing is known of it */
  fateOf(arn: string): PrincipalFate | null {
    const named = parseEntityArn(arn)
    const other = named === null ? undefined : this.#accounts.get(named.account)
    if (named === null || other === undefined || (named.kind !== 'user' && named.kind !== 'role')) return null
    const { desired, observed, leaving } = other
    const declared = desired?.entities[named.kind].get(named.name)
    if (observed === null) return declared?.arn === arn ? 'stays' : 'missing'
    if (observed.entities[named.kind].get(named.name)?.arn !== arn)
      return declared?.arn === arn ? 'comes' : 'missing'
    return leaving.has(arn) ? 'goes' : 'stays'
  }

  /**
   * When somebody of another account who is yet to be made is there: `before` this account is applied, `after` its own steps
   * that don't wait for them, or `not` by this command. null: they are there, or nobody makes them.
   */
  comes(arn: string): 'before' | 'after' | 'not' | null {
    if (this.fateOf(arn) !== 'comes') return null
    return this.#accounts.get(parseEntityArn(arn)?.account ?? '')?.applied ?? 'before'
  }

  /** The ARN under which a user or role of that name is declared, if it is. */
  declaredArnOf(arn: string): string | null {
    const named = parseEntityArn(arn)
    if (named === null || (named.kind !== 'user' && named.kind !== 'role')) return null
    return this.#accounts.get(named.account)?.desired?.entities[named.kind].get(named.name)?.arn ?? null
  }

  /** ARNs of the roles elsewhere whose trust policies, as they are or will be, name a principal. */
  trusting(arn: string): readonly string[] {
    this.#trusting ??= this.#index(({ desired, observed }) => {
      const roles = new Map<string, TrustingRole>(observed?.entities.role)
      for (const role of desired?.entities.role.values() ?? []) roles.set(role.name, role)
      return roles.values()
    })
    return this.#trusting.get(arn) ?? []
  }

  /**
   * ARNs of the roles elsewhere whose trust policies, as they are stored now, name a user or role of that name, under
   * whatever path.
   */
  storedTrustOf(arn: string): readonly string[] {
    this.#stored ??= this.#index(({ observed }) => observed?.entities.role.values() ?? [], withoutPath)
    return this.#stored.get(withoutPath(arn)) ?? []
  }

  #index(
    rolesOf: (other: OtherAccount) => Iterable<TrustingRole>,
    keyOf: (arn: string) => string = (arn) => arn,
  ): ReadonlyMap<string, readonly string[]> {
    const trusting = new Map<string, string[]>()
    for (const other of this.#accounts.values()) {
      const { account } = other
      for (const role of rolesOf(other))
        for (const key of new Set(trustedIn(role, account).map(keyOf))) {
          const known = trusting.get(key)
          if (known === undefined) trusting.set(key, [role.arn])
          else known.push(role.arn)
        }
    }
    for (const roles of trusting.values()) roles.sort()
    return trusting
  }
}

/** Whom it names of other accounts; nobody, where what it says isn't known. */
function trustedIn({ trustPolicy }: TrustingRole, account: Account): readonly string[] {
  const json = jsonOf(trustPolicy)
  return json === null ? [] : trustedElsewhere(json, account)
}

/** Names are unique in an account, whatever their paths. */
function withoutPath(arn: string): string {
  const named = parseEntityArn(arn)
  return named === null ? arn : `${named.account} ${named.kind}/${named.name}`
}

function movedUsers(accounts: readonly OtherAccount[]): ReadonlyMap<string, string> {
  const moved = new Map<string, string>()
  for (const { desired, observed, leaving } of accounts) {
    if (leaving.size === 0) continue
    for (const user of observed?.entities.user.values() ?? []) {
      const declared = desired?.entities.user.get(user.name)
      if (declared !== undefined && leaving.has(user.arn)) moved.set(user.arn, declared.arn)
    }
  }
  return moved
}

/** A project with one account, or a plan that asks for no other. */
export const NO_OTHERS = new OtherAccounts([])
