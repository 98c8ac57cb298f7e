/** The role of an instance profile. */
export interface InstanceRole {
  readonly profile: { readonly arn: string; readonly id: string }
  /** null: the profile has none. */
  readonly held: HeldRole | null
}

interface HeldRole {
  readonly arn: string
  readonly id: string
  readonly name: string
}

export interface RoleCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly token: string
  /** Milliseconds since the epoch. */
  readonly issued: number
  readonly expires: number
}

interface CredentialParts {
  readonly clock: () => number
  /** @returns null: it does not trust the service */
  readonly mint: (roleArn: string) => Promise<RoleCredentials | null>
}

/**
 * Others are there so long before the end of those before, in milliseconds: SDKs ask again some minutes before it.
 * @see EC2 User Guide, "Retrieve security credentials from instance metadata": at least five minutes
 */
const RENEWED_BEFORE = 15 * 60_000

/** Credentials of the role of an instance: the same ones for whoever asks, until their time is nearly over. */
export class InstanceCredentials {
  readonly #parts: CredentialParts
  #roleId = ''
  #kept: Promise<RoleCredentials | null> = Promise.resolve(null)

  constructor(parts: CredentialParts) {
    this.#parts = parts
  }

  /** @returns null: the role does not trust the service */
  async of({ id, arn }: HeldRole): Promise<RoleCredentials | null> {
    const { clock, mint } = this.#parts
    const before = this.#kept
    const kept = await before.catch(() => null)
    if (kept !== null && this.#roleId === id && kept.expires - clock() > RENEWED_BEFORE) return kept
    // Of two that ask at once, the first has others made.
    if (this.#kept === before) {
      this.#roleId = id
      this.#kept = mint(arn)
    }
    return this.#kept
  }
}
