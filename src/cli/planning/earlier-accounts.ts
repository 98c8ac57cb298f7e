import { SHOWN_AS_BEFORE, type ShownElsewhere } from '../../reconcile/shown-elsewhere.ts'
import { type ApplyReport, stepCounts } from '../../report/plans/apply-report.ts'

/** What an apply over several accounts has done before it comes to one. */
export interface EarlierAccounts {
  /** Names of those that something was written to. */
  readonly written: readonly string[]
  readonly shownElsewhere: ShownElsewhere
}

export const NONE_EARLIER: EarlierAccounts = { written: [], shownElsewhere: SHOWN_AS_BEFORE }

/** In the midst of one that something was written to. */
export const amidst = (
  { written, shownElsewhere }: EarlierAccounts,
  name: string,
  shown: ShownElsewhere,
): EarlierAccounts => ({
  written: [...written, name],
  shownElsewhere: new Map([...shownElsewhere, ...shown]),
})

interface Applied {
  readonly report: Pick<ApplyReport, 'account' | 'steps'>
  readonly shownElsewhere: ShownElsewhere
}

export const andThen = (earlier: EarlierAccounts, { report, shownElsewhere }: Applied): EarlierAccounts => ({
  written:
    stepCounts(report.steps).done > 0 && !earlier.written.includes(report.account.name)
      ? [...earlier.written, report.account.name]
      : earlier.written,
  shownElsewhere: new Map([...earlier.shownElsewhere, ...shownElsewhere]),
})
