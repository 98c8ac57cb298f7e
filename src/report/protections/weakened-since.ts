import type { WeakenedProtection } from '../../checks/protections/weakened-protection.ts'
import { type SourceTexts, sourceJson } from '../../diagnostics/index.ts'
import type { Detail } from '../../model/detail.ts'
import { type Paint, painter, printable, shown } from '../layout/paint.ts'
import { detailJson } from '../plans/plan-json.ts'
import { detailLines } from '../plans/plan-text.ts'

/** What no longer protects a project that did so in a commit. */
export interface WeakenedSince {
  /** The commit, as it was named. */
  readonly ref: string
  /** What it was declared in. */
  readonly texts: SourceTexts
  readonly protections: readonly WeakenedProtection[]
}

/** `weakened` of `plan --json`. */
export const weakenedJson = (
  { texts: earlier, protections }: WeakenedSince,
  texts: SourceTexts,
): readonly object[] =>
  protections.map(({ kind, name, change, accounts, details, before, now }) => ({
    kind,
    name,
    change,
    accounts: accounts.map((account) => ({ id: account.id, name: account.name })),
    details: details.map(detailJson),
    before: before === null ? null : sourceJson(before, earlier),
    source: now === null ? null : sourceJson(now, texts),
  }))

/** A title and an entry for each; nothing where all protects as it did. */
export function weakenedText(since: WeakenedSince, texts: SourceTexts, paint: Paint): readonly string[] {
  const { ref, protections } = since
  if (protections.length === 0) return []
  const lines = protections.flatMap((each) => {
    const { sign, style } = WEAKENED_SIGNS[each.change]
    return [
      `${paint(style, `${sign} ${weakenedTitle(each)}`)}  ${paint('dim', weakenedPlace(each, since, texts))}`.trimEnd(),
      ...weakenedLines(each, paint).map((line) => `    ${line}`),
    ]
  })
  return [[paint('bold', `what no longer protects, as it did in ${printable(ref)}`), ...lines].join('\n')]
}

export const WEAKENED_SIGNS = {
  removed: { sign: '-', style: 'removed' },
  changed: { sign: '~', style: 'changed' },
} as const

/** `invariant only admins pass roles, in staging`; accounts of a check that all have in common are not told. */
export const weakenedTitle = ({ kind, name, accounts }: WeakenedProtection): string => {
  const what = kind === 'guard' || kind === 'scope' ? name : `${kind} ${name}`
  const where = accounts.length === 1 ? ` in ${accounts[0]?.name}` : ''
  return printable(`${what}${where}`)
}

/** `access.yaml:7`, or where it was: nothing of a file that can't be told. */
export function weakenedPlace(
  { before, now }: WeakenedProtection,
  { texts: earlier, ref }: WeakenedSince,
  texts: SourceTexts,
): string {
  const span = now ?? before
  if (span === null) return ''
  const { file, line } = sourceJson(span, now === null ? earlier : texts)
  const place = line === null ? file : `${file}:${line}`
  return printable(now === null ? `${place} of ${ref}` : place)
}

/** What is otherwise; of what is gone, all that it said. */
export const weakenedLines = (
  { change, details }: WeakenedProtection,
  paint: Paint = painter(false),
): readonly string[] =>
  details.flatMap((detail) =>
    change === 'removed' ? saidLines(detail, paint) : detailLines(detail, 'update', paint),
  )

function saidLines(detail: Detail, paint: Paint): readonly string[] {
  const values = detail.type === 'list' ? detail.removed : detail.type === 'value' ? [detail.before] : []
  return [`${printable(detail.path)}: ${values.map((each) => paint('removed', shown(each))).join(', ')}`]
}
