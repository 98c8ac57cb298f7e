/** What a comment counts, in the order in which it says it. */
export const COUNTED = [
  'escalations',
  'outside',
  'gain',
  'loses',
  'deletes',
  'weakened',
  'credentials',
  'unknown',
  'failed',
] as const

/**
 * How many of what a result has: ways to more power; who outside gets in; principals that gain and lose; entities that are
 * deleted or replaced; what no longer protects; credentials that are made, or put in or out of use; principals of whom it isn't known; tests, invariants and gates that fail, errors and refusals.
 */
export type CommentCounts = Readonly<Record<(typeof COUNTED)[number], number>>

export const NO_COUNTS: Record<(typeof COUNTED)[number], number> = {
  escalations: 0,
  outside: 0,
  gain: 0,
  loses: 0,
  deletes: 0,
  weakened: 0,
  credentials: 0,
  unknown: 0,
  failed: 0,
}

/** What somebody has to hear of again. Less access harms nobody without his noticing. */
const ALARMING = COUNTED.filter((name) => name !== 'loses')

/** Whether there is more of something bad than there was. */
export const isWorse = (before: CommentCounts, after: CommentCounts): boolean =>
  ALARMING.some((name) => after[name] > before[name])

const LABELS = ['iam:gain', 'iam:escalation', 'iam:destroy', 'iam:weakened', 'iam:none'] as const

type ReviewLabel = (typeof LABELS)[number]

/** Labels that the comments of one pull request together ask for. `iam:none` promises that nothing changes, and all is known. */
function labelsOf(all: readonly CommentCounts[]): ReadonlySet<ReviewLabel> {
  const any = (name: keyof CommentCounts): boolean => all.some((counts) => counts[name] > 0)
  return new Set<ReviewLabel>([
    ...(any('gain') ? (['iam:gain'] as const) : []),
    ...(any('escalations') ? (['iam:escalation'] as const) : []),
    ...(any('deletes') ? (['iam:destroy'] as const) : []),
    ...(any('weakened') ? (['iam:weakened'] as const) : []),
    ...(COUNTED.some(any) ? [] : (['iam:none'] as const)),
  ])
}

/** What is to be done to the labels that are there. Those of others stay as they are. */
export function labelChanges(
  present: readonly string[],
  all: readonly CommentCounts[],
): { readonly add: readonly string[]; readonly remove: readonly string[] } {
  const wanted = labelsOf(all)
  return {
    add: LABELS.filter((label) => wanted.has(label) && !present.includes(label)),
    remove: LABELS.filter((label) => !wanted.has(label) && present.includes(label)),
  }
}
