import { placeOf, type SourceTexts } from '../../diagnostics/index.ts'
import type { Detail, Scalar } from '../../model/detail.ts'
import type {
  Change,
  ChangeAction,
  FactChange,
  GuardRefusal,
  Headroom,
  Ignored,
  Orphan,
  Plan,
  Unmanaged,
} from '../../plan/plan.ts'
import { widerText } from '../access/wider-text.ts'
import { type Paint, painter, printable, type Style, shown } from '../layout/paint.ts'
import { countedKind, type ReportKinds } from '../report-kind.ts'
import type { ComparedCommit } from './compared-commit.ts'
import { type EqualChanges, equalChanges, foldedNames, foldTitle, isToldInTitle } from './folded-changes.ts'
import { policyLines } from './statement-text.ts'

export interface TextOptions {
  readonly color: boolean
  /** Of the terminal, in cells; absent: there is none, and the same input gives the same lines. */
  readonly width?: number
}

/**
 * One account's plan for a reviewer: whose access changes, a line for each change with where it is declared, its
 * details below, then facts that changed, what is left alone, what the guard refuses, and the summary.
 * Neither the terminal's width nor the clock has a part in it.
 * @param kinds of every kind that it may be about
 * @param options `access`: what `accessText` says; null or absent: nothing is said of it. `against`: what it was made against; null
 * or absent: the target
 * @returns several lines, without a trailing line break
 */
export function planText(
  plan: Plan,
  kinds: ReportKinds,
  texts: SourceTexts,
  {
    color,
    access = null,
    against = null,
  }: TextOptions & {
    readonly access?: string | null
    readonly against?: Pick<ComparedCommit, 'ref' | 'commit'> | null
  } = { color: false },
): string {
  const paint = painter(color)
  const { account } = plan
  return [
    `${paint('bold', `${printable(account.name)} (${account.id})`)}${plan.changes.length === 0 ? '' : `: ${countsText(plan.changes)}`}`,
    ...(against === null ? [] : [paint('dim', againstLine(against))]),
    ...section(access === null ? [] : [access]),
    ...equalChanges(plan.changes).flatMap((group) => ['', ...equalChangesLines(group, kinds, texts, paint)]),
    ...section(factLines(plan.facts, texts, paint)),
    ...section(unmanagedLines(plan.unmanaged, kinds, paint)),
    ...section(ignoredLines(plan.ignored ?? [], kinds, paint)),
    ...section(orphanLines(plan.orphans ?? [], paint)),
    ...section(headroomLines(plan.headroom ?? [], paint)),
    ...plan.refusals.flatMap((refusal) => section(refusalLines(refusal, paint, texts))),
    '',
    planSummary(plan),
  ].join('\n')
}

const againstLine = ({ ref, commit }: Pick<ComparedCommit, 'ref' | 'commit'>): string =>
  `compared with what \`${printable(ref)}\` (${commit.slice(0, 12)}) declares; no target was read`

/** Only the summary of a plan: `3 to create, 2 to update, 1 to delete, 1 to replace; 40 unchanged`. */
export function planSummary({ changes, unchanged }: Pick<Plan, 'changes' | 'unchanged'>): string {
  const rest = unchanged > 0 ? `${unchanged} unchanged` : null
  if (changes.length === 0) return `no changes${rest === null ? '' : `; ${rest}`}`
  return `${countsText(changes)}${rest === null ? '' : `; ${rest}`}`
}

function countsText(changes: readonly Change[]): string {
  const counts = changeCounts(changes)
  return (['create', 'update', 'delete', 'replace'] as const)
    .flatMap((action) => (counts[action] > 0 ? [`${counts[action]} to ${action}`] : []))
    .join(', ')
}

export function changeCounts(changes: readonly Change[]): Record<ChangeAction, number> {
  const counts = { create: 0, update: 0, delete: 0, replace: 0 }
  for (const { action } of changes) counts[action]++
  return counts
}

export const CHANGE_SYMBOLS: Readonly<Record<ChangeAction, readonly [symbol: string, style: Style]>> = {
  create: ['+', 'added'],
  update: ['~', 'changed'],
  delete: ['-', 'removed'],
  replace: ['±', 'replaced'],
}

/** Equal changes of many as one, with their names; one alone as it is. */
export function equalChangesLines(
  group: EqualChanges,
  kinds: ReportKinds,
  texts: SourceTexts,
  paint: Paint,
): readonly string[] {
  const { first, all } = group
  if (all.length === 1) return changeLines(first, kinds, texts, paint)
  const [symbol, style] = CHANGE_SYMBOLS[first.action]
  const details = isToldInTitle(first)
    ? []
    : first.details.flatMap((detail) => detailLines(detail, first.action, paint))
  return [
    `${paint(style, `${symbol} ${foldTitle(group, kinds[first.kind])}`)}${noteOf(first, kinds)}`,
    ...[...foldedNames(group, first.action, paint), ...details].map(indented(4)),
  ]
}

/** What a replacement does besides. */
function noteOf({ action, kind }: Change, kinds: ReportKinds): string {
  if (action !== 'replace') return ''
  const { replacementNote } = kinds[kind]
  return replacementNote === null
    ? ' (deleted and created again)'
    : ` (deleted and created again: ${replacementNote})`
}

/** One change: its line, and its details indented below. */
export function changeLines(
  change: Change,
  kinds: ReportKinds,
  texts: SourceTexts,
  paint: Paint,
): readonly string[] {
  const [symbol, style] = CHANGE_SYMBOLS[change.action]
  const { facts, isNamed } = kinds[change.kind]
  const name = isNamed ? ` ${printable(change.name)}` : ''
  const note = noteOf(change, kinds)
  const place = change.span === null ? '' : `  ${paint('dim', lineOf(change.span, texts))}`
  return [
    `${paint(style, `${symbol} ${facts.label}${name}`)}${note}${place}`,
    ...change.details.flatMap((detail) => detailLines(detail, change.action, paint)).map(indented(4)),
    ...widerLines(change, paint),
  ]
}

const widerLines = ({ brieflyWider }: Change, paint: Paint): readonly string[] =>
  brieflyWider === null
    ? []
    : [indented(4)(`${paint('removed', 'briefly wider')}: ${widerText(brieflyWider)}`)]

export function detailLines(detail: Detail, action: ChangeAction, paint: Paint): readonly string[] {
  const path = printable(detail.path)
  switch (detail.type) {
    case 'value':
      return [`${path}: ${valueText(detail, action, paint)}`]
    case 'list': {
      const entries = [
        ...detail.removed.map((entry) => paint('removed', `- ${shown(entry)}`)),
        ...detail.added.map((entry) => paint('added', `+ ${shown(entry)}`)),
      ]
      return entries.length === 1 ? [`${path}: ${entries[0]}`] : [`${path}:`, ...entries.map(indented(2))]
    }
    case 'policy':
      return [`${path}:`, ...policyLines(detail, paint).map(indented(2))]
  }
}

function valueText(
  { before, after }: { readonly before: Scalar; readonly after: Scalar },
  action: ChangeAction,
  paint: Paint,
): string {
  if (action === 'create' && before === null) return paint('added', shown(after))
  return `${paint('removed', shown(before))} → ${paint('added', shown(after))}`
}

const FACT_SIGNS: Readonly<Record<FactChange['change'], readonly [symbol: string, action: ChangeAction]>> = {
  added: ['+', 'create'],
  removed: ['-', 'delete'],
  changed: ['~', 'update'],
}

const FACT_KINDS: Readonly<Record<FactChange['kind'], string>> = {
  scp: 'service control policy at',
  rcp: 'resource control policy at',
  organization: 'organization',
  resourcePolicy: 'resource',
}

/** What is different in the facts, as changes are shown, under a title that says what they are. */
export function factLines(facts: readonly FactChange[], texts: SourceTexts, paint: Paint): readonly string[] {
  if (facts.length === 0) return []
  return [
    paint('bold', "facts that apply doesn't write"),
    ...facts.flatMap((fact) => factChangeLines(fact, texts, paint)),
  ]
}

/** One of them: its line, and its details indented below. */
export function factChangeLines(
  { kind, target, change, details, span }: FactChange,
  texts: SourceTexts,
  paint: Paint,
): readonly string[] {
  const [symbol, action] = FACT_SIGNS[change]
  const place = span === null ? '' : `  ${paint('dim', lineOf(span, texts))}`
  return [
    `${paint(CHANGE_SYMBOLS[action][1], `${symbol} ${FACT_KINDS[kind]} ${printable(target)}`)}${place}`,
    ...details.flatMap((detail) => detailLines(detail, action, paint)).map(indented(4)),
  ]
}

/** Entities listed by name before the rest is only counted. `--json` has them all. */
const MOST_NAMES = 10

/** What is left alone: how much it is, and below it each with the reason, or together with others for the same one. */
export function unmanagedLines(
  unmanaged: readonly Unmanaged[],
  kinds: ReportKinds,
  paint: Paint,
): readonly string[] {
  if (unmanaged.length === 0) return []
  const groups = new Map<string, Unmanaged[]>()
  for (const entry of unmanaged) {
    const key = `${entry.kind}\n${entry.why}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [entry])
    else group.push(entry)
  }
  return [
    paint('bold', `left alone, not managed here: ${unmanaged.length}`),
    ...[...groups.values()].flatMap((group) => groupLines(group, kinds, paint)),
    ...adoptLine(unmanaged, paint),
  ]
}

/** Few enough to be named in a command. */
const MOST_ADOPTED = 3

/** How grants on what is declared come to be managed. */
function adoptLine(unmanaged: readonly Unmanaged[], paint: Paint): readonly string[] {
  const held = unmanaged.flatMap(({ kind, name, why }) =>
    /: `\w+` is not declared$/.test(why)
      ? [`${kind}/${name}`]
      : (/^is not declared: `\w+` of `(.*)` is not managed here$/.exec(why)?.slice(1) ?? []),
  )
  const entities = [...new Set(held)]
  if (entities.length === 0) return []
  const named = entities.length > MOST_ADOPTED ? '--all' : entities.map(printable).join(' ')
  return [paint('dim', `    help: \`iam-sync adopt ${named}\` writes what is held into the YAML`)]
}

/** What is ignored for a while: its access is told like any other. */
export const ignoredLines = (
  ignored: readonly Ignored[],
  kinds: ReportKinds,
  paint: Paint,
): readonly string[] =>
  ignored.length === 0
    ? []
    : [
        paint('dim', `ignored for a while: ${ignored.length}`),
        ...ignored.map(({ kind, name, why, reason, until }) =>
          paint(
            'dim',
            `    ${kinds[kind].facts.label} ${printable(name)} ${printable(why.replace(/: `\w+` is not declared$/, ''))}, until ${until}: ${printable(reason)}`,
          ),
        ),
      ]

/** Whom policies name that are gone, and who they were. */
export const orphanLines = (orphans: readonly Orphan[], paint: Paint): readonly string[] =>
  orphans.length === 0
    ? []
    : [
        paint('bold', `named by the id of somebody who is gone: ${orphans.length}`),
        ...orphans.map(
          ({ id, formerly, namedBy }) =>
            `    ${printable(namedBy)} names ${printable(id)}, ${formerly === null ? 'whom no apply took note of' : `which was ${printable(formerly)}`}`,
        ),
      ]

/** What comes near to a quota, or to where it ends: a few give the idea. */
export const headroomLines = (headroom: readonly Headroom[], paint: Paint): readonly string[] =>
  headroom.length === 0
    ? []
    : [
        paint('bold', `near to a quota: ${headroom.length}`),
        ...headroom
          .slice(0, MOST_NAMES)
          .map(
            ({ entity, quota, what, used, limit }) =>
              `    ${printable(entity ?? 'the account')} has ${used} of ${limit} ${what} (${quota})`,
          ),
        ...(headroom.length > MOST_NAMES
          ? [paint('dim', `      … and ${headroom.length - MOST_NAMES} more (\`--json\` lists all)`)]
          : []),
      ]

function groupLines(group: readonly Unmanaged[], kinds: ReportKinds, paint: Paint): readonly string[] {
  const [first] = group
  if (first === undefined) return []
  const kind = kinds[first.kind]
  if (group.length === 1) return [`    ${kind.facts.label} ${printable(first.name)} ${printable(first.why)}`]
  // Grants on what is declared are always shown; of undeclared entities a few give the idea.
  const most = /^(?:is not declared|belongs to AWS)/.test(first.why) ? MOST_NAMES : group.length
  const names = group.slice(0, most).map(({ name }) => `      ${printable(name)}`)
  const more = group.length - names.length
  return [
    `    ${countedKind(group.length, kind)}, each of which ${printable(first.why)}`,
    ...names,
    ...(more > 0 ? [paint('dim', `      … and ${more} more (\`--json\` lists all)`)] : []),
  ]
}

export function refusalLines(refusal: GuardRefusal, paint: Paint, texts?: SourceTexts): readonly string[] {
  const entities = refusal.entities.map((entity) => `    ${printable(entity)}`)
  return [
    `${paint('removed', `refused by the guard (${refusal.rule})`)}: ${printable(refusal.message)}`,
    ...entities,
    ...(refusal.span === undefined || texts === undefined ? [] : [`  at ${lineOf(refusal.span, texts)}`]),
    `  help: ${printable(refusal.help)}`,
  ]
}

/** `file:line`: a column would only be in the way of a reader who opens the file. */
function lineOf(span: { file: string; start: number; end: number }, texts: SourceTexts): string {
  return printable(placeOf(span, texts)).replace(/:\d+$/, '')
}

const section = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ['', ...lines])
export const indented =
  (by: number) =>
  (line: string): string =>
    line === '' ? '' : `${' '.repeat(by)}${line}`
