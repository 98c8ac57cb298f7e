import type { Span } from '../diagnostics/span.ts'

/**
 * Where a secret comes from: all that a plan, its digest, the journal and every output know of it.
 * `generate`: a password that nobody has chosen. `env`: a variable of the environment of whoever applies. `file`: a file of
 * the IAM folder, by its path there.
 */
export type SecretSource =
  | { readonly generate: 'password' }
  | { readonly env: string }
  | { readonly file: string }

/** A source and where it is written. */
export interface PlacedSecret {
  readonly source: SecretSource
  readonly span: Span
}

/** A secret that comes of a call and that somebody has to be given. */
export interface MadeSecret {
  /** `password`. */
  readonly what: string
  /** Whose it is: `user/alice`. */
  readonly of: string
  /** Which of several; absent: there is one. */
  readonly name?: string
  /** What AWS calls it; absent: nothing, or it isn't known yet. */
  readonly id?: string
  /** Whom it is encrypted for: public keys of age, as they are declared. */
  readonly recipients: readonly string[]
}

/** As messages call it: "the password of `user/alice`", "the access key `ci` of `user/alice`". */
export const madeText = ({ what, of, name }: MadeSecret): string =>
  `the ${what}${name === undefined ? '' : ` \`${name}\``} of \`${of}\``

/** A secret that the answer of a call tells, once: that of what the call makes. */
export interface ToldSecret {
  readonly made: MadeSecret
  /** The kind that is made, the name of whose it is, and its own. */
  readonly kind: string
  readonly parent: string
  readonly name: string
  /** As `ChildState` has it. */
  readonly variety?: string
  readonly at: ToldAt
}

/** Where an answer tells of what was made: by names of fields. */
export interface ToldAt {
  readonly field: string
  readonly id: string
  /** The secret stands in one of these. */
  readonly secrets: readonly string[]
  /** What else somebody is given, where the answer has it: without that the secret is of no use. */
  readonly besides: readonly string[]
  /** What stands before all of that, for whoever reads it. */
  readonly form: Readonly<Record<string, number>>
}

/** As details and messages call it: `env TLS_KEY`. */
export function sourceText(source: SecretSource): string {
  if ('env' in source) return `env ${source.env}`
  return 'file' in source ? `file ${source.file}` : `generated ${source.generate}`
}

/** Whether what stands in the input of a step is a source. Nothing else of IAM's inputs has such a key. */
export const isSecretSource = (value: unknown): value is SecretSource =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length === 1 &&
  KEYS.some((key) => typeof Reflect.get(value, key) === 'string')

const KEYS = ['generate', 'env', 'file'] as const

/**
 * What `inspect` and `console` ask for. By its name, so that who compiles against this needs no types of Node.js.
 * @see Node.js, util.inspect.custom
 */
const INSPECTED: unique symbol = Symbol.for('nodejs.util.inspect.custom')

/** What is said in its place. */
export const HIDDEN = '***'

/**
 * The value of a secret, on its way from its source to the target. However it is made a text, and whatever prints it, `***`
 * is all that there is to see; copied or serialized it is empty.
 * INVARIANT: the value is in no property, so that nothing that walks over objects comes by it.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
    Object.freeze(this)
  }

  /** The value itself. Only for who hands it over, or hides it in a text: `test/model/secret.test.ts` knows them all. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }

  [Symbol.toPrimitive](): string {
    return HIDDEN
  }

  [INSPECTED](): string {
    return HIDDEN
  }
}

/** The input of a call as a plan has it: in place of each secret, where it comes from. */
export type Planned<Input> = { [F in keyof Input]: PlannedField<Input[F]> }

/** Of one type after the other: a field may be left out. */
type PlannedField<V> = V extends Secret ? SecretSource : V
