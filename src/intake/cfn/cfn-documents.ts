import { createHash } from 'node:crypto'
import { type Located, type LocatedEntry, plainOf, spanOf, warningOf } from '../../diagnostics/index.ts'
import type { PlacedDocument, StateDocument, UnknownDocument } from '../../model/index.ts'
import type { PolicyUse } from '../../policy/parsed.ts'
import type { EstateDraft } from '../estate-draft.ts'
import { placeName } from '../intake.ts'
import {
  basisOf,
  memberOf,
  type Resolved,
  type ResolvedMap,
  type UnknownValue,
  unknownIn,
} from './resolved.ts'
import type { StackNames } from './stack-names.ts'
import { withDecided } from './undecided-patterns.ts'

/** Reads the policy documents of a template, those included of which parts are known only once the stack is there. */
export class CfnDocuments {
  readonly #file: string
  readonly #draft: EstateDraft
  readonly #names: Pick<StackNames, 'undecided'>

  constructor(file: string, draft: EstateDraft, names: Pick<StackNames, 'undecided'>) {
    this.#names = names
    this.#file = file
    this.#draft = draft
  }

  /**
   * @param address of what has it: `DeployRole.Policies[0]`
   * @param holds what holds it, in the words of a finding
   * @returns null: there is none
   */
  at(said: Resolved | null, use: PolicyUse, address: string, holds: string): StateDocument | null {
    if (said === null) return null
    const value = this.decided(said)
    const source = { file: this.#file, address }
    const unknown = unknownIn(value)
    if (unknown === null) {
      const located = textsOf(knownTree(value))
      // Some properties take a document as a text.
      if (located.kind === 'scalar') return this.#draft.documents.read(located.value, use, source, holds)
      return this.#draft.documents.read(plainOf(located), use, source, holds, located)
    }
    const known = knownPart(value)
    const read = known === null ? null : this.#draft.documents.read(plainOf(known), use, source, holds, known)
    return this.notYet(value, unknown, address, holds, read === null || 'unknown' in read ? null : read)
  }

  /** The same, with unknown values in place of those that match a name or don't by what CloudFormation makes up of it. */
  decided = (value: Resolved, isIn = ''): Resolved =>
    withDecided(value, isIn, (text, areNames) => this.#names.undecided.undecided(text, areNames)?.id ?? null)

  /** One that is made of what a template says elsewhere. */
  made(json: object, use: PolicyUse, address: string, holds: string): StateDocument {
    return this.#draft.documents.read(json, use, { file: this.#file, address }, holds)
  }

  /** What stands in place of a document, or of what somebody has in whatever way, and says why in a finding. */
  notYet(
    value: Resolved,
    unknown: UnknownValue,
    address: string,
    holds: string,
    known: PlacedDocument | null = null,
  ): UnknownDocument {
    this.#draft.find(
      warningOf({
        code: 'intake.document-not-known-yet',
        message: `${holds}: what \`${address}\` says hangs on ${unknown.of}${known === null ? '' : '; those of its statements that are known count'}`,
        help: 'what it grants or denies is taken to be unknown, and no gate passes on it; give parameters with `--parameters FILE`',
        span: spanOf(unknown),
      }),
    )
    return {
      unknown: 'not-yet',
      text: `${placeName({ file: '', address })} ${basisDigest(value)}`,
      place: spanOf(unknown),
      ...(known === null ? {} : { known }),
    }
  }

  /** What takes the place of what a template says nothing of. */
  notHeld = (text: string): UnknownDocument => ({ unknown: 'not-held', text, place: null })

  /** What somebody has that is of no form that can be read, or isn't modelled. @param what `a policy template` */
  notRead(value: Resolved, address: string, holds: string, what: string): UnknownDocument {
    this.#draft.find(
      warningOf({
        code: 'intake.not-modelled',
        message: `${holds}: \`${address}\` is ${what}, which is not modelled`,
        help: 'what it grants or denies is taken to be unknown, and no gate passes on it',
        span: spanOf(value),
      }),
    )
    return { unknown: 'not-held', text: `${address} ${basisDigest(value)}`, place: spanOf(value) }
  }
}

/** Tells two values apart, whatever they are made of, and says nothing of what they are. */
export const basisDigest = (value: Resolved): string =>
  createHash('sha256')
    .update(JSON.stringify(basisOf(value)))
    .digest('hex')

/** The statements of a document that are wholly known, and parts of others that are grants by themselves. null: none are. */
function knownPart(document: Resolved): Located | null {
  const statements = memberOf(document, 'Statement')
  const version = memberOf(document, 'Version')
  if (document.kind !== 'map' || statements === null || version?.kind === 'unknown') return null
  const all = statements.kind === 'list' ? statements.items : [statements]
  const known = all.flatMap((each) => {
    const part = each.kind === 'map' ? withoutUnknownItems(each) : each
    return unknownIn(part) === null ? [textsOf(knownTree(part))] : []
  })
  if (known.length === 0) return null
  const list: LocatedEntry = {
    key: 'Statement',
    keySpan: spanOf(statements),
    value: { kind: 'list', items: known, ...spanOf(statements) },
  }
  const rest = document.entries.flatMap(({ key, keySpan, value }): LocatedEntry[] =>
    key !== 'Statement' && unknownIn(value) === null ? [{ key, keySpan, value: knownTree(value) }] : [],
  )
  return { kind: 'map', entries: [...rest, list], ...spanOf(document) }
}

/** A statement says of each action and each resource in it the same, so that those that are known stand by themselves. */
function withoutUnknownItems(statement: ResolvedMap): Resolved {
  return {
    ...statement,
    entries: statement.entries.map((entry) => {
      const { key, value } = entry
      if ((key !== 'Action' && key !== 'Resource') || value.kind !== 'list') return entry
      const items = value.items.filter((each) => each.kind !== 'unknown')
      return items.length === 0 ? entry : { ...entry, value: { ...value, items } }
    }),
  }
}

/** INVARIANT: nothing in it is unknown. */
function knownTree(value: Resolved): Located {
  switch (value.kind) {
    case 'unknown':
      throw new Error('a value that is not known')
    case 'scalar':
      return value
    case 'list':
      return { kind: 'list', items: value.items.map(knownTree), ...spanOf(value) }
    case 'map':
      return {
        kind: 'map',
        entries: value.entries.map(({ key, keySpan, value: part }) => ({
          key,
          keySpan,
          value: knownTree(part),
        })),
        ...spanOf(value),
      }
  }
}

/** YAML makes numbers of account ids, and CloudFormation texts of numbers: all but what a condition compares with. */
function textsOf(node: Located, isIn = ''): Located {
  if (node.kind === 'scalar')
    return isIn !== 'Condition' && typeof node.value === 'number'
      ? { ...node, value: String(node.value) }
      : node
  if (node.kind === 'list') return { ...node, items: node.items.map((each) => textsOf(each, isIn)) }
  return {
    ...node,
    entries: node.entries.map((entry) => ({
      ...entry,
      value: textsOf(entry.value, isIn === 'Condition' ? isIn : entry.key),
    })),
  }
}
