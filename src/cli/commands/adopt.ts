import { createTwoFilesPatch } from 'diff'
import { type Diagnostic, DiagnosticError, errorOf, hasErrors } from '../../diagnostics/index.ts'
import { adoptText } from '../../report/adopt-report.ts'
import { painter } from '../../report/layout/paint.ts'
import { type CommandOutcome, flagList, flagSet, type Invocation } from '../command.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts'
import { writeManifests } from '../opening/manifest-writer.ts'
import { openProject } from '../opening/project.ts'
import { adoption } from '../planning/adoption.ts'
import { askConsent, noConsent } from '../planning/consent.ts'
import { catchInterrupts } from '../planning/interrupts.ts'

export async function run({
  folder,
  accounts,
  flags,
  streams,
  isDocument,
}: Invocation): Promise<CommandOutcome> {
  const entities = flagList(flags, 'entities')
  if (flagSet(flags, 'all') === entities.length > 0) throw new DiagnosticError(whoIsMeant(entities))
  const opened = await openProject({ folder, accounts, ref: null })
  const before = opened.source?.files ?? new Map<string, string>()
  const { adopted, files, diagnostics } = await adoption(opened, flagSet(flags, 'all') ? null : entities)
  const report = {
    adopted,
    files: [...files].map(([file, text]) => ({ file, diff: diffOf(file, before.get(file) ?? '', text) })),
    isWritten: false,
    isRefused: hasErrors(diagnostics),
  }
  const outcome = (
    exitCode: ExitCode,
    isWritten: boolean,
    more: readonly Diagnostic[] = [],
  ): CommandOutcome => ({
    exitCode,
    result: { type: 'adopt', ...report, isWritten },
    diagnostics: [...opened.diagnostics, ...diagnostics, ...more],
    texts: opened.texts,
  })
  if (report.isRefused) return outcome(EXIT.error, false)
  if (files.size === 0 || flagSet(flags, 'dryRun')) return outcome(EXIT.ok, false)
  if (!flagSet(flags, 'yes')) {
    const interrupts = catchInterrupts(streams, null)
    try {
      if (!isDocument && streams.inIsTerminal && streams.errIsTerminal)
        streams.err(`${adoptText(report, painter(false))}\n`)
      const question = `Write ${[...files.keys()].join(', ')}?`
      const consent = isDocument ? 'cannot-ask' : await askConsent(question, streams, interrupts.signal)
      const signal = interrupts.exitCode()
      if (consent !== 'given')
        return outcome(exitCodeOf([EXIT.error, ...(signal === null ? [] : [signal])]), false, [
          noConsent(consent, isDocument, NOT_AGREED),
        ])
    } finally {
      interrupts.end()
    }
  }
  writeManifests(opened.folder, files, before)
  return outcome(EXIT.ok, true)
}

/** Without the line that tells one file of a patch from the next. */
const diffOf = (file: string, before: string, after: string): string =>
  createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after).replace(/^=+\n/, '')

const whoIsMeant = (entities: readonly string[]): Diagnostic =>
  errorOf({
    code: entities.length === 0 ? 'cli.missing-argument' : 'cli.invalid-value',
    message:
      entities.length === 0 ? 'nobody is named' : '`--all` is all that is declared: nobody needs to be named',
    help: 'name some, as `iam-sync adopt user/alice role/deploy`, or write `--all`',
  })

const NOT_AGREED = {
  interrupted: 'adopt.interrupted',
  declined: 'adopt.declined',
  cannotAsk: 'adopt.no-consent',
  nothing: 'nothing was written',
  help: 'look at it with `--dry-run`, then run it with `--yes`',
}
