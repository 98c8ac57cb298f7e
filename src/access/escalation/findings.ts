import { conditionsBlock } from '../../evaluator/estate/who-can.ts'
import type { AccessEntry } from '../access-entry.ts'
import { levelsOf } from '../actions/access-levels.ts'
import type { ActionTable } from '../actions/action-table.ts'
import { alikeOnce } from './alike.ts'
import { type Escalation, severityOf } from './escalation.ts'
import { nameSeenBy } from './powers/holder.ts'
import { classOf, MAY, ruleOfWay, weightOf } from './powers/weights.ts'
import type { Gained } from './reach.ts'

/** Names in a sentence. */
const MOST_NAMED = 4

/**
 * What somebody can come to, as findings: one for each path that is alike, with all whom it leads to.
 * @param reached of everybody
 * @returns sorted, as `EscalationReport` says
 */
export function escalationFindings(reached: readonly Gained[], table: ActionTable): readonly Escalation[] {
  const byStart = new Map<string, Gained[]>()
  for (const each of reached) {
    const { label } = each.start.principal
    byStart.set(label, [...(byStart.get(label) ?? []), each])
  }
  const merged = new Map<string, { readonly first: Escalation; readonly principals: string[] }>()
  for (const [label, own] of byStart)
    for (const finding of ofOne(own, table)) {
      const key = JSON.stringify([
        finding.class,
        finding.rule,
        finding.targets,
        finding.why,
        finding.isPotential,
        finding.path.map(({ way }) => way),
        finding.source,
        finding.policy,
        finding.sid,
        finding.resources,
        finding.conditions,
      ])
      const known = merged.get(key)
      if (known === undefined) merged.set(key, { first: finding, principals: [label] })
      else known.principals.push(label)
    }
  return sortedByWeight(
    [...merged.values()].map(({ first, principals }) => ({ ...first, principals: principals.sort() })),
  )
}

export const sortedByWeight = (escalations: readonly Escalation[]): readonly Escalation[] =>
  [...escalations].sort(
    (a, b) =>
      b.weight - a.weight ||
      a.path.length - b.path.length ||
      compare(a.principals.join(), b.principals.join()) ||
      compare(a.target ?? '', b.target ?? '') ||
      compare(a.why, b.why),
  )

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function ofOne(reached: readonly Gained[], table: ActionTable): readonly Escalation[] {
  const groups = new Map<string, Gained[]>()
  for (const each of reached) {
    const sharing = each.edge.class === 'can-let-others-in'
    const ways = sharing ? '' : each.path.map(({ way }) => way).join()
    const ends = sharing ? '' : each.edge.to === null ? each.key : ''
    const key = JSON.stringify([ways, classOf(each), each.edge.isPotential, ends])
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  const all = [...groups.values()].map((group) => group.toSorted((a, b) => weightOf(b) - weightOf(a)))
  const named = new Set(
    all.flatMap(([first]) => (first === undefined || first.edge.to === null ? [] : [waysOf(first)])),
  )
  const undeclared = new Map(
    all.flatMap(([first]) =>
      first?.edge.undeclared == null ? [] : [[waysOf(first), first.edge.undeclared] as const],
    ),
  )
  const findings = all.flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const ways = waysOf(first)
    // Beside whom it names, a finding says who else there may be.
    if (first.edge.undeclared !== null && named.has(ways)) return []
    return [finding(group, first, first.edge.to === null ? null : (undeclared.get(ways) ?? null), table)]
  })
  return alikeOnce(findings)
}

const waysOf = ({ path }: Gained): string => path.map(({ way }) => way).join()

function finding(
  group: readonly Gained[],
  first: Gained,
  besides: string | null,
  table: ActionTable,
): Escalation {
  const { start, path, edge } = first
  const allow = group.find(({ power }) => power.allow !== null)?.power.allow ?? null
  const source = allow?.symbolic.source ?? null
  const [step] = path
  if (step === undefined) throw new TypeError('a path has steps')
  const actions = [
    ...new Set(
      (edge.class === 'can-let-others-in' ? group.flatMap(({ path: [each] }) => each ?? []) : [step])
        .flatMap(({ witness, besides: more }) => [witness, ...more])
        .map(({ action }) => action),
    ),
  ].sort()
  const weight = weightOf(first)
  const targets = [
    ...new Set(group.flatMap(({ edge: { target, to } }) => target ?? to?.principal.label ?? [])),
  ]
  const entry: Omit<AccessEntry, 'principals'> = {
    kind: step.way === 'sts:AssumeRole' ? 'assume' : 'action',
    actions,
    levels: levelsOf(actions, table),
    resources:
      source?.resource == null || step.way === 'sts:AssumeRole'
        ? [step.witness.resource]
        : source.resource.negated
          ? []
          : source.resource.entries,
    notResources: source?.resource?.negated === true ? source.resource.entries : [],
    conditions: source === null ? {} : conditionsBlock(source.conditions),
    witness: step.witness,
    via: [],
    tier: 'typed',
    source: source?.span ?? null,
    policy: allow?.policy ?? '',
    sid: source?.sid ?? null,
    because: null,
    isPotential: edge.isPotential,
  }
  return {
    ...entry,
    principals: [start.principal.label],
    rule: ruleOfWay(first),
    class: classOf(first),
    weight,
    severity: severityOf(weight),
    target: targets[0] ?? null,
    targets,
    path,
    why: whyOf(group, first, targets, besides),
  }
}

function whyOf(
  group: readonly Gained[],
  first: Gained,
  targets: readonly string[],
  besides: string | null,
): string {
  const { edge, path, surplus } = first
  if (edge.class === 'can-let-others-in') {
    const actions = [...new Set(group.flatMap(({ path: [step] }) => step?.witness.action ?? []))].sort()
    const more = actions.length - MOST_NAMED
    return `may let others in: ${actions.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  }
  const does = path.map((step) => step.does).join(', then ')
  const nameOf = (arn: string) => nameSeenBy(path[0]?.actor ?? '', arn)
  const others = targets.slice(1).map(nameOf)
  const more =
    others.length === 0
      ? ''
      : others.length <= MOST_NAMED
        ? `; likewise ${others.join(', ')}`
        : `; likewise ${others.slice(0, MOST_NAMED).join(', ')} and ${others.length - MOST_NAMED} more`
  const rest = besides === null ? '' : `; and ${besides}`
  const [target] = targets
  const may =
    surplus !== 'administrator' && edge.to !== null && target !== undefined
      ? edge.class === 'takes-over-identity'
        ? `may act as ${nameOf(target)}`
        : edge.class === 'runs-code-as-role'
          ? `may run code as ${nameOf(target)}`
          : MAY[classOf(first)]
      : MAY[classOf(first)]
  return `${may}: ${does}${more}${rest}`
}
