import { errorOf } from '../../diagnostics/index.ts'
import { valueDetail } from '../../kinds/attributes/details.ts'
import {
  type AnyDesiredEntity,
  CHILD_KINDS,
  type ChildKind,
  type DesiredOf,
  entityRef,
} from '../../model/index.ts'
import type { WholePlanning } from '../planning.ts'
import { declaredAttributes } from '../removal/ownership.ts'
import { type Calls, ChildChanges, type Parent } from './child-changes.ts'
import type { ChildPlan } from './child-plan.ts'
import { heldUnderNames, nameOf } from './names-of-credentials.ts'
import { planCredentials } from './plan-credentials.ts'

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
  if (of === undefined) return false
  const changes = new ChildChanges(planning, kind, of, parent)
  planAll(changes)
  return changes.isAnything
}

function planAll<K extends ChildKind>(changes: ChildChanges<K>): void {
  const { desired } = changes.parent
  if (desired === null) {
    for (const state of changes.observed) changes.delete(state)
    return
  }
  for (const state of changes.shown) changes.noteUnmanaged(state)
  noteMissing(changes, desired)
  refuseDenied(changes, desired)
  // A declaration is of the kind that it stands under.
  const declared = desired.children?.get(changes.kind) as ReadonlyMap<string, DesiredOf<K>> | undefined
  const calls = changes.of.declared
  if (calls === null) return
  if (declared === undefined) leaveAlone(changes)
  else if (calls.tells !== undefined) planCredentials(changes, declared, calls)
  else compare(changes, declared, calls)
}

/** People make what is required: a plan can only say that there is none. */
function noteMissing<K extends ChildKind>(
  changes: ChildChanges<K>,
  { kind, name, requires }: AnyDesiredEntity,
): void {
  const span = requires?.get(changes.kind)
  if (span === undefined) return
  // One that an apply has taken from its user already is none.
  if (changes.observed.some(({ status }) => status === 'active')) return
  changes.isAnything = true
  changes.planning.lacking.push({ facts: changes.of.facts, ref: entityRef(kind, name), span })
}

/** What would be put out of use by a policy that is generated: its author has to say that it may be. */
function refuseDenied<K extends ChildKind>(
  changes: ChildChanges<K>,
  { kind, name, onlyWithMfa, children }: AnyDesiredEntity,
): void {
  const { isWithoutMfa, label, article } = changes.of.facts
  if (onlyWithMfa === undefined || isWithoutMfa !== true) return
  const isThere = changes.observed.some(({ status }) => status === 'active')
  if (!isThere && (children?.get(changes.kind)?.size ?? 0) === 0) return
  changes.isAnything = true
  changes.planning.diagnostics.push(
    errorOf({
      code: 'plan.mfa-denies-keys',
      message: `\`${entityRef(kind, name)}\` has ${article} ${label}: \`enforce\` would deny what is asked with it`,
      help: 'write `keysWithoutMfa: deny` if that is meant (a session of `GetSessionToken` with a code still works), or remove the key',
      span: onlyWithMfa,
    }),
  )
}

function compare<K extends ChildKind>(
  changes: ChildChanges<K>,
  declared: ReadonlyMap<string, DesiredOf<K>>,
  calls: Calls<K>,
): void {
  const { observed, of } = changes
  const there = new Map(observed.map((state) => [state.identity, state]))
  const wanted = new Set([...declared.values()].map(({ identity }) => identity))
  const going = observed.filter(({ identity }) => !wanted.has(identity))
  const created = [...declared.values()].filter(
    // One that nobody could use is as good as none, and AWS would make it active.
    ({ identity, status }) => !there.has(identity) && status === 'active',
  )
  const isCrowded = observed.length + created.length > of.facts.most
  for (const child of declared.values()) {
    const state = there.get(child.identity)
    if (state !== undefined && state.status !== child.status)
      changes.setStatus(state, child, child.status, calls)
  }
  for (const child of created) {
    const details = valueDetail(of.facts.shownAs, null, child.identity)
    changes.create(child, { isCrowded, details }, calls)
  }
  const isReplaced = created.length > 0 && !isCrowded
  for (const state of going) changes.delete(state, { isReplaced })
}

/** Not declared: what an earlier apply declared goes, and all else is somebody else's. */
function leaveAlone<K extends ChildKind>(changes: ChildChanges<K>): void {
  const { planning, parent, of, observed } = changes
  const { kind, name } = parent
  const owned = declaredAttributes(planning.declaredBefore, { kind, name })[of.facts.section] ?? []
  const held =
    of.declared?.tells === undefined
      ? null
      : heldUnderNames(
          changes,
          owned.map((name) => ({ name })),
        )
  for (const state of observed) {
    // What only its age speaks for may be somebody else's.
    const known = held === null ? state.identity : nameOf(held, state)
    if (known !== null && owned.includes(known)) changes.delete(state)
    else changes.noteUnmanaged(state)
  }
}
