import { infoOf, type Span, warningOf } from '../../diagnostics/index.ts'
import { valueDetail } from '../../kinds/attributes/details.ts'
import { USUAL_GRACE } from '../../kinds/attributes/duration.ts'
import type { Detail } from '../../model/detail.ts'
import type { ChildKind, DesiredOf } from '../../model/index.ts'
import type { Calls, ChildChanges } from './child-changes.ts'
import { type HeldCredential, hasEnded, heldUnderNames } from './names-of-credentials.ts'

/**
 * What becomes of credentials whose secret AWS tells once. What is declared is that there is to be one of a name; which one that is,
 * the journal says. When its time is over another one is made, somebody is given that, and the one before goes after a while.
 */
export function planCredentials<K extends ChildKind>(
  changes: ChildChanges<K>,
  declared: ReadonlyMap<string, DesiredOf<K>>,
  calls: Calls<K>,
): void {
  const all = [...declared.values()]
  const held = heldUnderNames(changes, all)
  const varieties = new Set([...all, ...held.map(({ state }) => state)].map(({ variety }) => variety))
  // None of one stands in for another, and each has room of its own.
  for (const variety of varieties) {
    const ofVariety = all.filter((child) => child.variety === variety)
    const heldOfVariety = held.filter(({ state }) => state.variety === variety)
    new Planner(changes, ofVariety, heldOfVariety, calls).plan()
  }
}

/** All that has one declared name. */
interface Named<K extends ChildKind> {
  readonly child: DesiredOf<K>
  /** null: there is none. */
  readonly current: HeldCredential | null
  /** Those that it has taken the place of. */
  readonly earlier: readonly HeldCredential[]
}

class Planner<K extends ChildKind> {
  readonly #changes: ChildChanges<K>
  readonly #calls: Calls<K>
  readonly #held: readonly HeldCredential[]
  readonly #all: readonly Named<K>[]
  /** By id, those that go. */
  readonly #going = new Set<string>()

  constructor(
    changes: ChildChanges<K>,
    declared: readonly DesiredOf<K>[],
    held: readonly HeldCredential[],
    calls: Calls<K>,
  ) {
    this.#changes = changes
    this.#calls = calls
    this.#held = held
    this.#all = declared.map((child) => {
      const own = held.filter((each) => each.name === child.name && this.#isOfUse(each))
      return { child, current: own.at(-1) ?? null, earlier: own.slice(0, -1) }
    })
  }

  plan(): void {
    const wanted = this.#all.filter((named) => this.#isWanted(named))
    this.#isReplaced = wanted.length > 0 && this.#held.length + wanted.length <= this.#changes.of.facts.most
    for (const held of this.#held) this.#clear(held)
    for (const named of this.#all) this.#retireEarlier(named)
    for (const { child, current } of this.#all)
      if (current !== null && current.state.status !== child.status)
        this.#changes.setStatus(current.state, child, child.status, this.#calls)
    const created = wanted.filter((named) => this.#findRoom(named))
    const { most } = this.#changes.of.facts
    const isCrowded = this.#held.length + created.length > most
    for (const { child, current } of created)
      this.#changes.create(child, { isCrowded, details: this.#detailsOf(child, current) }, this.#calls)
    // Time passes: what is as declared now may not be so tomorrow.
    if (
      this.#all.some(
        ({ child, current, earlier }) =>
          child.rotation !== undefined || current?.state.expires !== undefined || earlier.length > 0,
      )
    )
      this.#changes.isAnything = true
  }

  /** What has no declared name goes, and so does what nobody was told the secret of, or nobody can use any more. */
  #clear(held: HeldCredential): void {
    const { state, name, by } = held
    const declared = this.#all.find(({ child }) => child.name === name)
    if (declared !== undefined && this.#isOfUse(held)) {
      if (by === 'age') this.#adopt(state, declared.child)
      return
    }
    const { expires } = state
    this.#delete(state, [
      ...(by === 'lost' ? valueDetail('secret', 'lost: nobody was given it', null) : []),
      ...(hasEnded(state, this.#changes.planning.at)
        ? valueDetail('expired', expires === undefined ? 'yes' : instant(expires), null)
        : []),
    ])
  }

  #isOfUse({ by, state }: HeldCredential): boolean {
    return by !== 'lost' && !hasEnded(state, this.#changes.planning.at)
  }

  #adopt({ id, created }: HeldCredential['state'], child: DesiredOf<K>): void {
    const { planning, kind, parent } = this.#changes
    planning.adopted.push({
      kind,
      parent: parent.name,
      name: child.name,
      id,
      others: [],
      begun: null,
      delivered: created ?? 0,
    })
    this.#say(infoOf, child.span, byAge(id, this.#ref, child.name))
  }

  #retireEarlier({ child, current, earlier }: Named<K>): void {
    const { at } = this.#changes.planning
    if (current === null || at === undefined) return
    const since = current.delivered ?? current.state.created ?? at
    const end = since + (child.rotation?.grace ?? USUAL_GRACE)
    for (const { state } of earlier) {
      const { id, status, lastUsed } = state
      if (at < end) {
        this.#say(infoOf, child.span, inGrace(id, this.#ref, child.name, end))
        continue
      }
      const used = lastUsed ?? 0
      // Nobody can use it any more that somebody has put out of use since.
      if (status === 'active' && used > since) {
        this.#say(warningOf, child.span, stillUsed(id, this.#ref, child.name, used, since))
        continue
      }
      this.#going.add(id)
      this.#changes.delete(state, {
        details: valueDetail('replaced', `by ${current.state.id}, handed over ${day(since)}`, null),
        unlessUsed: { kind: this.#changes.kind, id, since: Math.max(since, used) },
        ...(status === 'active'
          ? { first: this.#calls.setStatus(this.#changes.parent.name, id, 'inactive') }
          : {}),
      })
    }
  }

  /** Whether another one is to be made: there is none, or its time is over. One that nobody could use is as good as none. */
  #isWanted({ child, current, earlier }: Named<K>): boolean {
    if (child.status !== 'active') return false
    if (current === null) return true
    const due = dueOf(child, current)
    const { at } = this.#changes.planning
    if (due === null || at === undefined) return false
    if (at < due) {
      if (earlier.length === 0 && at >= due - (child.rotation?.grace ?? 0))
        this.#say(infoOf, child.span, dueLater(current.state.id, this.#ref, child.name, due))
      return false
    }
    return true
  }

  /**
   * Whether there is room for one more, or can be made: an inactive one goes. Else it is said what blocks it.
   * One that goes in this plan leaves room.
   */
  #findRoom({ child, current }: Named<K>): boolean {
    const { most, plural, label } = this.#changes.of.facts
    const staying = this.#held.filter(({ state }) => !this.#going.has(state.id))
    if (staying.length + this.#taken < most) {
      this.#taken++
      return true
    }
    const spare = staying.find(
      ({ state }) => state.status === 'inactive' && state !== current?.state && !this.#isToBeActive(state.id),
    )
    if (spare !== undefined) {
      this.#delete(spare.state, valueDetail('makesRoomFor', child.name, null))
      this.#taken++
      return true
    }
    const blocking = staying
      .filter(({ state }) => state !== current?.state)
      .map(({ state }) => `\`${state.id}\``)
    this.#say(warningOf, child.span, {
      code: 'plan.no-room-for-key',
      message: `no ${current === null ? '' : 'new '}${label} can be made for \`${child.name}\` of \`${this.#ref}\`: it has ${most} ${plural}${child.variety === undefined ? '' : ` of ${child.variety}`} already, and ${blocking.join(', ')} is in use`,
      help: 'put one of them out of use (`status: inactive`) or remove it; nothing is done about this one until then',
    })
    return false
  }

  /** Whether another is made for which there is room before anything goes, which waits for it. */
  #isReplaced = false

  /** How many are going to be made. */
  #taken = 0

  #isToBeActive(id: string): boolean {
    return this.#all.some(({ child, current }) => current?.state.id === id && child.status === 'active')
  }

  #detailsOf(child: DesiredOf<K>, current: HeldCredential | null): readonly Detail[] {
    const due = current === null ? null : dueOf(child, current)
    return [
      ...valueDetail(this.#changes.of.facts.shownAs, null, 'as AWS names it'),
      ...(this.#calls.details?.(child) ?? []),
      ...(current === null || due === null
        ? []
        : valueDetail('takesThePlaceOf', null, `${current.state.id}, due since ${instant(due)}`)),
    ]
  }

  #delete(state: HeldCredential['state'], details: readonly Detail[]): void {
    this.#going.add(state.id)
    this.#changes.delete(state, { details, isReplaced: this.#isReplaced })
  }

  get #ref(): string {
    const { kind, name } = this.#changes.parent
    return `${kind}/${name}`
  }

  #say(of: typeof infoOf, span: Span, said: Parameters<typeof infoOf>[0]): void {
    this.#changes.isAnything = true
    this.#changes.planning.diagnostics.push(of({ ...said, span }))
  }
}

/** When another is to take its place; null: never. What ends by itself has a successor before that. */
function dueOf(
  { rotation }: { readonly rotation?: DesiredOf<ChildKind>['rotation'] },
  { state: { created, expires } }: HeldCredential,
): number | null {
  const after = rotation?.after ?? null
  const dues = [
    ...(after === null || created === undefined ? [] : [created + after]),
    ...(expires === undefined ? [] : [expires - (rotation?.grace ?? USUAL_GRACE)]),
  ]
  return dues.length === 0 ? null : Math.min(...dues)
}

const instant = (moment: number): string => new Date(moment).toISOString().replace('.000Z', 'Z')
const day = instant

const byAge = (id: string, of: string, name: string) => ({
  code: 'plan.key-named-by-age',
  message: `\`${id}\` of \`${of}\` is taken for \`${name}\`: no journal knows it, and it is the oldest without a name`,
  help: 'an apply writes it down; if it is another one, delete it before, or declare them in the order of their age',
})

const inGrace = (id: string, of: string, name: string, end: number) => ({
  code: 'plan.key-in-grace',
  message: `\`${id}\` of \`${of}\`, which another has taken the place of as \`${name}\`, is in use until ${instant(end)}`,
  help: 'the first apply after that puts it out of use and deletes it',
})

const dueLater = (id: string, of: string, name: string, due: number) => ({
  code: 'plan.key-due-later',
  message: `\`${id}\` (\`${name}\` of \`${of}\`) is due for rotation at ${instant(due)}`,
  help: 'the first apply after that makes another one beside it',
})

const stillUsed = (id: string, of: string, name: string, used: number, since: number) => ({
  code: 'plan.key-still-used',
  message: `\`${id}\` of \`${of}\` stays in use: it was used at ${instant(used)}, after the one that takes its place as \`${name}\` was handed over (${instant(since)})`,
  help: 'see to it that whoever uses it takes the new one, and put this one out of use by hand: the next apply deletes it then',
})
