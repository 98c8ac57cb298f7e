import type {
  AccessDiff,
  AccessEntry,
  AccessLevels,
  Because,
  Escalation,
  UnknownAccess,
} from '../access/access-diff.ts'
import type { Proof } from '../access/analysis.ts'
import { type SourceTexts, type Span, sourceJson } from '../diagnostics/index.ts'
import { requestJson } from './test-report.ts'

/** `access` in an element of `plan --json` and of `access diff --json`. */
export const accessJson = (
  { verdict, gained, lost, unknown, escalations }: AccessDiff,
  texts: SourceTexts,
): object => ({
  verdict,
  gained: gained.map((entry) => entryJson(entry, texts)),
  lost: lost.map((entry) => entryJson(entry, texts)),
  unknown: unknown.map((each) => unknownJson(each, texts)),
  escalations: escalations.map((each) => escalationJson(each, texts)),
})

/** What `access check --json` says besides its version and diagnostics. */
export const proofJson = ({ holds, violations, unknown }: Proof, texts: SourceTexts): object => ({
  holds,
  violations: violations.map((entry) => entryJson(entry, texts)),
  unknown: unknown.map((each) => unknownJson(each, texts)),
})

const entryJson = (entry: AccessEntry, texts: SourceTexts): object => ({
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
  source: placeJson(entry.source, texts),
  policy: entry.policy,
  sid: entry.sid,
  because: entry.because === null ? null : becauseJson(entry.because, texts),
  potential: entry.isPotential,
})

const escalationJson = (escalation: Escalation, texts: SourceTexts): object => ({
  ...entryJson(escalation, texts),
  rule: escalation.rule,
  why: escalation.why,
})

const unknownJson = (
  { principals, direction, reason, source, policy, sid }: UnknownAccess,
  texts: SourceTexts,
): object => ({ principals, direction, reason, source: placeJson(source, texts), policy, sid })

const becauseJson = ({ cause, change, policy, sid, source }: Because, texts: SourceTexts): object => ({
  cause,
  change,
  policy,
  sid,
  source: placeJson(source, texts),
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
