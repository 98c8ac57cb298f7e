import type { SourceTexts } from '../../diagnostics/index.ts'
import { loginProfile } from '../../kinds/attributes/login-profile.ts'
import { ROLE_BY_NAME } from '../../model/index.ts'
import type { Change, ChangeAction, Plan } from '../../plan/plan.ts'
import { painter } from '../layout/paint.ts'
import { type EqualChanges, equalChanges } from '../plans/folded-changes.ts'
import { equalChangesLines, factChangeLines, refusalLines } from '../plans/plan-text.ts'
import { type ReplacedRole, replacedLines } from '../plans/replaced-role.ts'
import type { ReportKinds } from '../report-kind.ts'
import { PLAIN, placeIn, type SectionEntries } from './entry.ts'
import type { ReviewAccount, ReviewEntry } from './review.ts'

const STYLES = { '+': 'added', '~': 'changed', '-': 'removed', '±': 'replaced' } as const
const PAINT = painter(false)

/**
 * What a plan does: what is deleted, everything by where it is declared, and what the guard has against it.
 * @param quiet changes without effect on access: they stand behind the others
 */
export function changeSections(
  { account: { id, name }, changes, facts, refusals }: Plan,
  replaced: readonly ReplacedRole[],
  quiet: ReadonlySet<Change>,
  kinds: ReportKinds,
  texts: SourceTexts,
): SectionEntries {
  const account = { id, name }
  const entries = equalChanges(changes).map((group) => ({
    action: group.first.action,
    isQuiet: group.all.every((change) => quiet.has(change)),
    entry: changeEntry(group, replaced, account, kinds, texts),
  }))
  return {
    deletes: entries.flatMap(({ action, entry }) => (isDeletion(action) ? [entry] : [])),
    changes: [
      ...entries.toSorted((a, b) => Number(a.isQuiet) - Number(b.isQuiet)).map(({ entry }) => entry),
      ...facts.map((fact) => {
        const [title = '', ...lines] = factChangeLines(fact, texts, PAINT)
        return {
          ...PLAIN,
          ...signed(title),
          account,
          short: "a fact that apply doesn't write",
          lines: withoutIndent(lines),
          merge: { rule: 'fact', target: fact.kind },
          place: placeIn(fact.span, texts),
        }
      }),
    ],
    failures: refusals.map((refusal) => {
      const [title = '', ...lines] = refusalLines(refusal, PAINT)
      const [who = '', short = ''] = [
        `refused by the guard (${refusal.rule})`,
        title.slice(title.indexOf(': ') + 2),
      ]
      return {
        ...PLAIN,
        sign: '!',
        style: 'removed',
        account,
        who,
        short,
        lines: [short, ...withoutIndent(lines)],
        merge: { rule: 'guard', target: refusal.rule },
      }
    }),
  }
}

/** Attributes that are credentials, by which somebody signs in, or say by whose word somebody does: of identity providers. */
const CREDENTIALS: ReadonlySet<string> = new Set([loginProfile.name, 'metadata', 'clientIds', 'thumbprints'])

/** Of what instances may be running with: another one is theirs from then on. */
const ROLE_OF_INSTANCES = ROLE_BY_NAME.kind

interface DetailOfReview {
  readonly path: string
  /** Of a value. */
  readonly before?: unknown
  readonly after?: unknown
  /** Of a list. */
  readonly added?: readonly string[] | undefined
}

/** Whether somebody may come to act as another by it: a credential is made, or put in or out of use. */
export const isOfCredential = ({
  action,
  parent,
  details = [],
}: {
  readonly action: ChangeAction
  readonly parent?: unknown
  readonly details?: readonly DetailOfReview[] | undefined
}): boolean =>
  action !== 'delete' &&
  ((parent !== undefined && parent !== null && action !== 'replace') ||
    details.some(
      ({ path, before = null, after = null, added = [] }) =>
        (CREDENTIALS.has(path.split('.', 1)[0] ?? '') && (after !== null || added.length > 0)) ||
        (path === ROLE_OF_INSTANCES && before !== null && after !== null),
    ))

export const isDeletion = (action: ChangeAction): boolean => action === 'delete' || action === 'replace'

function changeEntry(
  group: EqualChanges,
  replaced: readonly ReplacedRole[],
  account: ReviewAccount,
  kinds: ReportKinds,
  texts: SourceTexts,
): ReviewEntry {
  const { first, all } = group
  const [title = '', ...details] = equalChangesLines(group, kinds, texts, PAINT)
  const lines = [
    ...withoutIndent(details),
    ...replaced.filter(({ before }) => all.some(({ arn }) => arn === before)).flatMap(replacedLines),
  ]
  const [only, second] = lines
  return {
    ...PLAIN,
    ...signed(title),
    account,
    short: only !== undefined && second === undefined ? only : partsOf(first),
    lines: second === undefined ? [] : lines,
    merge: { rule: first.action, target: first.kind },
    principals: all.flatMap(({ arn, parent }) => arn ?? parent?.arn ?? []),
    place: placeIn(first.span, texts),
    count: all.length,
  }
}

const VERBS: Readonly<Record<ChangeAction, string>> = {
  create: 'created, with',
  update: 'changes:',
  delete: 'deleted, and with it',
  replace: 'deleted and created again:',
}

/** What of it changes, or dies with it, by name. */
function partsOf({ action, details }: Change): string {
  const parts = details.map(({ path }) => path)
  return parts.length === 0 ? (VERBS[action].split(/[,:]/)[0] ?? '') : `${VERBS[action]} ${parts.join(', ')}`
}

/** A title that begins with a sign, taken apart. */
function signed(title: string): Pick<ReviewEntry, 'sign' | 'style' | 'who'> {
  const sign = title.slice(0, 1) as keyof typeof STYLES
  return { sign, style: STYLES[sign], who: title.slice(2) }
}

const withoutIndent = (lines: readonly string[]): readonly string[] => {
  const indents = lines.flatMap((line) => (line.trim() === '' ? [] : [line.search(/\S/)]))
  const least = Math.min(...indents)
  return lines.map((line) => line.slice(least))
}
