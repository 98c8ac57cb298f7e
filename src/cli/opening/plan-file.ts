import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { TextDecoder } from 'node:util'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { REPORT_KINDS } from '../../kinds/report.ts'
import { readSavedPlans, SAVED_PLAN_START, type SavedPlans, savedPlansText } from '../../plan/saved-plans.ts'
import { oddKindOf, readRegularFile } from '../../source/regular-file.ts'
import { fileBytes, unreadReason } from './file-bytes.ts'

/** The largest plan that is read: one of 5,000 changes has a few megabytes. */
const MOST_BYTES = 256 * 1024 * 1024

/**
 * Writes plans into a file that only the user may read: as a whole, or not at all. One that holds plans is replaced; anything else that is
 * there is left.
 * @throws DiagnosticError `saved-plan.not-written`
 */
export function writePlanFile(file: string, plans: SavedPlans): void {
  const partial = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`)
  try {
    refuseOthers(file)
    const descriptor = openSync(partial, 'wx', 0o600)
    try {
      writeFileSync(descriptor, savedPlansText(plans))
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(partial, file)
  } catch (error) {
    rmSync(partial, { force: true })
    throw new DiagnosticError(
      errorOf({
        code: 'saved-plan.not-written',
        message: `the plan can't be saved in \`${file}\`: ${unreadReason(error)}`,
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
