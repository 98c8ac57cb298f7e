import { lstatSync } from 'node:fs'
import { TextDecoder } from 'node:util'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { REPORT_KINDS } from '../../kinds/report.ts'
import { readSavedPlans, SAVED_PLAN_START, type SavedPlans, savedPlansText } from '../../plan/saved-plans.ts'
import { oddKindOf, readRegularFile } from '../../source/regular-file.ts'
import { replaceFile, unwrittenReason } from '../output/replace-file.ts'
import { fileBytes, unreadReason } from './file-bytes.ts'

/** The largest plan that is read: one of 5,000 changes has a few megabytes. */
const MOST_BYTES = 256 * 1024 * 1024

/**
 * Writes plans into a file that only the user may read: as a whole, or not at all. One that holds plans is replaced; anything else that is
 * there is left.
 * @throws DiagnosticError `saved-plan.not-written`
 */
export function writePlanFile(file: string, plans: SavedPlans): void {
  try {
    refuseOthers(file)
    replaceFile(file, savedPlansText(plans), 0o600)
  } catch (error) {
    throw new DiagnosticError(
      errorOf({
        code: 'saved-plan.not-written',
        message: `the plan can't be saved in \`${file}\`: ${unwrittenReason(error)}`,
        help: 'name a file in a folder that you may write to, which holds a saved plan or is not there yet',
      }),
    )
  }
}

function refuseOthers(file: string): void {
  const there = lstatSync(file, { throwIfNoEntry: false })
  if (there === undefined) return
  const odd = oddKindOf(there)
  if (odd !== null) throw new Error(`${odd} has this name`)
  const start = readRegularFile(file, 'refused').subarray(0, SAVED_PLAN_START.length)
  if (start.toString('latin1') !== SAVED_PLAN_START)
    throw new Error('another file has this name, and is no saved plan')
}

/** @throws DiagnosticError `saved-plan.…` */
export function readPlanFile(file: string): SavedPlans {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(fileBytes(file, MOST_BYTES))
  } catch (error) {
    throw new DiagnosticError(
      errorOf({
        code: 'saved-plan.unreadable',
        message: `\`${file}\` can't be read: ${unreadReason(error)}`,
        help: 'name a file that `iam-sync plan --out FILE` wrote',
      }),
    )
  }
  return readSavedPlans(text, file, Object.keys(REPORT_KINDS))
}
