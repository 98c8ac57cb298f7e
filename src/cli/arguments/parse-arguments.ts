import { Command, CommanderError, Option } from 'commander'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { INPUT_WORDS } from '../../intake/inputs.ts'
import type { Flags } from '../command.ts'
import type { CommandSpec } from './command-spec.ts'
import { refuseTwoFormats } from './format-flag.ts'
import { usageDiagnostic } from './usage-error.ts'

export type ParsedArguments =
  | { readonly kind: 'help'; readonly text: string }
  | {
      readonly kind: 'run'
      readonly positionals: readonly string[]
      readonly flags: Flags
    }

/**
 * @param args what follows the command's name
 * @throws DiagnosticError with `cli.…` codes on bad usage
 */
export function parseArguments(spec: CommandSpec, args: readonly string[]): ParsedArguments {
  let help = ''
  const command = commandOf(spec).configureOutput({
    writeOut: (text) => {
      help += text
    },
    writeErr: () => {},
  })
  const given = valuesGiven(command, spec)
  try {
    command.parse([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.code === 'commander.helpDisplayed') return { kind: 'help', text: help }
    refuseSwallowedFlag(spec, args)
    throw new DiagnosticError(usageDiagnostic(error, spec, args))
  }
  refuseSwallowedFlag(spec, args)
  const flags = command.opts<Flags>()
  refuseTwoFormats(flags)
  refuseTwoValues(given)
  return {
    kind: 'run',
    positionals: command.args,
    flags: checked(flags),
  }
}

function commandOf(spec: CommandSpec): Command {
  const command = new Command(`iam-sync ${spec.name}`)
    .description(spec.description)
    .exitOverride()
    .allowExcessArguments(false)
    .helpOption('-h, --help', 'show this help')
    // A fixed width when piped: commander would ask the terminal otherwise.
    .configureHelp({ helpWidth: process.stdout.isTTY === true ? (process.stdout.columns ?? 100) : 100 })
    .addHelpText('after', `\nExamples:\n${exampleLines(spec)}`)
  if (spec.positional === 'folder')
    command.argument('[folder]', 'the IAM folder, which holds iam-sync.yaml (default: this one)')
  else if (spec.positional === 'file') command.argument('<file>', 'the backup')
  else if (spec.positional === 'request')
    command
      .argument('<action>', 'service:Action')
      .argument('<resource>', 'an ARN, or * for actions without one')
  else if (spec.positional === 'comparison')
    command
      .argument(
        '<old>',
        `desired, observed, git:REF, ${INPUT_WORDS.join(', ')}, or a policy file; empty: no policy`,
      )
      .argument('[new]', 'the same; both are states, or both are files')
  else if (spec.positional === 'entities')
    command.argument('[entities...]', 'declared ones, as user/NAME, role/NAME, group/NAME, …')
  else if (spec.positional === 'person')
    command
      .argument('<user>', 'a user of the target, as alice or user/alice')
      .argument('[folder]', 'the IAM folder, which holds iam-sync.yaml (default: this one)')
  else if (spec.positional === 'shell') command.argument('[shell]', 'bash, zsh or fish')
  for (const { flags, description, repeatable, values, default: initial } of spec.flags) {
    const option = new Option(flags, description)
    if (repeatable === true)
      option.argParser((value: string, before: readonly string[] = []) => [...before, value])
    if (values !== undefined) option.choices([...values])
    if (initial !== undefined) option.default(initial)
    command.addOption(option)
  }
  return command
}

/** What each flag that takes one value is given, by the flag; filled while the command is parsed. */
function valuesGiven(command: Command, { flags }: CommandSpec): ReadonlyMap<string, ReadonlySet<string>> {
  const given = new Map<string, Set<string>>()
  for (const { flags: form, repeatable } of flags) {
    const [flag = '', value] = form.split(' ')
    if (value === undefined || repeatable === true) continue
    const values = new Set<string>()
    given.set(flag, values)
    command.on(`option:${flag.replace(/^--/, '')}`, (each: string) => values.add(each))
  }
  return given
}

/** Commander takes the last: a question would be answered that isn't all of what was asked. */
function refuseTwoValues(given: ReadonlyMap<string, ReadonlySet<string>>): void {
  const twice = [...given].filter(([, values]) => values.size > 1)
  if (twice.length === 0) return
  throw new DiagnosticError(
    twice.map(([flag, values]) =>
      errorOf({
        code: 'cli.two-values',
        message: `\`${flag}\` takes one value, and has ${[...values].map((each) => `\`${each}\``).join(' and ')}`,
        help: 'leave one of them out; what is asked of both is asked twice',
      }),
    ),
  )
}

const exampleLines = ({ examples }: CommandSpec): string =>
  examples.map(([command, meaning]) => `  $ ${command}\n      ${meaning}`).join('\n')

/**
 * A flag of the command where the value of another should stand: commander takes it for that value, and the question asked
 * would be another one. Such a value can be given as `--flag=--value`.
 */
function refuseSwallowedFlag({ name, flags }: CommandSpec, args: readonly string[]): void {
  const wanting = new Map(
    flags.flatMap(({ flags: form }) => {
      const [flag = '', value] = form.split(' ')
      return value?.startsWith('<') ? [[flag, form] as const] : []
    }),
  )
  const known = new Set(flags.map(({ flags: form }) => form.split(' ')[0]))
  for (const [index, arg] of args.entries()) {
    if (arg === '--') return
    const form = wanting.get(arg)
    const value = args[index + 1]?.split('=')[0]
    if (form !== undefined && value !== undefined && known.has(value))
      throw new DiagnosticError(
        errorOf({
          code: 'cli.missing-value',
          message: `\`${form}\` wants a value, and \`${value}\` is a flag`,
          help: `\`iam-sync ${name} --help\` shows an example`,
        }),
      )
  }
}

/** An empty value is a shell variable that isn't set, never what was meant. */
function checked(flags: Flags): Flags {
  for (const [name, value] of Object.entries(flags))
    if (value === '' || (Array.isArray(value) && value.includes('')))
      throw new DiagnosticError(
        errorOf({
          code: 'cli.empty-value',
          message: `the value of \`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}\` is empty`,
          help: 'leave the flag out, or give it a value',
        }),
      )
  return flags
}
