import type { AccessDiff } from '../../access/access-diff.ts'
import type {
  AccessEntry,
  AccessLevels,
  Because,
  Direction,
  UnknownAccess,
} from '../../access/access-entry.ts'
import type { Proof, S3Ruling } from '../../access/analysis.ts'
import type { EscalationReport } from '../../access/escalation/escalation.ts'
import { type SourceTexts, type Span, sourceJson } from '../../diagnostics/index.ts'
import { requestJson } from '../decisions/test-report.ts'
import { escalationJson, isEscalation } from '../escalations/escalation-json.ts'
import { entryKey, lostAlone } from './access-lines.ts'

/**
 * `access` in an element of `plan --json` and of `access diff --json`.
 * @param earlier the texts of the state before, where they are others
 */
export function accessJson(
  { verdict, gained, lost, unknown, escalations, unknownEscalations = [] }: AccessDiff,
  texts: SourceTexts,
  earlier: SourceTexts = texts,
): object {
  const sides: Sides = { gained: texts, lost: earlier }
  const losses = lostAlone({ gained, lost })
  return {
    verdict,
    gained: gained.map((entry) => entryJson(entry, 'gained', sides)),
    lost: lost.map((entry) => entryJson(entry, 'lost', sides)),
    unknown: unknown.map((each) => unknownJson(each, sides)),
    escalations: escalations.map((each) =>
      entryJson(each, losses.has(entryKey(each)) ? 'lost' : 'gained', sides),
    ),
    ...(unknownEscalations.length === 0
      ? {}
      : { unknownEscalations: unknownEscalations.map((each) => unknownJson(each, sides)) }),
  }
}

/** What `access escalations --json` says of one account. */
export const escalationsJson = ({ escalations, unknown }: EscalationReport, texts: SourceTexts): object => {
  const sides: Sides = { gained: texts, lost: texts }
  return {
    escalations: escalations.map((each) => entryJson(each, 'gained', sides)),
    unknown: unknown.map((each) => unknownJson(each, sides)),
  }
}

/** What `access check --json` says besides its version and diagnostics. */
export function proofJson(
  { holds, violations, unknown, rulings = [], notes = [], covers }: Proof,
  texts: SourceTexts,
): object {
  const sides: Sides = { gained: texts, lost: texts }
  const told = (entries: readonly AccessEntry[], ruled: readonly S3Ruling[]) => [
    ...entries.map((entry) => entryJson(entry, 'gained', sides)),
    ...ruled.map((ruling) => rulingJson(ruling, sides)),
  ]
  const blocked = rulings.filter(({ block }) => block !== null)
  return {
    holds,
    violations: told(
      violations,
      rulings.filter(({ block }) => block === null),
    ),
    unknown: unknown.map((each) => unknownJson(each, sides)),
    ...(notes.length + blocked.length === 0 ? {} : { notes: told(notes, blocked) }),
    ...(covers === undefined ? {} : { covers }),
  }
}

/** In the form of an entry. */
const rulingJson = (ruling: S3Ruling, sides: Sides): object => ({
  kind: 'action',
  principals: ruling.principals,
  actions: ruling.actions,
  levels: levelsJson(ruling.levels),
  resources: ruling.resources,
  notResources: ruling.notResources,
  conditions: ruling.conditions,
  witness: ruling.witness === null ? null : requestJson(ruling.witness),
  via: [],
  tier: 'typed',
  source: placeJson(ruling.source, sides.gained),
  policy: ruling.resource,
  sid: ruling.sid,
  because: null,
  potential: false,
  question: 's3',
  why: ruling.why,
  ...(ruling.block === null ? {} : { blockPublicAccess: ruling.block }),
})

/** Where what is gained is granted, and where what is lost was. */
type Sides = Readonly<Record<Direction, SourceTexts>>

const entryJson = (entry: AccessEntry, direction: Direction, sides: Sides) => ({
  kind: entry.kind,
  principals: entry.principals,
  actions: entry.actions,
  levels: levelsJson(entry.levels),
  resources: entry.resources,
  notResources: entry.notResources,
  conditions: entry.conditions,
  witness: requestJson(entry.witness),
  via: entry.via,
  tier: entry.tier,
  source: placeJson(entry.source, sides[direction]),
  policy: entry.policy,
  sid: entry.sid,
  because: entry.because === null ? null : becauseJson(entry.because, sides),
  potential: entry.isPotential,
  ...(entry.question === undefined ? {} : { question: entry.question }),
  ...(entry.publicAccessBlock === undefined ? {} : { blockPublicAccess: entry.publicAccessBlock }),
  ...(entry.sessionTags === undefined ? {} : { sessionTags: entry.sessionTags }),
  ...(entry.by === undefined ? {} : { by: entry.by }),
  ...(entry.before === undefined ? {} : { before: entry.before }),
  ...(entry.after === undefined ? {} : { after: entry.after }),
  ...(entry.values === undefined ? {} : { values: entry.values }),
  ...(entry.ended === undefined ? {} : { ended: entry.ended }),
  ...(isEscalation(entry) ? escalationJson(entry) : {}),
})

const unknownJson = (
  { principals, direction, reason, rule, unseen, source, policy, sid, witness }: UnknownAccess,
  sides: Sides,
): object => ({
  principals,
  direction,
  reason,
  rule: rule ?? null,
  ...(unseen === undefined ? {} : { unseen }),
  source: placeJson(source, sides[direction]),
  policy,
  sid,
  ...(witness === undefined ? {} : { witness: requestJson(witness) }),
})

const becauseJson = (
  { cause, change, policy, sid, source, area, allowedBy }: Because,
  sides: Sides,
): object => ({
  cause,
  change,
  policy,
  sid,
  source: placeJson(source, sides[change === 'added' ? 'gained' : 'lost']),
  ...(area === undefined ? {} : area),
  ...(allowedBy === undefined
    ? {}
    : {
        allowedBy: {
          policy: allowedBy.policy,
          sid: allowedBy.sid,
          source: placeJson(allowedBy.source, sides[change === 'added' ? 'lost' : 'gained']),
          ...allowedBy.area,
        },
      }),
})

const levelsJson = ({ permissions, write, tagging, read, list }: AccessLevels): object => ({
  permissions,
  write,
  tagging,
  read,
  list,
})

const placeJson = (span: Span | null, texts: SourceTexts): object | null =>
  span === null ? null : sourceJson(span, texts)
