import type { Account, PolicyDocument, PolicyStatement } from '../model/index.ts'
import type { StatementChange } from '../model/statement-change.ts'
import { canonicalStatement, statementParts, statementsOf } from './canonical.ts'

/** Statements that share less than this part of what they say are one removed and one added. */
const SIMILAR = 0.5

/**
 * What happens to each statement between two versions of a document; what is equal in meaning is left out.
 * Statements pair up by equal Sid, else by what most of them says alike; the rest is added or removed.
 * @param before null: there was no document
 * @param after null: there is none any more
 * @returns in the author's order, a removed statement before what followed it
 */
export function statementChanges(
  before: PolicyDocument | null,
  after: PolicyDocument | null,
  account: Account,
): readonly StatementChange[] {
  const old = sidesOf(before, account)
  const now = sidesOf(after, account)
  for (const [canonical, side] of old) {
    const same = now.get(canonical)
    if (same !== undefined) pair(side, same)
  }
  const removed = [...old.values()].filter((side) => side.pair === null)
  const added = [...now.values()].filter((side) => side.pair === null)
  pairBySid(removed, added)
  pairBySimilarity(removed, added)
  return inAuthorsOrder([...old.values()], [...now.values()])
}

/** The statements by canonical text: of several that are equal in meaning, the first, since the others say nothing. */
function sidesOf(document: PolicyDocument | null, account: Account): ReadonlyMap<string, Side> {
  const sides = new Map<string, Side>()
  for (const statement of document === null ? [] : statementsOf(document)) {
    const side = new Side(statement, account)
    if (!sides.has(side.canonical)) sides.set(side.canonical, side)
  }
  return sides
}

class Side {
  readonly statement: PolicyStatement
  readonly canonical: string
  readonly #account: Account
  #features: ReadonlySet<string> | null = null
  pair: Side | null = null

  constructor(statement: PolicyStatement, account: Account) {
    this.statement = statement
    this.canonical = canonicalStatement(statement, account)
    this.#account = account
  }

  get sid(): string | null {
    const sid: unknown = this.statement?.Sid
    return typeof sid === 'string' && sid !== '' ? sid : null
  }

  /** Everything that the statement says, one text for each. */
  get features(): ReadonlySet<string> {
    this.#features ??= new Set(
      statementParts(this.statement, this.#account).flatMap(([element, entries]) =>
        entries.map((entry) => `${element} ${entry}`),
      ),
    )
    return this.#features
  }
}

function pair(a: Side, b: Side): void {
  a.pair = b
  b.pair = a
}

function pairBySid(removed: readonly Side[], added: readonly Side[]): void {
  for (const side of removed) {
    if (side.sid === null) continue
    const partner = added.find((other) => other.pair === null && other.sid === side.sid)
    if (partner !== undefined) pair(side, partner)
  }
}

/** The most similar two first; of equally similar ones, those that stand first. */
function pairBySimilarity(removed: readonly Side[], added: readonly Side[]): void {
  const candidates: { readonly a: Side; readonly b: Side; readonly similarity: number }[] = []
  for (const a of removed)
    for (const b of added)
      if (a.pair === null && b.pair === null) {
        const similarity = similarityOf(a.features, b.features)
        if (similarity >= SIMILAR) candidates.push({ a, b, similarity })
      }
  candidates.sort((x, y) => y.similarity - x.similarity)
  for (const { a, b } of candidates) if (a.pair === null && b.pair === null) pair(a, b)
}

/** The share of features that both have: 0 to 1. */
function similarityOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0
  for (const feature of a) if (b.has(feature)) shared++
  return shared / (a.size + b.size - shared)
}

function inAuthorsOrder(old: readonly Side[], now: readonly Side[]): readonly StatementChange[] {
  const changes: StatementChange[] = []
  const placeInOld = new Map(old.map((side, index) => [side, index]))
  let reached = 0
  const removeUpTo = (end: number) => {
    for (; reached < end; reached++) {
      const side = old[reached]
      if (side?.pair === null)
        changes.push({ change: 'removed', sid: side.sid, before: side.statement, after: null })
    }
  }
  for (const [index, side] of now.entries()) {
    // Where both sides have statements of their own, the removed ones come first.
    const next = now.slice(index).find(({ pair }) => pair !== null)?.pair ?? null
    removeUpTo(next === null ? old.length : (placeInOld.get(next) ?? reached))
    if (side.pair?.canonical === side.canonical) continue
    changes.push({
      change: side.pair === null ? 'added' : 'changed',
      sid: side.sid ?? side.pair?.sid ?? null,
      before: side.pair?.statement ?? null,
      after: side.statement,
    })
  }
  removeUpTo(old.length)
  return changes
}
