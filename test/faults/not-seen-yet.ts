import { IamError } from '../../src/iam/service-error.ts'

/**
 * What was written a moment ago, and isn't seen yet by calls that need it: who was just made isn't there, can't be trusted, can't be
 * attached; what was just taken away still stands in the way of a deletion.
 * @see IAM User Guide, "Troubleshoot IAM": changes that I make are not always immediately visible
 */
export class NotSeenYet {
  readonly #lag: number
  readonly #made = new Map<string, number>()
  readonly #takenFrom = new Map<string, number>()

  /** @param lag milliseconds */
  constructor(lag: number) {
    this.#lag = lag
  }

  /** What such a call is refused with now; null: nothing keeps it. */
  refusal(operation: string, input: object, now: number): IamError | null {
    const isHidden = (moments: ReadonlyMap<string, number>, what: string) =>
      now - (moments.get(what) ?? Number.NEGATIVE_INFINITY) < this.#lag
    const own = makes(operation)
    for (const [field, value] of textsIn(input)) {
      if (field !== own && isHidden(this.#made, `${field}=${value}`)) return missing(value)
      if (isHidden(this.#made, value))
        return operation.startsWith('Attach') && value.length % 2 === 0
          ? new IamError('PolicyNotAttachable', `Cannot attach ${value}`)
          : missing(value)
      if (
        /^(?:AssumeRolePolicyDocument|PolicyDocument)$/.test(field) &&
        /AssumeRole|UpdateAssume/.test(operation + field)
      )
        for (const [arn] of this.#made)
          if (value.includes(`"${arn}"`) && isHidden(this.#made, arn))
            return new IamError('MalformedPolicyDocument', `Invalid principal in policy: "AWS":"${arn}"`)
      if (field === deletes(operation, input) && isHidden(this.#takenFrom, `${field}=${value}`))
        return new IamError('DeleteConflict', `Cannot delete ${value}, something is still attached.`)
    }
    return null
  }

  note(operation: string, input: object, answer: object, now: number): void {
    const own = makes(operation)
    for (const [field, value] of textsIn(input)) {
      if (field === own) this.#made.set(`${field}=${value}`, now)
      if (/^(?:Detach|Remove|Delete)/.test(operation) && deletes(operation, input) === null)
        this.#takenFrom.set(`${field}=${value}`, now)
    }
    if (own !== null) for (const arn of arnsIn(answer)) this.#made.set(arn, now)
  }
}

const missing = (what: string) => new IamError('NoSuchEntity', `${what} cannot be found.`)

const textsIn = (input: object): readonly (readonly [string, string])[] =>
  Object.entries(input).filter((entry): entry is [string, string] => typeof entry[1] === 'string')

/** The field with the name of what an operation makes: `CreateUser` → `UserName`. */
const makes = (operation: string): string | null => {
  const made = /^(?:Create|Upload)(.*)/.exec(operation)?.[1]
  return made === undefined ? null : `${made}Name`
}

/** The field that says which entity an operation deletes: `DeleteUser` → `UserName`; null: no entity. */
function deletes(operation: string, input: object): string | null {
  const deleted = /^Delete(.*)/.exec(operation)?.[1]
  return [`${deleted}Name`, `${deleted}Arn`].find((field) => Object.hasOwn(input, field)) ?? null
}

const arnsIn = (value: unknown): readonly string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, each]: readonly [string, unknown]) =>
        typeof each === 'string' && /^(?:Arn|OpenIDConnectProviderArn|SAMLProviderArn)$/.test(key)
          ? [each]
          : arnsIn(each),
      )
