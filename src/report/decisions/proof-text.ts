import type { AccessEntry, Direction } from '../../access/access-entry.ts'
import type { Proof, S3Ruling } from '../../access/analysis.ts'
import { isDeciding } from '../../access/diff/diff-of.ts'
import type { SourceTexts } from '../../diagnostics/index.ts'
import { type AccessContext, AccessPage } from '../access/access-page.ts'
import { ReadingBudget, sectionLines } from '../access/access-section.ts'
import type { Laid } from '../access/laid.ts'
import { isEscalation } from '../escalations/escalation-json.ts'
import { escalationsLaid } from '../escalations/escalations-laid.ts'
import { counted, type Paint, painter, printable, type Style } from '../layout/paint.ts'
import { indented, type TextOptions } from '../plans/plan-text.ts'
import { coverageText, rulingLaid } from '../questions/public-text.ts'

/** What a check claims, and what came of it. */
export interface ProvedClaim {
  readonly claim: string
  readonly proof: Proof
}

/** Lines of violations of one claim before principals are shortened to one line each. */
const MOST_LINES = 60

const WORDS: Readonly<Record<string, readonly [word: string, style: Style]>> = {
  true: ['holds', 'added'],
  false: ['FAIL', 'removed'],
  unknown: ['unknown', 'changed'],
}

/** What decides something first; then what only a pattern says, and what is to come. */
export const laidByTier = (
  page: AccessPage,
  entries: readonly AccessEntry[],
  direction: Direction,
): readonly Laid[] => {
  const of = (tier: AccessEntry['tier']) => entries.filter((entry) => entry.tier === tier)
  return [
    ...page.groups(of('typed'), direction),
    ...page.groups(of('pattern'), direction),
    ...of('future').map((entry) => page.future(entry, direction)),
  ]
}

/** Every claim on its line, and below it the access that it says nobody has. */
export function proofText(
  claims: readonly ProvedClaim[],
  texts: SourceTexts,
  context: AccessContext,
  { color, width }: TextOptions = { color: false },
): string {
  const paint = painter(color)
  return claims
    .flatMap(({ claim, proof }) => {
      const [word, style] = WORDS[String(proof.holds)] ?? ['unknown', 'changed']
      return [
        `${paint(style, word)}${' '.repeat(9 - word.length)}${printable(claim)}${countText(proof)}`,
        ...claimFindings(proof, texts, context, paint, width).map(indented(2)),
      ]
    })
    .join('\n')
}

/** Who breaks a claim, of whom it isn't known, and what is worth knowing where it holds. */
export function claimFindings(
  { violations, unknown, rulings = [], notes = [], covers }: Proof,
  texts: SourceTexts,
  context: AccessContext,
  paint: Paint,
  width?: number,
): readonly string[] {
  const page = new AccessPage(context, texts, paint, width)
  const budget = new ReadingBudget(MOST_LINES)
  const section = (title: string | null, laid: readonly Laid[]) => sectionLines(title, laid, budget, paint)
  const ways = violations.filter(isEscalation)
  const proved = [
    ...escalationsLaid(page, ways, [], 'gained'),
    ...laidByTier(
      page,
      violations.filter((each) => !isEscalation(each)),
      'gained',
    ),
  ]
  const isAsked = violations.some(({ question }) => question === 'proof')
  return [
    ...section(
      null,
      unknown.map((each) => page.unknown(each)),
    ),
    ...section(
      BY_S3,
      rulings.filter(isBreaking).map((each) => rulingLaid(each, texts)),
    ),
    ...section(isAsked ? BY_PROOF : null, proved),
    ...section(
      BLOCKED,
      rulings.filter((each) => !isBreaking(each)).map((each) => rulingLaid(each, texts)),
    ),
    ...section(DEPUTIES, laidByTier(page, notes, 'gained')),
    ...(covers === undefined ? [] : [paint('dim', `(${coverageText(covers)})`)]),
  ]
}

/** Fewer are seen at a glance. */
const FEWEST_COUNTED = 10

/** For how many it doesn't hold, where they aren't seen at a glance. */
function countText({ violations, unknown }: Proof): string {
  const of = (entries: readonly { readonly principals: readonly string[] }[]) =>
    new Set(entries.flatMap(({ principals }) => principals)).size
  const [breaking, open] = [of(violations.filter(isDeciding)), of(unknown)]
  if (breaking + open < FEWEST_COUNTED) return ''
  const parts = [
    ...(breaking === 0 ? [] : [counted(breaking, 'principal')]),
    ...(open === 0 ? [] : [`not known of ${counted(open, 'principal')}`]),
  ]
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

const isBreaking = ({ block }: S3Ruling): boolean => block === null

const BY_S3 = "public by S3's rules:"
const BY_PROOF = 'public by proof, with a request of a stranger that is allowed:'
const BLOCKED = "public by S3's rules, and blocked:"
const DEPUTIES =
  'note: services that may be made to act for anybody (no aws:SourceAccount, aws:SourceArn, aws:SourceOrgID or aws:SourceOrgPaths says for whom):'
