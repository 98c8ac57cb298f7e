import { InvariantError } from '../../diagnostics/index.ts'
import type { AnyCall, EffectiveCall, Step } from '../../model/step.ts'

/**
 * A step before it has its number. What must come before what is said in tokens: a step requires a token, and so waits
 * for every step that provides it; a token that nobody provides holds already.
 */
export type StepDraft<C = EffectiveCall> = C & {
  /** The change that it is part of. */
  readonly change: string
  /** Among steps that don't depend on each other, the lower rank goes first; then by change, then as they were added. */
  readonly rank: number
  readonly provides?: readonly string[]
  readonly requires?: readonly string[]
  /** ARNs of whom other accounts make meanwhile: it comes last, with all that needs it. */
  readonly awaits?: readonly string[]
  /** Of a call that creates somebody whom others may become: what it may begin as where no order protects. */
  readonly unopened?: () => UnopenedStart<C>
}

/** Of whatever kind. */
export type AnyDraft = StepDraft<AnyCall>
type AnyStep = Step<AnyCall>

/** How an entity begins that lets nobody in before it has all that it is to have. */
interface UnopenedStart<C> {
  /** In place of the call that creates it. */
  readonly creation: C
  /** What lets people in. */
  readonly opening: StepDraft<C>
}

/** What a step can promise to others, by the ARN (or kind and name) that it is about. */
export const token = {
  /** Something can be named or attached under this ARN. */
  exists: (arn: string) => `exists ${arn}`,
  /** The name is free to be used again. */
  gone: (kind: string, name: string) => `gone ${kind}/${name}`,
  /** Nobody holds this policy or is a member of this group any more. */
  unused: (arn: string) => `unused ${arn}`,
  /** The entity has nothing left that stands in the way of its deletion. */
  bare: (arn: string) => `bare ${arn}`,
  /** What the entity loses and what allowed something is gone, so that what denied something may go too. */
  lost: (arn: string) => `lost ${arn}`,
  /** What the entity loses is gone, so that a wider boundary or trust gives nothing away in between. */
  narrowed: (arn: string) => `narrowed ${arn}`,
  /** The entity's new boundary and trust are in force, so that it may gain. */
  bounded: (arn: string) => `bounded ${arn}`,
  /** What denies the entity something is in force, so that somebody may sign in as it. */
  denied: (arn: string) => `denied ${arn}`,
  /** The entity has all that it gets before anybody is let in. */
  complete: (what: string) => `complete ${what}`,
  /** What is to come before a new document is in force. */
  interim: (what: string) => `interim ${what}`,
  /** A place in an order that was found for steps that are not to be in any other: the one before is done. */
  turn: (found: number, place: number) => `turn ${found} ${place}`,
  /** There is room under a quota. */
  room: (quota: string, arn: string) => `room ${quota} ${arn}`,
} as const

/** Tokens that only say which order protects whom; the others, what AWS would refuse. */
const PROTECTIVE = /^(?:lost|narrowed|bounded) /

export const isProtective = (required: string): boolean => PROTECTIVE.test(required)

/** Room for things that are counted, of which each step makes or takes one place. Other room is one of sizes. */
const PLACES = /^room (?:policies|users|roles|groups|instanceProfiles|groupsPerUser|managedPolicies) /

export const RANK = {
  /** What somebody signs in with and then no more: before anything is gained. */
  signOut: 4,
  /** Of what changes itself in this plan; one more for what both allows and denies. */
  removeEarly: 5,
  /** What denies, for an entity that exists. */
  tighten: 8,
  /** Up to the next rank one kind after the other: see `rankOf`. */
  create: 10,
  update: 30,
  /** What denies; one more for what both allows and denies, two for what allows. */
  add: 40,
  /** What allows; one more for what both allows and denies, two for what denies. */
  remove: 50,
  join: 53,
  /** What somebody signs in with, after all that they lose; one more for what that takes the place of. */
  credential: 56,
  /** Up to the next rank, in the other direction. */
  delete: 60,
  account: 70,
} as const

export interface OrderedSteps {
  readonly steps: readonly AnyStep[]
  /** Numbers of the steps of each change, ascending. */
  readonly byChange: ReadonlyMap<string, readonly number[]>
  /** Which draft stands where. */
  readonly order: readonly number[]
}

/**
 * Orders steps so that each stands after all that it waits for. What makes places at a quota stands before all that takes
 * them, but each that takes one needs a single one that makes one: so many edges as steps, and where one fails only one
 * is skipped.
 * @throws InvariantError on a cycle
 */
export function orderSteps(drafts: readonly AnyDraft[]): OrderedSteps {
  const providers = new Map<string, number[]>()
  const places = new Map<string, Places>()
  drafts.forEach((draft, index) => {
    for (const required of draft.requires ?? [])
      if (PLACES.test(required)) {
        const known = places.get(required)
        if (known === undefined) places.set(required, { takers: 1, taken: 0, areMade: false })
        else known.takers++
      }
    for (const provided of draft.provides ?? []) {
      const known = providers.get(provided)
      if (known === undefined) providers.set(provided, [index])
      else known.push(index)
    }
  })
  const numbers = new Array<number>(drafts.length).fill(UNPLACED)
  const steps: AnyStep[] = []
  const byChange = new Map<string, number[]>()
  const placed: number[] = []

  const place = (index: number) => {
    const draft = drafts[index]
    if (draft === undefined || (numbers[index] ?? UNPLACED) >= 0) return
    if (numbers[index] === UNDER_WAY)
      throw new InvariantError(`steps wait for each other: ${draft.operation}`)
    numbers[index] = UNDER_WAY
    const needs = new Set<number>()
    for (const required of draft.requires ?? []) {
      const made = providers.get(required) ?? []
      const counted = places.get(required)
      if (counted?.areMade !== true) for (const provider of made) place(provider)
      if (counted === undefined) for (const provider of made) needs.add(numbers[provider] ?? UNPLACED)
      else {
        counted.areMade = true
        // The first of those that take more than are made find a free place.
        const provider = made[counted.taken++ - Math.max(0, counted.takers - made.length)]
        if (provider !== undefined) needs.add(numbers[provider] ?? UNPLACED)
      }
    }
    const number = steps.length
    numbers[index] = number
    placed.push(index)
    steps.push(numbered(draft, needs.size === 0 ? NONE : [...needs].sort((a, b) => a - b), draft.awaits))
    const ofChange = byChange.get(draft.change)
    if (ofChange === undefined) byChange.set(draft.change, [number])
    else ofChange.push(number)
  }

  const late = awaiting(drafts, providers)
  const order = drafts.map((_, index) => index)
  order.sort((a, b) => (late[a] ?? 0) - (late[b] ?? 0) || compareDrafts(drafts[a], drafts[b]) || a - b)
  for (const index of order) place(index)
  return { steps, byChange, order: placed }
}

/** Of each step 1 if it waits for another account, or for a step that does; else 0. */
function awaiting(
  drafts: readonly AnyDraft[],
  providers: ReadonlyMap<string, readonly number[]>,
): Uint8Array<ArrayBuffer> {
  const late = new Uint8Array(drafts.length)
  const found = drafts.flatMap(({ awaits }, index) => (awaits === undefined ? [] : [index]))
  if (found.length === 0) return late
  const takers = new Map<number, number[]>()
  for (const [index, { requires = [] }] of drafts.entries())
    for (const required of requires)
      for (const provider of providers.get(required) ?? []) {
        const known = takers.get(provider)
        if (known === undefined) takers.set(provider, [index])
        else known.push(index)
      }
  for (let index = found.pop(); index !== undefined; index = found.pop()) {
    if (late[index] === 1) continue
    late[index] = 1
    found.push(...(takers.get(index) ?? []))
  }
  return late
}

interface Places {
  /** How many steps take one. */
  takers: number
  taken: number
  /** Whether all steps that make one are placed. */
  areMade: boolean
}

/** The call, and what it waits for, in one object: there may be a hundred thousand. */
const numbered = (
  { operation, input, effects, makes, tells, unlessUsed, frees }: AnyCall,
  needs: readonly number[],
  awaits: readonly string[] | undefined,
): AnyStep => ({
  operation,
  input,
  effects,
  ...(makes === undefined ? {} : { makes }),
  ...(tells === undefined ? {} : { tells }),
  ...(unlessUsed === undefined ? {} : { unlessUsed }),
  ...(frees === undefined ? {} : { frees }),
  needs,
  ...(awaits === undefined ? {} : { awaits }),
})

const NONE: readonly number[] = []

const UNPLACED = -1
const UNDER_WAY = -2

function compareDrafts(a: AnyDraft | undefined, b: AnyDraft | undefined): number {
  if (a === undefined || b === undefined) return 0
  return a.rank - b.rank || (a.change < b.change ? -1 : a.change > b.change ? 1 : 0)
}
