import { type Diagnostic, DiagnosticError, errorOf } from '../diagnostics/index.ts'
import { FORMATS, type FormatName } from '../report/formats/formats.ts'
import type { CommandSpec } from './arguments/command-spec.ts'
import { COMMANDS, COMMANDS_TO_COME, FAMILIES } from './arguments/command-table.ts'
import { formatIn } from './arguments/format-flag.ts'
import { type CommandModule, type Flags, flagList, flagText, NO_TEXTS } from './command.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import type { ProjectFolder } from './opening/project-folder.ts'
import { showSignsOfLife } from './output/sign-of-life.ts'
import { Stopping } from './output/stopping.ts'
import { processStreams, type Streams } from './output/streams.ts'
import { catchEarly, noticeSignals } from './planning/early-signals.ts'
import { versionText } from './version.ts'

/** Loaded one at a time: `--help` and a wrong flag should not wait for a database. */
const MODULES: Readonly<Record<string, () => Promise<CommandModule>>> = {
  adopt: () => import('./commands/adopt.ts'),
  init: () => import('./commands/init.ts'),
  validate: () => import('./commands/validate.ts'),
  plan: () => import('./commands/plan.ts'),
  apply: () => import('./commands/apply.ts'),
  watch: () => import('./commands/watch.ts'),
  history: () => import('./commands/history.ts'),
  backup: () => import('./commands/backup.ts'),
  rollback: () => import('./commands/rollback.ts'),
  revoke: () => import('./commands/revoke.ts'),
  'mfa enroll': () => import('./commands/mfa-enroll.ts'),
  restore: () => import('./commands/restore.ts'),
  evaluate: () => import('./commands/evaluate.ts'),
  test: () => import('./commands/test.ts'),
  'who-can': () => import('./commands/who-can.ts'),
  'access diff': () => import('./commands/access-diff.ts'),
  'access escalations': () => import('./commands/access-escalations.ts'),
  'access check': () => import('./commands/access-check.ts'),
  comment: () => import('./commands/comment.ts'),
  serve: () => import('./commands/serve.ts'),
  'audit list': () => import('./commands/audit-list.ts'),
  'audit verify': () => import('./commands/audit-verify.ts'),
  'audit export': () => import('./commands/audit-export.ts'),
  completion: () => import('./commands/completion.ts'),
}

/**
 * Runs one command.
 * @param argv the words after `iam-sync`
 * @param streamsFor where to write; as the process does, unless somebody listens
 * @returns the exit code; whatever was to be said has been written
 */
export async function main(
  argv: readonly string[],
  streamsFor: (options: Parameters<typeof processStreams>[0]) => Streams = processStreams,
): Promise<ExitCode> {
  const { name, args } = namedCommand(withoutLeadingFlags(argv))
  const spec = COMMANDS.find((command) => command.name === name)
  // Read by hand, since it also decides how a usage error is printed.
  const format = formatIn(beforeDashes(argv), spec ?? null)
  const streams = streamsFor({
    color: !beforeDashes(argv).includes('--no-color'),
    layout: FORMATS[format].kind === 'document' || isForPrograms(name, argv) ? 'verbatim' : 'terminal',
  })

  const usage = async (diagnostic: Diagnostic): Promise<ExitCode> => {
    const { present } = await import('./output/present.ts')
    const result = { type: 'failed', empty: {} } as const
    const outcome = { exitCode: EXIT.error, result, diagnostics: [diagnostic], texts: NO_TEXTS }
    return present(outcome, streams, format)
  }

  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    if (name === 'help' && args[0] !== undefined) {
      const asked = namedCommand(args)
      if (COMMANDS.some((command) => command.name === asked.name))
        return main([...args, '--help'], streamsFor)
    }
    const { rootHelp } = await import('./arguments/root-help.ts')
    if (name !== undefined) {
      streams.out(rootHelp())
      return saidAll(streams)
    }
    if (FORMATS[format].kind === 'people') {
      streams.err(rootHelp())
      const { ended } = await import('./output/present.ts')
      const why = ['no command is named; `iam-sync COMMAND --help` has examples of each']
      return ended({ exitCode: EXIT.error, why, diagnostics: [], texts: NO_TEXTS }, streams)
    }
    return usage(
      errorOf({
        code: 'cli.no-command',
        message: 'no command is named',
        help: '`iam-sync --help` lists them',
      }),
    )
  }
  if (name === '--version' || name === '-V') {
    streams.out(`${versionText()}\n`)
    return saidAll(streams)
  }
  if (spec === undefined) {
    const { commandToCome, unknownCommand, unknownMember, unknownRootFlag } = await import(
      './arguments/usage-error.ts'
    )
    const toCome = COMMANDS_TO_COME.find((command) => command === name)
    if (toCome !== undefined) return usage(commandToCome(toCome))
    const member = args.find((arg) => !isRootFlag(arg)) ?? null
    if (FAMILIES.includes(name)) {
      if (member === '--help' || member === '-h') {
        const { familyHelp } = await import('./arguments/root-help.ts')
        streams.out(familyHelp(name))
        return saidAll(streams)
      }
      return usage(unknownMember(name, member))
    }
    return usage(name.startsWith('-') ? unknownRootFlag(name) : unknownCommand(name))
  }
  return runCommand(spec, args, { format, streams })
}

/** The end of what asks for a text that is always the same. */
async function saidAll(streams: Streams): Promise<ExitCode> {
  if ((await streams.outWritten()) === null) return EXIT.ok
  const { ended } = await import('./output/present.ts')
  return ended({ exitCode: EXIT.ok, diagnostics: [], texts: NO_TEXTS }, streams)
}

async function runCommand(
  spec: CommandSpec,
  args: readonly string[],
  { format, streams }: { readonly format: FormatName; readonly streams: Streams },
): Promise<ExitCode> {
  const isDocument = FORMATS[format].kind === 'document'
  // Where stdout has a line for each answer, a failure is one too.
  const layout = isBatch(args) || spec.name === 'watch' ? 'line' : 'whole'
  const empty = isBatch(args) ? {} : spec.emptyBody
  const stopping = new Stopping(streams)
  const release = catchEarly((code) => {
    // Ctrl-C is how a watch ends.
    const isUsual = spec.name === 'watch' && code === EXIT.interrupted
    void stopping.stop(isUsual ? EXIT.ok : code, { empty, format, layout })
  })
  const endSigns = showSignsOfLife(stopping.streams)
  try {
    const { parseArguments } = await import('./arguments/parse-arguments.ts')
    const { wholeAt } = await import('./arguments/whole-at.ts')
    const parsed = parseArguments(spec, args)
    if (parsed.kind === 'help') {
      streams.out(parsed.text)
      return saidAll(streams)
    }
    const whole = wholeAt(parsed.flags)
    const load = MODULES[spec.name]
    if (load === undefined) throw new Error(`no module for the command ${spec.name}`)
    const { folder, found } = await folderFor(spec, parsed)
    if (found === 'above' && !isDocument)
      streams.err(`the project is in ${folder}: files are named from there\n`)
    const command = await load()
    const outcome = await command.run({
      folder,
      accounts: flagList(parsed.flags, 'account'),
      format,
      isDocument,
      flags: { ...parsed.flags, ...ownArguments(spec, parsed.positionals) },
      streams: stopping.streams,
    })
    await noticeSignals()
    await stopping.ended()
    const { ended, present } = await import('./output/present.ts')
    return 'said' in outcome
      ? await ended({ ...outcome, diagnostics: [], texts: NO_TEXTS }, stopping.streams)
      : await present(outcome, stopping.streams, format, 'whole', whole)
  } catch (error) {
    await stopping.ended()
    const { failedOutcome, present } = await import('./output/present.ts')
    return present(failedOutcome(error, empty, streams), stopping.streams, format, layout)
  } finally {
    endSigns()
    release()
  }
}

/** Whether a command's result is read by a program even where a terminal shows it: breaking its lines would break it. */
const isForPrograms = (name: string | undefined, argv: readonly string[]): boolean =>
  name === 'completion' || name === 'serve' || name === 'audit export' || isBatch(argv)

const isBatch = (argv: readonly string[]): boolean => argv.some((word) => /^--batch(?:=|$)/.test(word))

/** What stands without a flag, but is no folder. */
function ownArguments({ positional }: CommandSpec, words: readonly string[]): Flags {
  const [first, second] = words
  switch (positional) {
    case 'shell':
      return { shell: first ?? '' }
    case 'file':
      return { file: first }
    case 'request':
      return { action: first, resource: second }
    case 'comparison':
      return { old: first, new: second }
    case 'entities':
      return { entities: words }
    case 'person':
      return { person: first }
    case 'folder':
      return {}
  }
}

/** What needs no project takes the current folder, or makes one there. */
async function folderFor(
  { positional, name }: CommandSpec,
  { positionals, flags }: { readonly positionals: readonly string[]; readonly flags: Flags },
): Promise<ProjectFolder> {
  const [first = null, second = null] = positionals
  const named = folderOf(positional === 'folder' ? first : positional === 'person' ? second : null, flags)
  if (name === 'init' || positional === 'shell' || flags.batch !== undefined || flags.ephemeral === true)
    return { folder: named ?? '.', found: 'here' }
  const { projectFolder } = await import('./opening/project-folder.ts')
  return projectFolder(named)
}

function folderOf(positional: string | null, flags: Flags): string | null {
  const dir = flagText(flags, 'dir')
  if (positional !== null && dir !== null && positional !== dir)
    throw new DiagnosticError(
      errorOf({
        code: 'cli.two-folders',
        message: `two IAM folders are named: \`${positional}\` and \`--dir ${dir}\``,
        help: 'name one of them',
      }),
    )
  return positional ?? dir
}

/** A command of two words is one name. Between them may stand what may stand before them. */
function namedCommand(words: readonly string[]): {
  readonly name: string | undefined
  readonly args: readonly string[]
} {
  const [first, ...rest] = words
  if (first === undefined || !FAMILIES.includes(first)) return { name: first, args: rest }
  const at = rest.findIndex((word) => !isRootFlag(word))
  const name = `${first} ${rest[at] ?? ''}`
  return COMMANDS.some((command) => command.name === name)
    ? { name, args: [...rest.slice(0, at), ...rest.slice(at + 1)] }
    : { name: first, args: rest }
}

const isRootFlag = (word: string): boolean => word === '--json' || word === '--no-color'

/** `iam-sync --json plan` is `iam-sync plan --json`. */
function withoutLeadingFlags(argv: readonly string[]): readonly string[] {
  const count = argv.findIndex((word) => !isRootFlag(word))
  if (count <= 0) return count === 0 ? argv : []
  return [...argv.slice(count, count + 1), ...argv.slice(0, count), ...argv.slice(count + 1)]
}

/** After `--`, words are positionals, whatever they look like. */
const beforeDashes = (argv: readonly string[]): readonly string[] => {
  const dashes = argv.indexOf('--')
  return dashes === -1 ? argv : argv.slice(0, dashes)
}
