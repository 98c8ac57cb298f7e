import { type Diagnostic, DiagnosticError, errorOf } from '../diagnostics/index.ts'
import { IamError } from '../iam/service-error.ts'
import {
  type AccountState,
  CHILDREN,
  type ChildKind,
  type ChildState,
  type CredentialNote,
  isChildKind,
  isEntityKind,
  Secret,
  type ToldSecret,
} from '../model/index.ts'
import type { FreedChild, StepCall, UnlessUsed } from '../model/step.ts'
import type { ChildPlan } from '../plan/children/child-plan.ts'
import type { IamReader, WritableTarget } from '../target/ports.ts'
import type { Intent } from './plan-account.ts'
import { Patience, type Pauses, patientReader } from './retries.ts'

/** A credential that a call has made. */
interface MadeCredential {
  readonly id: string
  /** What somebody is given: its id, its secret and what that takes, as JSON. */
  readonly value: Secret
}

/**
 * Keeps a journal of credentials whose secret the answer of a call tells, so that none is ever there that nobody knows the secret
 * of and nothing knows the reason of: what was begun is noted before, what was made before anybody is given it, and that they were.
 */
export class CredentialKeeper {
  readonly #intent: Pick<Intent, 'kinds' | 'observeKinds'>
  readonly #target: Pick<WritableTarget, 'iam' | 'journal'>
  readonly #reader: IamReader
  readonly #ports: Pauses & { readonly clock: () => number }
  /** Those that were there before the call that is under way. */
  #others: readonly string[] = []
  #begun = 0

  constructor(
    intent: Pick<Intent, 'kinds' | 'observeKinds'>,
    target: Pick<WritableTarget, 'iam' | 'journal'>,
    ports: Pauses & { readonly clock: () => number },
  ) {
    this.#intent = intent
    this.#target = target
    this.#reader = patientReader(target.iam, ports)
    this.#ports = ports
  }

  /** @throws IamError, DiagnosticError */
  async begin(told: ToldSecret): Promise<void> {
    this.#others = (await this.#read(told)).map(({ id }) => id)
    this.#begun = this.#ports.clock()
    await this.#put(told, null, null)
  }

  /** Notes whose something was that is nobody's until it is deleted. @throws DiagnosticError */
  frees({ kind, parent, id }: FreedChild): Promise<void> {
    return this.#target.journal.putCredential({
      kind,
      parent,
      name: id,
      id,
      others: [],
      begun: null,
      delivered: null,
    })
  }

  /** Forgets a call that has certainly made nothing. @throws DiagnosticError */
  refused({ kind, parent, name }: ToldSecret): Promise<void> {
    return this.#target.journal.dropCredential({
      ...this.#note(kind, parent, name),
      id: null,
      delivered: null,
    })
  }

  /**
   * Forgets what nothing can come of any more once all is as declared: calls that were begun, since a key that somebody makes by hand
   * later must not be taken for theirs; and what isn't there any more.
   * @param before the notes that all was planned with, and what was there then
   * @throws DiagnosticError
   */
  async settle(before: {
    readonly credentials: readonly CredentialNote[]
    readonly observed: AccountState
  }): Promise<void> {
    for (const note of await this.#target.journal.credentials())
      if (
        note.id === null ||
        (before.credentials.some(({ id }) => id === note.id) && isGone(note, before.observed))
      )
        await this.#target.journal.dropCredential(note)
  }

  /**
   * Deletes what an attempt has made whose answer was lost: its secret is lost with it. Looks as long as it may not be seen yet.
   * INVARIANT: what the journal knows stays. What was there at the beginning may not have been seen then.
   * @throws IamError
   */
  async sweep(told: ToldSecret, settlesWithin: number): Promise<void> {
    const patience = new Patience(this.#ports)
    while (!(await this.#sweepSeen(told)) && patience.waited < settlesWithin && (await patience.pause())) {}
  }

  /** @returns whether there was anything */
  async #sweepSeen(told: ToldSecret): Promise<boolean> {
    const known = new Set((await this.#target.journal.credentials()).map(({ id }) => id))
    const [made, ...more] = (await this.#read(told)).filter(
      ({ id, lastUsed, variety }) =>
        !this.#others.includes(id) &&
        !known.has(id) &&
        (lastUsed ?? null) === null &&
        variety === told.variety,
    )
    // Of several somebody else may have made one.
    if (made !== undefined && more.length === 0) await this.#delete(told, made.id)
    return made !== undefined
  }

  /** @throws DiagnosticError */
  made(told: ToldSecret, { id }: MadeCredential): Promise<void> {
    return this.#put(told, id, null)
  }

  /** @throws DiagnosticError */
  delivered(told: ToldSecret, { id }: MadeCredential): Promise<void> {
    return this.#put(told, id, this.#ports.clock())
  }

  /** What nobody was given goes again. @returns whether it is gone */
  async undo(told: ToldSecret, { id }: MadeCredential): Promise<boolean> {
    try {
      await this.#delete(told, id)
      return true
    } catch (error) {
      if (error instanceof IamError) return false
      throw error
    }
  }

  /** Why a credential stays: somebody has used it since; null: nobody has. @throws IamError */
  async useOf({ kind, id, since }: UnlessUsed): Promise<Diagnostic | null> {
    const read = isChildKind(kind) ? this.#intent.observeKinds.children[kind].lastUsed : undefined
    const used = read === undefined ? null : await read(this.#reader, id)
    return used === null || used <= since ? null : inUse(id, used)
  }

  /** Who was only just made, and may not be seen yet, has none. */
  async #read({ kind, parent }: ToldSecret): Promise<readonly ChildState[]> {
    try {
      return await this.#intent.observeKinds.children[kindOf(kind)].read(this.#reader, parent)
    } catch (error) {
      if (error instanceof IamError && error.code === 'NoSuchEntity') return []
      throw error
    }
  }

  async #delete({ kind, parent }: ToldSecret, id: string): Promise<void> {
    const { parent: of } = CHILDREN[kindOf(kind)]
    const plans = isEntityKind(of) ? this.#intent.kinds[of].children : undefined
    const plan: Pick<ChildPlan<never>, 'delete'> | undefined = plans?.[kindOf(kind)]
    // A plan's calls have their own inputs, and those that delete take no secret.
    for (const { operation, input } of plan?.delete(parent, id) ?? [])
      await this.#target.iam.write(operation, input as Parameters<StepWriter>[1])
  }

  #put({ kind, parent, name }: ToldSecret, id: string | null, delivered: number | null): Promise<void> {
    return this.#target.journal.putCredential({ ...this.#note(kind, parent, name), id, delivered })
  }

  #note(kind: string, parent: string, name: string): Omit<CredentialNote, 'id' | 'delivered'> {
    return { kind, parent, name, others: this.#others, begun: this.#begun }
  }
}

/** Whether it is known that there is none such; what wasn't looked at isn't. */
function isGone({ kind, parent, id }: CredentialNote, { entities, children }: AccountState): boolean {
  if (!isChildKind(kind)) return false
  const of = CHILDREN[kind].parent
  const there = children[kind]?.get(parent)
  if (there === undefined) return isEntityKind(of) && !entities[of].has(parent)
  return !there.some((state) => state.id === id)
}

type StepWriter = (operation: StepCall['operation'], input: never) => unknown

function kindOf(kind: string): ChildKind {
  if (isChildKind(kind)) return kind
  throw new TypeError(`${kind} is not named under anything`)
}

/**
 * What an answer tells of what was made.
 * @throws DiagnosticError `apply.no-secret`: the answer has none
 */
export function madeIn(answer: unknown, { at, made }: ToldSecret): MadeCredential {
  const found: unknown = isObject(answer) ? answer[at.field] : null
  const given = isObject(found) ? found : {}
  const id = given[at.id]
  const isTold = (field: string) => typeof given[field] === 'string' && given[field] !== ''
  const secret = at.secrets.find(isTold)
  if (typeof id !== 'string' || secret === undefined)
    throw new DiagnosticError(
      errorOf({
        code: 'apply.no-secret',
        message: `the answer to the call that makes the ${made.what} of \`${made.of}\` has no secret in it`,
        help: 'run it again: what was made is deleted, and made anew',
      }),
    )
  const fields = [at.id, ...at.besides.filter(isTold), secret].map((field) => [field, given[field]])
  return { id, value: new Secret(JSON.stringify({ ...at.form, ...Object.fromEntries(fields) })) }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const inUse = (id: string, used: number): Diagnostic =>
  errorOf({
    code: 'apply.key-in-use',
    message: `\`${id}\` stays: it was used at ${new Date(used).toISOString()}, after the one that takes its place was handed over`,
    help: 'see to it that whoever uses it takes the new one',
  })
