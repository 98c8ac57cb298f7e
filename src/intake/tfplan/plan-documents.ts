import { warningOf } from '../../diagnostics/index.ts'
import type { PlacedDocument, StateDocument, UnknownDocument } from '../../model/index.ts'
import type { PolicyUse } from '../../policy/parsed.ts'
import type { EstateDraft } from '../estate-draft.ts'
import { digestAt, type Instance, readAt } from './instance.ts'
import { knownPartOf } from './policy-document-data.ts'
import type { ReferredInstances } from './referred.ts'

/** Reads the policy documents of a plan, those included of which parts are known after the apply only. */
export class PlanDocuments {
  readonly #file: string
  readonly #draft: EstateDraft
  readonly #referred: ReferredInstances

  constructor(file: string, draft: EstateDraft, referred: ReferredInstances) {
    this.#file = file
    this.#draft = draft
    this.#referred = referred
  }

  /**
   * @param path of the attribute that is a document as JSON
   * @param holds what holds it, in the words of a finding
   * @returns null: it has none
   */
  at(
    instance: Instance,
    path: readonly (string | number)[],
    use: PolicyUse,
    holds: string,
  ): StateDocument | null {
    // A resource has one document, but for the blocks of a role: its place is the resource's address.
    const address = path.length === 1 ? instance.address : `${instance.address}.${path[0]}[${path[1]}]`
    const reading = readAt(instance, ...path)
    switch (reading.is) {
      case 'absent':
        return null
      case 'hidden':
        return this.#hidden(instance, path, address, holds)
      case 'unknown':
        return this.#notYet(instance, path, address, use, holds)
      case 'known':
        if (reading.value === '') return null
        return this.read(reading.value, use, address, holds)
    }
  }

  read(value: unknown, use: PolicyUse, address: string, holds: string): StateDocument {
    return this.#draft.documents.read(value, use, { file: this.#file, address }, holds)
  }

  /** Two of the same text say the same, and what it is nobody is told. */
  #hidden(
    instance: Instance,
    path: readonly (string | number)[],
    address: string,
    holds: string,
  ): UnknownDocument {
    this.#draft.find(
      warningOf({
        code: 'intake.sensitive-document',
        message: `${holds}: the document at \`${address}\` is marked as sensitive, and is not read`,
        help: 'a policy is no secret: take `sensitive` away from what it is made of (`nonsensitive(…)`)',
      }),
    )
    return this.#draft.documents.standIn('sensitive', digestAt(instance, ...path), {
      file: this.#file,
      address,
    })
  }

  /** What takes the place of what isn't in the plan, the same on both sides. */
  notHeld(address: string): UnknownDocument {
    return this.#draft.documents.standIn('not-held', address, { file: this.#file, address })
  }

  /** Stands for what somebody has, in whatever way, and what is known after the apply only. @param what `its name` */
  open(address: string, holds: string, what: string): UnknownDocument {
    this.#draft.find(
      warningOf({
        code: 'intake.not-known-yet',
        message: `${holds}: ${what} (\`${address}\`) is known only after the apply`,
        help: 'what hangs on it is unknown, and no gate passes on it',
      }),
    )
    return this.#draft.documents.standIn('not-yet', `${address} ${what}`, { file: this.#file, address })
  }

  /** @param known the statements that are known all the same; null: none are */
  notYet(address: string, holds: string, known: PlacedDocument | null = null): UnknownDocument {
    const unknown = this.#draft.documents.notYet({ file: this.#file, address }, holds)
    return known === null ? unknown : { ...unknown, known }
  }

  #notYet(
    instance: Instance,
    path: readonly (string | number)[],
    address: string,
    use: PolicyUse,
    holds: string,
  ): StateDocument {
    const source = this.#referred.behind(instance, path, ['json', 'minified_json'])
    if (source === null || source.type !== 'aws_iam_policy_document') return this.notYet(address, holds)
    const { document, isWhole } = knownPartOf(source)
    // Its address says more than that of what it is given to.
    const read = this.read(document, use, source.address, holds)
    if ('unknown' in read) return this.notYet(address, holds)
    if (isWhole) return read
    return this.notYet(address, holds, [document.Statement].flat().length > 0 ? read : null)
  }
}
