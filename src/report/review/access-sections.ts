import type { AccessEntry, Direction, UnknownAccess } from '../../access/access-entry.ts'
import { isDeciding } from '../../access/diff/diff-of.ts'
import type { Escalation } from '../../access/escalation/escalation.ts'
import type { SourceTexts } from '../../diagnostics/index.ts'
import { accessGroups } from '../access/access-lines.ts'
import { AccessPage } from '../access/access-page.ts'
import { toldApart } from '../access/told-apart.ts'
import { escalationGroups } from '../escalations/escalations-laid.ts'
import { painter } from '../layout/paint.ts'
import type { AccessChanges } from '../plans/previewed-plan.ts'
import { laidEntry, type SectionEntries } from './entry.ts'
import { isOutsider } from './outsiders.ts'
import type { ReviewAccount, ReviewEntry } from './review.ts'

/** Whose access an account's states differ in. @param account null: policies were compared, whoever holds them */
export function accessSections(
  { diff, context }: AccessChanges,
  texts: SourceTexts,
  account: ReviewAccount | null,
): SectionEntries {
  const words = new AccessWords(
    new AccessPage(context, texts, painter(false)),
    { gained: texts, lost: context.earlier ?? texts },
    account,
  )
  const isOutside = (principal: string) => context.account !== null && isOutsider(principal, context.account)
  const { gained, lost } = toldApart(diff)
  const deciding = gained.others.filter(isDeciding)
  const ways = (escalations: readonly Escalation[], direction: Direction) =>
    words.ways(escalations, (direction === 'gained' ? gained : lost).escalating, direction)
  return {
    escalations: ways(
      gained.escalations.filter((each) => !letsOutsidersIn(each)),
      'gained',
    ),
    outside: [
      ...ways(gained.escalations.filter(letsOutsidersIn), 'gained'),
      ...words.groups(only(deciding, isOutside), 'gained'),
    ],
    unknown: [...diff.unknown, ...(diff.unknownEscalations ?? [])].map((each) => words.unknown(each)),
    gains: words.groups(
      only(deciding, (principal) => !isOutside(principal)),
      'gained',
    ),
    losses: [...ways(lost.escalations, 'lost'), ...words.groups(lost.others.filter(isDeciding), 'lost')],
    undeciding: [...words.undeciding(gained.others, 'gained'), ...words.undeciding(lost.others, 'lost')],
  }
}

const letsOutsidersIn = ({ class: kind, rule }: Escalation): boolean =>
  kind === 'lets-outsiders-in' || rule === 'public' || rule === 'cross-account'

/** Entries with those of their principals who are meant. Of policies that anybody may hold there are none: all are kept. */
const only = (
  entries: readonly AccessEntry[],
  isMeant: (principal: string) => boolean,
): readonly AccessEntry[] =>
  entries.flatMap((entry) => {
    const principals = entry.principals.filter(isMeant)
    const isNobodys = entry.principals.length === 0 && isMeant('')
    return principals.length > 0 || isNobodys ? [{ ...entry, principals }] : []
  })

/** Words that text has for access, as entries of a review. */
class AccessWords {
  readonly #page: AccessPage
  readonly #texts: Readonly<Record<Direction, SourceTexts>>
  readonly #account: ReviewAccount | null

  constructor(
    page: AccessPage,
    texts: Readonly<Record<Direction, SourceTexts>>,
    account: ReviewAccount | null,
  ) {
    this.#page = page
    this.#texts = texts
    this.#account = account
  }

  groups(entries: readonly AccessEntry[], direction: Direction): readonly ReviewEntry[] {
    return accessGroups(entries, direction).map((group) => {
      const [first] = group.statements
      return laidEntry(this.#page.group(group), group.statements, this.#texts[direction], {
        account: this.#account,
        merge: {
          rule: first === undefined ? direction : `${direction} ${first.kind}`,
          target: first?.policy ?? '',
        },
      })
    })
  }

  ways(
    escalations: readonly Escalation[],
    escalating: readonly AccessEntry[],
    direction: Direction,
  ): readonly ReviewEntry[] {
    return escalationGroups(this.#page, escalations, escalating, direction).map(({ ways, laid }) => {
      const [heaviest] = ways
      return laidEntry(laid, ways, this.#texts[direction], {
        account: this.#account,
        severity: heaviest?.severity ?? null,
        merge: { rule: heaviest?.rule ?? '', target: heaviest?.target ?? '' },
      })
    })
  }

  unknown(unknown: UnknownAccess): ReviewEntry {
    const { direction, reason, policy } = unknown
    return laidEntry(this.#page.unknown(unknown), [], this.#texts[direction], {
      account: this.#account,
      merge: { rule: `${direction} ${reason}`, target: policy },
    })
  }

  undeciding(entries: readonly AccessEntry[], direction: Direction): readonly ReviewEntry[] {
    const of = (tier: AccessEntry['tier']) => entries.filter((entry) => entry.tier === tier)
    return [
      ...this.groups(of('pattern'), direction),
      ...of('future').map((entry) =>
        laidEntry(this.#page.future(entry, direction), [entry], this.#texts[direction], {
          account: this.#account,
          merge: { rule: `${direction} future`, target: entry.policy },
        }),
      ),
    ]
  }
}
