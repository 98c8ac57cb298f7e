import { errorOf, spanOf, warningOf } from '../../diagnostics/index.ts'
import { valueDetail } from '../../kinds/attributes/details.ts'
import {
  type AnyDesiredEntity,
  type AnyEntityState,
  CHILD_KINDS,
  type ChildKind,
  type ChildState,
  type DesiredChild,
  type DesiredOf,
  entityRef,
} from '../../model/index.ts'
import type { AnyCall, StepCall } from '../../model/step.ts'
import type { ChangeAction } from '../plan.ts'
import type { ChangeDraft, WholePlanning } from '../planning.ts'
import { declaredAttributes } from '../removal/ownership.ts'
import { RANK, token } from '../steps/step-drafts.ts'
import type { ChildPlan } from './child-plan.ts'

/** An entity under which something may be named. */
interface Parent {
  readonly kind: AnyEntityState['kind']
  readonly name: string
  readonly arn: string
  /** null: it goes, with all that it has. */
  readonly desired: AnyDesiredEntity | null
}

/**
 * What becomes of all that is named under an entity. A declaration is about what has the same identity; AWS knows no name of it.
 * What nobody has looked for counts as not there: `reconcile` asks for whatever is declared, was, or goes with its parent.
 * @returns whether there is anything to do or to say
 */
export function planChildren(planning: WholePlanning, parent: Parent): boolean {
  let isAnything = false
  for (const kind of CHILD_KINDS) if (planKind(planning, kind, parent)) isAnything = true
  return isAnything
}

function planKind<K extends ChildKind>(planning: WholePlanning, kind: K, parent: Parent): boolean {
  const children: { readonly [C in ChildKind]?: ChildPlan<DesiredOf<C>> } =
    planning.kinds[parent.kind].children ?? {}
  const of: ChildPlan<DesiredOf<K>> | undefined = children[kind]
  return of !== undefined && new Planner(planning, kind, of, parent).plan()
}

type Calls<K extends ChildKind> = NonNullable<ChildPlan<DesiredOf<K>>['declared']>

class Planner<K extends ChildKind> {
  readonly #planning: WholePlanning
  readonly #kind: K
  readonly #of: ChildPlan<DesiredOf<K>>
  readonly #parent: Parent
  /** Whether whose they are exists. */
  readonly #isThere: boolean
  readonly #observed: readonly ChildState[]
  #isAnything = false

  constructor(planning: WholePlanning, kind: K, of: ChildPlan<DesiredOf<K>>, parent: Parent) {
    this.#planning = planning
    this.#kind = kind
    this.#of = of
    this.#parent = parent
    this.#isThere = planning.observed.entities[parent.kind].has(parent.name)
    this.#observed = (this.#isThere ? planning.observed.children[kind]?.get(parent.name) : null) ?? []
  }

  plan(): boolean {
    const { desired } = this.#parent
    if (desired === null) for (const state of this.#observed) this.#delete(state)
    else {
      this.#require(desired)
      this.#refuse(desired)
      // A declaration is of the kind that it stands under.
      const declared = desired.children?.get(this.#kind) as ReadonlyMap<string, DesiredOf<K>> | undefined
      const { declared: calls } = this.#of
      if (calls === null) return this.#isAnything
      if (declared === undefined) this.#leaveAlone()
      else this.#compare(declared, calls)
    }
    return this.#isAnything
  }

  /** People make what is required: a plan can only say that there is none. */
  #require({ kind, name, requires }: AnyDesiredEntity): void {
    const span = requires?.get(this.#kind)
    if (span === undefined) return
    if (this.#observed.length > 0) return
    const { label, article } = this.#of.facts
    this.#isAnything = true
    this.#planning.diagnostics.push(
      warningOf({
        code: 'plan.required-missing',
        message: `\`${entityRef(kind, name)}\` has no ${label}, and is to have one`,
        help: `who holds ${article} ${label} assigns it; no apply makes one`,
        span,
      }),
    )
  }

  /** What would be put out of use by a policy that is generated: its author has to say that it may be. */
  #refuse({ kind, name, onlyWithMfa, children }: AnyDesiredEntity): void {
    const { isWithoutMfa, label, article } = this.#of.facts
    if (onlyWithMfa === undefined || isWithoutMfa !== true) return
    const isThere = this.#observed.some(({ status }) => status === 'active')
    if (!isThere && (children?.get(this.#kind)?.size ?? 0) === 0) return
    this.#isAnything = true
    this.#planning.diagnostics.push(
      errorOf({
        code: 'plan.mfa-denies-keys',
        message: `\`${entityRef(kind, name)}\` has ${article} ${label}: \`enforce\` would deny what is asked with it`,
        help: 'write `keysWithoutMfa: deny` if that is meant (a session of `GetSessionToken` with a code still works), or remove the key',
        span: onlyWithMfa,
      }),
    )
  }

  #compare(declared: ReadonlyMap<string, DesiredOf<K>>, calls: Calls<K>): void {
    const there = new Map(this.#observed.map((state) => [state.identity, state]))
    const wanted = new Set([...declared.values()].map(({ identity }) => identity))
    const going = this.#observed.filter(({ identity }) => !wanted.has(identity))
    const created = [...declared.values()].filter(
      // One that nobody could use is as good as none, and AWS would make it active.
      ({ identity, status }) => !there.has(identity) && status === 'active',
    )
    const isCrowded = this.#observed.length + created.length > this.#of.facts.most
    for (const child of declared.values()) {
      const state = there.get(child.identity)
      if (state !== undefined && state.status !== child.status) this.#setStatus(state, child, calls)
    }
    for (const child of created) this.#create(child, isCrowded, calls)
    for (const state of going) this.#delete(state)
  }

  /** Not declared: what an earlier apply declared goes, and all else is somebody else's. */
  #leaveAlone(): void {
    const { kind, name, arn } = this.#parent
    const { section } = this.#of.facts
    const owned = declaredAttributes(this.#planning.declaredBefore, { kind, name })[section] ?? []
    for (const state of this.#observed)
      if (owned.includes(state.identity)) this.#delete(state)
      else {
        this.#isAnything = true
        this.#planning.unmanaged.push({
          kind: this.#kind,
          name: `${name}/${state.id}`,
          arn,
          why: `is not declared: \`${section}\` of \`${kind}/${name}\` is not managed here`,
        })
      }
  }

  #create(child: DesiredOf<K>, isCrowded: boolean, { create }: Calls<K>): void {
    const { arn, name } = this.#parent
    const key = this.#change('create', child.name, child, [
      ...valueDetail(this.#of.facts.shownAs, null, child.identity),
    ])
    // Who is only being made has nothing to sign in with before they have all that limits them.
    const [rank, limits] = this.#isThere
      ? [RANK.add, []]
      : [RANK.credential, [token.narrowed(arn), token.bounded(arn)]]
    this.#step(key, create(name, child), {
      rank,
      requires: [token.exists(arn), ...limits, ...(isCrowded ? [this.#room] : []), ...this.#freed(child)],
    })
  }

  #setStatus(state: ChildState, child: DesiredChild, { setStatus }: Calls<K>): void {
    const key = this.#change('update', child.name, child, valueDetail('status', state.status, child.status))
    this.#step(key, setStatus(this.#parent.name, state.id, child.status), {
      rank: child.status === 'active' ? RANK.add : RANK.remove,
    })
  }

  /** After what takes its place, unless there is no room for both. */
  #delete({ id, identity, status }: ChildState): void {
    const { name, arn } = this.#parent
    const key = this.#change('delete', id, null, [
      ...valueDetail(this.#of.facts.shownAs, identity, null),
      ...valueDetail('status', status, null),
    ])
    const begun = token.complete(`${key} begun`)
    this.#of.delete(name, id).forEach((call, index) => {
      this.#step(key, call, {
        rank: RANK.remove,
        requires: index === 0 ? [] : [begun],
        provides: [
          token.bare(arn),
          this.#room,
          ...this.#freed({ identity }),
          ...(index === 0 ? [begun] : []),
        ],
      })
    })
  }

  /** What is of one parent must leave that one before another has it. */
  #freed({ identity }: Pick<ChildState, 'identity'>): readonly string[] {
    return this.#of.facts.isOfOneParent ? [token.gone(this.#kind, identity)] : []
  }

  get #room(): string {
    return token.room(this.#of.facts.section, this.#parent.arn)
  }

  /** @param name its author's, or, of what nobody declares, AWS's id */
  #change(
    action: ChangeAction,
    name: string,
    child: DesiredChild | null,
    details: ChangeDraft['details'],
  ): string {
    const { kind, name: of, arn } = this.#parent
    const key = `${arn} ${kind} ${this.#kind}/${name} ${action}`
    this.#isAnything = true
    this.#planning.changes.push({
      key,
      action,
      kind: this.#kind,
      name: `${of}/${name}`,
      arn: null,
      parent: { kind, name: of, arn },
      span: child === null ? null : spanOf(child.span),
      details,
    })
    return key
  }

  #step(
    change: string,
    call: StepCall,
    place: {
      readonly rank: number
      readonly requires?: readonly string[]
      readonly provides?: readonly string[]
    },
  ): void {
    const effective: AnyCall = { ...call, effects: [] }
    this.#planning.steps.push({ ...effective, change, ...place })
  }
}
