import { LEVELS } from '../access/access-lines.ts'
import type { SectionEntries } from './entry.ts'
import type { ReviewEntry, ReviewSection, SectionName } from './review.ts'

/** In the order in which they are read. */
const SECTIONS: readonly (readonly [name: SectionName, title: string, fold: 'open' | 'may fold'])[] = [
  ['errors', 'errors', 'open'],
  ['escalations', 'escalations', 'open'],
  ['outside', 'public and outside', 'open'],
  ['weakened', 'what no longer protects', 'open'],
  ['unknown', 'not known', 'open'],
  ['gains', 'gains', 'open'],
  ['losses', 'losses', 'open'],
  ['deletes', 'deletes', 'open'],
  ['failures', 'refused and failed', 'open'],
  ['undeciding', 'by patterns and future actions alone, which decides nothing', 'may fold'],
  ['changes', 'changes by file', 'may fold'],
  ['machine', 'details', 'may fold'],
]

/** What several accounts have, in one order: of each section the most dangerous first, whosever it is. */
export const inReadingOrder = (parts: readonly SectionEntries[]): readonly ReviewSection[] =>
  SECTIONS.flatMap(([name, title, fold]) => {
    const entries = parts.flatMap((part) => part[name] ?? [])
    if (entries.length === 0) return []
    const ordered = BY_WEIGHT.includes(name) && parts.length > 1 ? byWeight(entries) : entries
    return [{ name, title, mayFold: fold === 'may fold', entries: ordered }]
  })

/** Those whose order is a matter of danger, not of files. */
const BY_WEIGHT: readonly SectionName[] = ['escalations', 'outside', 'gains', 'losses']

const SEVERITIES: readonly ReviewEntry['severity'][] = ['critical', 'high', 'medium', 'low']

const byWeight = (entries: readonly ReviewEntry[]): readonly ReviewEntry[] =>
  entries.toSorted((a, b) => severityRank(a) - severityRank(b) || levelRank(a) - levelRank(b))

/** Escalations first. */
const severityRank = ({ severity }: ReviewEntry): number =>
  severity === null ? SEVERITIES.length : SEVERITIES.indexOf(severity)

const levelRank = ({ levels: [first] }: ReviewEntry): number =>
  first === undefined ? LEVELS.length : LEVELS.indexOf(first)
