import {
  type AccountState,
  type AnyEntityState,
  ENTITIES,
  ENTITY_KINDS,
  type Estate,
  entityArn,
  parseArn,
  ROLE_BY_NAME,
  ROLE_GIVEN,
} from '../model/index.ts'

/**
 * Instance profiles and identity providers of one state. Where others wrote it (`Estate.instanceProfiles`, `Estate.providers`), that says
 * which are there, and nothing of all others; else the entities of the accounts do, and have all of an account that was read in whole.
 */
export class KnownThings {
  /** By the ARN of an instance profile, that of the role that is in it. */
  readonly profiles: ReadonlyMap<string, string>
  /** ARNs of identity providers that are there. */
  readonly providers: ReadonlySet<string>
  readonly #estate: Estate
  readonly #later: Estate | null
  readonly #held: ReadonlySet<string>

  /** @param later what the state becomes by a change; null: it isn't compared with one */
  constructor(estate: Estate, later: Estate | null) {
    this.#estate = estate
    this.#later = later
    this.profiles = profilesIn(estate)
    this.providers = providersIn(estate)
    this.#held = new Set(this.profiles.values())
  }

  /** Whether a role is known to be in no instance profile. @param arn its ARN */
  isWithoutProfile(arn: string): boolean {
    const { instanceProfiles, withoutProfile } = this.#estate
    if (instanceProfiles !== undefined || withoutProfile !== undefined)
      return withoutProfile?.has(arn) === true
    return this.#isWhole(arn) && !this.#held.has(arn)
  }

  /** Whether an identity provider is there; null: nobody knows. */
  hasProvider(arn: string): boolean | null {
    if (this.providers.has(arn)) return true
    if (this.#estate.providers === undefined && this.#isWhole(arn)) return false
    return this.#isMadeLater(arn) ? false : null
  }

  /** Whether everything is known of the account of an ARN. */
  #isWhole(arn: string): boolean {
    return this.#estate.inventories?.has(parseArn(arn)?.account ?? '') === true
  }

  /** What a change leads to and wasn't there is made by it, unless the state couldn't hold it. */
  #isMadeLater(arn: string): boolean {
    const later = this.#later
    if (later === null || !providersIn(later).has(arn)) return false
    const { unseen, sameBeyond } = this.#estate
    return unseen?.has('providers') !== true || (sameBeyond !== undefined && sameBeyond === later.sameBeyond)
  }
}

function profilesIn({ instanceProfiles, accounts }: Estate): ReadonlyMap<string, string> {
  if (instanceProfiles !== undefined) return instanceProfiles
  return new Map(
    accounts.flatMap((state) =>
      ENTITY_KINDS.flatMap((kind) => {
        const roleOf = ROLE_GIVEN[kind] as ((entity: AnyEntityState) => string | null) | undefined
        if (roleOf === undefined) return []
        return [...state.entities[kind].values()].flatMap((entity) => {
          const role = roleOf(entity)
          return role === null ? [] : [[entity.arn, roleArn(role, state)] as const]
        })
      }),
    ),
  )
}

const roleArn = (name: string, { account, entities }: AccountState): string =>
  entities[ROLE_BY_NAME.kind].get(name)?.arn ?? entityArn(account, ENTITIES[ROLE_BY_NAME.kind], '/', name)

const PROVIDER_KINDS = ENTITY_KINDS.filter((kind) => ENTITIES[kind].isIdentityProvider === true)

function providersIn({ providers, accounts }: Estate): ReadonlySet<string> {
  if (providers !== undefined) return providers
  return new Set(
    accounts.flatMap(({ entities }) =>
      PROVIDER_KINDS.flatMap((kind) => [...entities[kind].values()].map(({ arn }) => arn)),
    ),
  )
}
