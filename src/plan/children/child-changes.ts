import { spanOf } from '../../diagnostics/index.ts'
import { valueDetail } from '../../kinds/attributes/details.ts'
import type { Detail } from '../../model/detail.ts'
import {
  type AnyDesiredEntity,
  type AnyEntityState,
  type ChildKind,
  type ChildState,
  type CredentialStatus,
  type DesiredChild,
  type DesiredOf,
  entityRef,
} from '../../model/index.ts'
import type { AnyCall, StepCall, UnlessUsed } from '../../model/step.ts'
import type { ChangeAction } from '../plan.ts'
import type { WholePlanning } from '../planning.ts'
import { noteUnmanaged } from '../removal/unmanaged.ts'
import { signInPlace } from '../steps/sign-in-place.ts'
import { RANK, token } from '../steps/step-drafts.ts'
import type { ChildPlan } from './child-plan.ts'

/** An entity under which something may be named. */
export interface Parent {
  readonly kind: AnyEntityState['kind']
  readonly name: string
  readonly arn: string
  /** null: it goes, with all that it has. */
  readonly desired: AnyDesiredEntity | null
}

export type Calls<K extends ChildKind> = NonNullable<ChildPlan<DesiredOf<K>>['declared']>

/** The changes of what is named under one entity, and their steps; nothing here decides which there are. */
export class ChildChanges<K extends ChildKind> {
  readonly planning: WholePlanning
  readonly kind: K
  readonly of: ChildPlan<DesiredOf<K>>
  readonly parent: Parent
  readonly observed: readonly ChildState[]
  /** Where that wasn't looked at, what shows without: to be told, and for nothing else. */
  readonly shown: readonly ChildState[]
  /** Whether there is anything to do or to say. */
  isAnything = false

  constructor(planning: WholePlanning, kind: K, of: ChildPlan<DesiredOf<K>>, parent: Parent) {
    this.planning = planning
    this.kind = kind
    this.of = of
    this.parent = parent
    const { entities, children, undeclared } = planning.observed
    const isThere = entities[parent.kind].has(parent.name)
    this.observed = (isThere ? children[kind]?.get(parent.name) : null) ?? []
    // What is read of one in full says more.
    this.shown =
      isThere && children[kind]?.has(parent.name) !== true
        ? (undeclared?.states[kind]?.get(parent.name) ?? [])
        : []
  }

  create(
    child: DesiredOf<K>,
    { isCrowded, details }: { readonly isCrowded: boolean; readonly details: readonly Detail[] },
    { create, tells }: Calls<K>,
  ): void {
    const { arn, name, kind, desired } = this.parent
    const key = this.#change('create', child.name, child, details)
    const { rank, requires } = signInPlace(arn)
    const recipients = desired !== null && 'recipients' in desired ? (desired.recipients ?? []) : []
    const told =
      tells === undefined
        ? {}
        : {
            tells: {
              made: { what: tells.what, of: entityRef(kind, name), name: child.name, recipients },
              kind: this.kind,
              parent: name,
              name: child.name,
              ...(child.variety === undefined ? {} : { variety: child.variety }),
              at: tells.at,
            },
          }
    this.#step(
      key,
      { ...create(name, child), ...told },
      {
        rank,
        requires: [...requires, ...(isCrowded ? [this.#roomFor(child)] : []), ...this.#freed(child)],
      },
    )
  }

  /** @param child where it is declared */
  setStatus(state: ChildState, child: DesiredChild, status: CredentialStatus, { setStatus }: Calls<K>): void {
    const details = valueDetail('status', state.status, status)
    this.#setStatus(this.#change('update', child.name, child, details), state, status, setStatus)
  }

  /**
   * @param details more of them
   * @param unlessUsed absent: it goes whoever uses it
   * @param first absent: it goes as it is
   * @param isReplaced whether another takes its place, for which there is room beside it: it goes after that
   */
  delete(
    state: ChildState,
    {
      details = [],
      unlessUsed,
      first,
      isReplaced = false,
    }: {
      readonly details?: readonly Detail[]
      readonly unlessUsed?: UnlessUsed
      readonly first?: StepCall
      readonly isReplaced?: boolean
    } = {},
  ): void {
    const { id, identity, status, lastUsed } = state
    const { name, arn, desired } = this.parent
    const key = this.#change('delete', id, null, [
      ...valueDetail(this.of.facts.shownAs, identity, null),
      ...valueDetail('status', status, null),
      ...(lastUsed === undefined ? [] : valueDetail('lastUsed', dayOf(lastUsed), null)),
      ...details,
    ])
    const begun = token.complete(`${key} begun`)
    const rank = isReplaced ? RANK.credential + 1 : desired === null ? RANK.remove : RANK.signOut
    const deleting = this.of.delete(name, id)
    const calls = [...(first === undefined ? [] : [first]), ...deleting]
    const frees = { kind: this.kind, parent: name, id }
    calls.forEach((call, index) => {
      this.#step(
        key,
        {
          ...call,
          ...(unlessUsed === undefined ? {} : { unlessUsed }),
          ...(deleting.length > 1 && call === deleting[0] ? { frees } : {}),
        },
        {
          rank,
          requires: index === 0 ? [] : [begun],
          provides: [
            token.bare(arn),
            ...(call === first ? [] : [this.#roomFor(state)]),
            ...this.#freed({ identity }),
            ...(index === 0 ? [begun] : []),
          ],
        },
      )
    })
  }

  noteUnmanaged({ id }: ChildState): void {
    const { kind, name, arn, desired } = this.parent
    const { section } = this.of.facts
    this.isAnything = true
    const told = {
      kind: this.kind,
      name: `${name}/${id}`,
      arn,
      why:
        this.of.declared === null
          ? `is not asked for: nothing of \`${kind}/${name}\` says that there is to be one`
          : `is not declared: \`${section}\` of \`${kind}/${name}\` is not managed here`,
    }
    noteUnmanaged(this.planning, desired, { key: `${section}/${id}` }, told)
  }

  #setStatus(key: string, { id }: ChildState, status: CredentialStatus, call: Calls<K>['setStatus']): void {
    const place = status === 'active' ? signInPlace(this.parent.arn) : { rank: RANK.signOut }
    this.#step(key, call(this.parent.name, id, status), place)
  }

  /** What is of one parent must leave that one before another has it. */
  #freed({ identity }: Pick<ChildState, 'identity'>): readonly string[] {
    return this.of.facts.isOfOneParent ? [token.gone(this.kind, identity)] : []
  }

  #roomFor({ variety = '' }: Pick<ChildState, 'variety'>): string {
    return token.room(`${this.of.facts.section} ${variety}`, this.parent.arn)
  }

  /** @param name its author's, or, of what nobody declares, AWS's id */
  #change(
    action: ChangeAction,
    name: string,
    child: DesiredChild | null,
    details: readonly Detail[],
  ): string {
    const { kind, name: of, arn } = this.parent
    const key = `${arn} ${kind} ${this.kind}/${name} ${action}`
    this.isAnything = true
    this.planning.changes.push({
      key,
      action,
      kind: this.kind,
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
    call: StepCall & Pick<AnyCall, 'tells' | 'unlessUsed' | 'frees'>,
    place: {
      readonly rank: number
      readonly requires?: readonly string[]
      readonly provides?: readonly string[]
    },
  ): void {
    const effective: AnyCall = { ...call, effects: [] }
    this.planning.steps.push({ ...effective, change, ...place })
  }
}

/** No finer, so that a plan that shows it isn't another one each time that somebody makes use of a key. */
const dayOf = (moment: number | null): string =>
  moment === null ? 'never' : new Date(moment).toISOString().slice(0, 10)
