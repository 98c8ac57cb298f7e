import { randomBytes } from 'node:crypto'
import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { oddKindOf } from '../../source/regular-file.ts'
import { unreadReason } from './file-bytes.ts'

/**
 * Puts other texts in the place of files of the IAM folder, each as a whole. Nothing is written through a link, nor over what somebody
 * has written since.
 * @param before what was read of each
 * @throws DiagnosticError `adopt.not-written`; those before it are written then
 */
export function writeManifests(
  folder: string,
  files: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
): void {
  for (const [file, text] of files) writeManifest(join(folder, file), file, text, before.get(file) ?? '')
}

function writeManifest(path: string, shownAs: string, text: string, before: string): void {
  const partial = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`)
  try {
    const stats = lstatSync(path)
    const odd = oddKindOf(stats)
    if (odd !== null) throw new Error(`${odd} has this name`)
    if (readFileSync(path, 'utf8').replace(/^\uFEFF/, '') !== before.replace(/^\uFEFF/, ''))
      throw new Error('it has changed since it was read')
    const mark = readFileSync(path, 'utf8').startsWith('\uFEFF') && !text.startsWith('\uFEFF') ? '\uFEFF' : ''
    writeFileSync(partial, `${mark}${text}`, { flag: 'wx', mode: stats.mode })
    renameSync(partial, path)
  } catch (error) {
    rmSync(partial, { force: true })
    throw new DiagnosticError(
      errorOf({
        code: 'adopt.not-written',
        message: `\`${shownAs}\` can't be written: ${unreadReason(error)}`,
        help: 'run it again; what was written stands',
      }),
    )
  }
}
