import { UNBOUNDED } from '../regions/bounds.ts'
import type { TemplateGroup } from '../regions/resource-templates.ts'
import { ResourceSampler, type SampledResource } from '../regions/sampled-resource.ts'
import type { Reasoning, ResourceScope, Sides } from '../sides/scope.ts'
import { placedStatements } from '../sides/side.ts'
import type { FoundRequest, SideDiff, SideDoubt, SideFinding } from '../sides/side-finding.ts'
import {
  activeSides,
  distinctGrants,
  type Found,
  NOTHING_SETTLED,
  type Resource,
  type SideSolver,
} from '../sides/side-solver.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import type { Lang } from '../symbolic/lang.ts'
import type { ProblemOutcome } from '../symbolic/problem.ts'
import type { ActionClass } from './action-classes.ts'
import { mayRunOverColons, namedBy } from './named-resources.ts'

type Answer = ProblemOutcome | 'variables'
type Ask = (resource: Resource) => Answer
/** Resources of a type, as far as a statement is about them. */
type Within = (lang: Lang) => Resource

/** With so many groups of types, it is first asked whether there is anything to find. */
const FEW_GROUPS = 4
/** Of one class and allow; beyond, what no sample shows to be typed isn't decided. */
const MOST_SEARCHED_TYPES = 5000
/** Of one class and allow: where it is known already that there is something. */
const MOST_SHOWN_TYPES = 8

/** Compares two sides for actions that all the same statements are about. */
export class ClassDiffer {
  readonly #reasoning: Reasoning
  readonly #solver: SideSolver

  constructor(reasoning: Reasoning, solver: SideSolver) {
    this.#reasoning = reasoning
    this.#solver = solver
  }

  /**
   * What each allow lets through.
   * @param absent keys that no request for these actions has
   */
  *diff(
    { actions, example, isIn }: ActionClass,
    sides: Sides,
    scope: ResourceScope,
    absent: readonly string[],
  ): Iterable<SideDiff> {
    const active = activeSides(sides, isIn)
    const bounds = scope.boundsFor?.(example) ?? UNBOUNDED
    const sampler = new ResourceSampler(
      [active.now, active.before],
      [...scope.inside, ...bounds.inside],
      [...scope.outside, ...bounds.outside],
      this.#reasoning.symbols,
    )
    const groups = this.#reasoning.templates.groupsOf(actions)
    const running = [active.now, active.before].flatMap(placedStatements).filter(mayRunOverColons)
    for (const { allow, others } of distinctGrants(active.now)) {
      const named = namedBy(allow, this.#reasoning.symbols)
      const mayRun = running.some((statement) => statement !== allow || named === null)
      const besides = mayRun ? this.#reasoning.templates.unusual : null
      const within = (lang: Lang): Resource => ({ within: lang, besides, asNamed: named })
      const ask: Ask = (resource) =>
        this.#solver.solve({
          allow,
          others,
          active,
          example,
          pattern: null,
          besides: [],
          resource,
          scope,
          sides,
          settled: NOTHING_SETTLED,
          given: null,
          absent,
        })
      yield scope.asWritten === true
        ? this.#diffWritten(allow, actions, groups, ask, within, scope)
        : this.#diffTypes(allow, actions, groups, sampler, ask, within, scope)
    }
  }

  /** All that somebody has written counts. It is shown on a resource of the actions' types, where one of them will do. */
  #diffWritten(
    allow: PlacedStatement,
    actions: readonly string[],
    groups: readonly TemplateGroup[],
    ask: Ask,
    within: Within,
    scope: ResourceScope,
  ): SideDiff {
    const { templates } = this.#reasoning
    const found = told(allow, 'typed', actions, onAnything(ask, scope))
    const [finding] = found.findings
    if (finding === undefined || templates.isTyped(finding.request.action, finding.request.resource))
      return found
    for (const { lang, members } of groups.filter((group) => !group.isUntyped).slice(0, MOST_SHOWN_TYPES)) {
      if (lang === null) continue
      const typed = ask(within(lang))
      if (typed !== 'variables' && typed.type === 'found')
        return { ...found, findings: [{ ...finding, request: requestOf(members[0] ?? '', typed) }] }
    }
    return found
  }

  /** Actions of one class are decided alike, but for the resources that they take. */
  #diffTypes(
    allow: PlacedStatement,
    all: readonly string[],
    groups: readonly TemplateGroup[],
    sampler: ResourceSampler,
    ask: Ask,
    within: Within,
    scope: ResourceScope,
  ): SideDiff {
    let general: Answer | null = null
    const anything = (): Answer => {
      general ??= onAnything(ask, scope)
      return general
    }
    if ((groups.length > FEW_GROUPS || scope.once === true) && isNone(anything())) return NOTHING
    const typed: (readonly string[])[] = []
    let request: FoundRequest | null = null
    const odd: string[] = []
    let doubt: SideDoubt['reason'] | null = null
    const samples = new SampleAnswers(ask)
    let searched = 0
    for (const group of groups) {
      const { lang, members, isUntyped } = group
      const [first = ''] = members
      if (lang !== null && this.#solver.isBeside(allow, lang)) {
        odd.push(...members)
        continue
      }
      const own = group.samples.flatMap((text) => sampler.of(text, lang))
      // Where one is enough, what is known already is told as well.
      if (scope.once === true && request !== null) {
        if (own.some((sample) => samples.isKnown(sample))) typed.push(members)
        continue
      }
      const onSample = samples.first(own)
      if (onSample !== null) {
        typed.push(members)
        request ??= requestOn(first, onSample.sample, onSample.found)
        continue
      }
      const answer: Answer = isUntyped
        ? anything()
        : lang === null
          ? scope.withStar
            ? ask('star')
            : { type: 'none' }
          : searched++ > MOST_SEARCHED_TYPES
            ? { type: 'budget' }
            : ask(within(lang))
      if (answer !== 'variables' && answer.type === 'found') {
        typed.push(members)
        request ??= requestOf(first, answer)
      } else if (isNone(answer)) odd.push(...members)
      else if (isNone(anything())) return NOTHING
      else doubt ??= reasonOf(answer)
    }
    const found: SideDiff = {
      findings: request === null ? [] : [{ allow, actions: ofGroups(typed, all), tier: 'typed', request }],
      doubts: doubt === null ? [] : [{ allow, reason: doubt }],
    }
    // Beside real resources odd ones are no news.
    if (request !== null || odd.length === 0) return found
    const onOdd = this.#diffOdd(allow, odd, ask, anything, scope)
    return { findings: onOdd.findings, doubts: [...found.doubts, ...onOdd.doubts] }
  }

  /** Actions that are gained on no resource of their types. */
  #diffOdd(
    allow: PlacedStatement,
    actions: readonly string[],
    ask: Ask,
    anything: () => Answer,
    { named }: ResourceScope,
  ): SideDiff {
    const general = anything()
    if (isNone(general)) return NOTHING
    const lang = named?.()
    if (lang !== undefined && !lang.isEmpty) {
      const byName = told(allow, 'named', actions, ask({ within: lang, besides: null, asNamed: null }))
      if (byName.findings.length + byName.doubts.length > 0) return byName
    }
    // What decides nothing needn't be decided.
    return general === 'variables' || general.type !== 'found'
      ? NOTHING
      : told(allow, 'pattern', actions, general)
  }
}

/** Answers for single resources; those that pass the same tests are decided alike. */
class SampleAnswers {
  readonly #ask: Ask
  readonly #known = new Map<string, Found | null>()

  constructor(ask: Ask) {
    this.#ask = ask
  }

  /** Whether a resource is known to be found, without asking. */
  isKnown({ signature }: SampledResource): boolean {
    return (this.#known.get(signature) ?? null) !== null
  }

  /** The first one that is found. */
  first(
    samples: readonly SampledResource[],
  ): { readonly sample: SampledResource; readonly found: Found } | null {
    for (const sample of samples) {
      let found = this.#known.get(sample.signature)
      if (found === undefined) {
        const answer = this.#ask({ at: sample })
        found = answer !== 'variables' && answer.type === 'found' ? answer : null
        this.#known.set(sample.signature, found)
      }
      if (found !== null) return { sample, found }
    }
    return null
  }
}

/** The actions of some groups. Of all groups they are those of the class, whose list is kept once. */
function ofGroups(groups: readonly (readonly string[])[], all: readonly string[]): readonly string[] {
  const count = groups.reduce((sum, members) => sum + members.length, 0)
  return count === all.length ? all : groups.flat()
}

const NOTHING: SideDiff = { findings: [], doubts: [] }

const isNone = (answer: Answer): boolean => answer !== 'variables' && answer.type === 'none'
const reasonOf = (answer: Answer): SideDoubt['reason'] => {
  if (answer === 'variables') return 'variables'
  return answer.type === 'budget' ? (answer.reason ?? 'budget') : 'budget'
}

/** What one answer says of actions. */
function told(
  allow: PlacedStatement,
  tier: SideFinding['tier'],
  actions: readonly string[],
  answer: Answer,
): SideDiff {
  if (answer === 'variables' || answer.type === 'budget')
    return { findings: [], doubts: [{ allow, reason: reasonOf(answer) }] }
  if (answer.type === 'none') return NOTHING
  return { findings: [{ allow, actions, tier, request: requestOf(actions[0] ?? '', answer) }], doubts: [] }
}

/** On any resource at all. */
export function onAnything(ask: Ask, { withStar }: ResourceScope): Answer {
  const onArn = ask('any')
  if ((onArn !== 'variables' && onArn.type === 'found') || !withStar) return onArn
  const onStar = ask('star')
  if (onStar !== 'variables' && onStar.type === 'found') return onStar
  return onArn === 'variables' || onArn.type === 'budget' ? onArn : onStar
}

/** A model without a resource is one of `*`. */
export const requestOf = (action: string, { model }: Found): FoundRequest => ({
  action,
  resource: model.resource ?? '*',
  context: model.context,
})

const requestOn = (action: string, { text, context }: SampledResource, { model }: Found): FoundRequest => ({
  action,
  resource: text,
  context: new Map([...model.context, ...context]),
})
