import { type Diagnostic, DiagnosticError, errorOf } from '../diagnostics/index.ts'
import { type MadeSecret, madeText, Secret, type SecretSource } from '../model/secret.ts'
import type { NeededSecret } from '../plan/steps/needed-secrets.ts'
import { generatedPassword } from './generated-password.ts'

/** Where values of secrets come from. Whoever puts things together gives it: nothing here reads by itself. */
export interface SecretPorts {
  /** A variable of the environment; null: it isn't set. */
  readonly env: (name: string) => string | null
  /**
   * The text of a file of the IAM folder, by its path there.
   * @throws DiagnosticError why it isn't read, without anything of what it holds
   */
  readonly file: (path: string) => Promise<string>
  readonly randomBytes: (count: number) => Uint8Array
  /** Where those go that an apply makes. Absent: nowhere, so that none can be made. */
  readonly sink?: SecretSink
}

/** Hands secrets to those whom they are for. Whoever puts things together gives it. */
export interface SecretSink {
  /** Why it could not take one; null: nothing is known that speaks against it. */
  readonly objection: (made: MadeSecret) => Promise<Pick<Diagnostic, 'code' | 'message' | 'help'> | null>
  /** @throws DiagnosticError it was not taken, in words that quote nothing of it */
  readonly take: (made: MadeSecret, value: Secret) => Promise<TakenSecret>
}

export interface TakenSecret {
  /** Takes back what is of no use to anybody. @returns whether it is gone */
  readonly withdraw: () => Promise<boolean>
}

/** Reads or makes secrets, each right before the call that takes it. Nothing is kept. */
export class SecretSupply {
  readonly #ports: SecretPorts | null
  readonly #passwordLength: number

  /**
   * @param ports null: there is nowhere to read from
   * @param passwordLength characters that a generated password has at least
   */
  constructor(ports: SecretPorts | null, passwordLength = 0) {
    this.#ports = ports
    this.#passwordLength = passwordLength
  }

  /** What stands in the way of carrying out a plan: each secret that isn't there, with its place. */
  async missing(needed: readonly NeededSecret[]): Promise<readonly Diagnostic[]> {
    const found: Diagnostic[] = []
    for (const { source, of, span, makes } of needed)
      try {
        const objection = makes === null ? null : await this.#objection(makes)
        if (objection !== null) found.push(errorOf({ ...objection, span }))
        if (source !== null) await this.take(source)
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error
        for (const each of error.diagnostics)
          found.push({ ...each, message: `${each.message} (a secret of \`${of}\`)`, span })
      }
    return found
  }

  async #objection(made: MadeSecret): Promise<Pick<Diagnostic, 'code' | 'message' | 'help'> | null> {
    const sink = this.#ports?.sink
    return sink === undefined ? noSink(made) : sink.objection(made)
  }

  /** @throws DiagnosticError when nobody takes it */
  async handOver(made: MadeSecret, value: Secret): Promise<TakenSecret> {
    const sink = this.#ports?.sink
    if (sink === undefined) throw new DiagnosticError(errorOf(noSink(made)))
    return sink.take(made, value)
  }

  /** @throws DiagnosticError when it isn't there */
  async take(source: SecretSource): Promise<Secret> {
    if (this.#ports === null) throw new DiagnosticError(NOWHERE)
    if ('generate' in source) return generatedPassword(this.#passwordLength, this.#ports.randomBytes)
    const value = 'env' in source ? this.#ports.env(source.env) : await this.#ports.file(source.file)
    if (value === null || value === '') throw new DiagnosticError(absent(source, value))
    return new Secret(value)
  }
}

const NOWHERE = errorOf({
  code: 'secret.no-source',
  message: 'nobody here reads secrets',
  help: 'give `secrets` to `applyAccount`',
})

const noSink = (made: MadeSecret) => ({
  code: 'secret.no-sink',
  message: `${madeText(made)} would be made, and nobody would ever be told it`,
  help: 'say where it goes: `--secrets-to DIR` (encrypted for the `recipients:` of the user), as `secrets: { to: DIR }` in iam-sync.yaml, or `--secrets-to exec:COMMAND`',
})

function absent(source: SecretSource, value: string | null): Diagnostic {
  if ('env' in source)
    return errorOf({
      code: 'secret.env-missing',
      message: `the variable \`${source.env}\` of the environment is ${value === null ? 'not set' : 'empty'}`,
      help: 'set it where `apply` runs; nothing of it is ever printed or kept',
    })
  return errorOf({
    code: 'secret.file-empty',
    message: `the file \`${'file' in source ? source.file : ''}\` is empty`,
    help: 'write the secret into it',
  })
}
