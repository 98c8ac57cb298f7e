import { CommanderError } from 'commander'
import { type Diagnostic, didYouMean, errorOf } from '../../diagnostics/index.ts'
import { inputNamed } from '../../intake/inputs.ts'
import { formatsOf, isFormat } from '../../report/formats/formats.ts'
import type { CommandSpec } from './command-spec.ts'
import { COMMANDS, COMMANDS_TO_COME, membersOf } from './command-table.ts'

/** Commander says what is wrong in English; here it becomes a coded problem with one line of help. */
export function usageDiagnostic(
  error: CommanderError,
  command: CommandSpec | null,
  args: readonly string[] = [],
): Diagnostic {
  const named = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  const helpOf = command === null ? '`iam-sync --help`' : `\`iam-sync ${command.name} --help\``
  const flags = ['--help', ...(command?.flags ?? []).map((flag) => flag.flags.split(' ')[0] ?? '')]
  switch (error.code) {
    case 'commander.unknownOption': {
      const flag = named.split('=')[0] ?? named
      return errorOf({
        code: 'cli.unknown-flag',
        message: `unknown flag \`${flag}\``,
        help: didYouMean(
          flag,
          command === null ? [...flags, '--version'] : flags,
          `${helpOf} lists the flags`,
        ),
      })
    }
    case 'commander.optionMissingArgument':
      return errorOf({
        code: 'cli.missing-value',
        message: `\`${named}\` wants a value`,
        help: `${helpOf} shows an example`,
      })
    case 'commander.missingArgument':
      return errorOf({
        code: 'cli.missing-argument',
        message: `the argument \`${named}\` is missing`,
        help:
          (command?.positional === 'comparison' ? comparisonHelp(args) : null) ??
          `${helpOf} shows an example`,
      })
    case 'commander.excessArguments':
      return errorOf({
        code: 'cli.too-many-arguments',
        message: 'there are more arguments than the command takes',
        help: `${isFolderNamedByFlag(command) ? 'the IAM folder is named with `--dir`; ' : ''}${helpOf} says what it takes; put what has spaces in quotes`,
      })
    case 'commander.invalidArgument': {
      const refused = command === null ? null : otherFormat(error.message, command)
      if (refused !== null) return refused
      return errorOf({
        code: 'cli.invalid-value',
        message: error.message
          .replace(/^error: /, '')
          .replace(/'([^']*)'/g, '`$1`')
          .replace(/\.$/, ''),
        help: `${helpOf} lists what can stand there`,
      })
    }
    default:
      return errorOf({
        code: 'cli.usage',
        message: error.message.replace(/^error: /, ''),
        help: `see ${helpOf}`,
      })
  }
}

/** Of a command whose arguments are other things, or any number of them. */
const isFolderNamedByFlag = (command: CommandSpec | null): boolean =>
  command !== null && !['folder', 'person', 'shell'].includes(command.positional)

/** A format that results of other commands have. @param message of the refusal of its value; null: it is about something else */
function otherFormat(message: string, { name, results }: CommandSpec): Diagnostic | null {
  const format = /option '--format <format>' argument '([^']*)'/.exec(message)?.[1]
  if (format === undefined || !isFormat(format)) return null
  const own = formatsOf(results).map((each) => `\`${each}\``)
  return errorOf({
    code: 'cli.no-such-form',
    message: `what \`${name}\` comes to has no form \`${format}\``,
    help: `it has ${own.slice(0, -1).join(', ')} and ${own.at(-1)}`,
  })
}

/** OLD stands alone. */
export const missingNew = (old: string): Diagnostic =>
  errorOf({
    code: 'cli.missing-argument',
    message: 'the argument `new` is missing',
    help: comparisonHelp([old]) ?? '`iam-sync access diff --help` shows an example',
  })

/** For one side of a comparison. */
function comparisonHelp(args: readonly string[]): string | null {
  const [only] = args.filter((word) => !word.startsWith('-'))
  if (only === undefined || only === 'desired') return null
  const input = inputNamed(only)
  if (input !== null)
    return `write what was and what is: \`iam-sync access diff ${input.kind.word}:OLD ${only}\``
  const ofTerraform = terraformHelp(only)
  if (ofTerraform !== null) return ofTerraform
  if (/\.(?:json|ya?ml)$/i.test(only) || only === 'empty')
    return 'write two policies, what was and what is: `iam-sync access diff before.json after.json`; a plan of Terraform is named `tfplan:FILE`'
  const state = only === 'observed' || /^[a-z]+:/.test(only) ? only : `git:${only}`
  return `write what was and what is: \`iam-sync access diff ${state} desired\``
}

/** For a file that Terraform keeps for itself. null: it isn't called as those are. */
export const terraformHelp = (word: string): string | null =>
  /\.tfstate(?:\.backup)?$/i.test(word)
    ? 'a state of Terraform says only what is: write a plan with `terraform plan -out=tfplan && terraform show -json tfplan > plan.json`, and compare with `iam-sync access diff tfplan:plan.json`'
    : /(?:^|[./\\])tfplan$/i.test(word)
      ? `write it as JSON with \`terraform show -json ${word} > plan.json\`, and compare with \`iam-sync access diff tfplan:plan.json\``
      : null

export function unknownCommand(name: string): Diagnostic {
  return errorOf({
    code: 'cli.unknown-command',
    message: `unknown command \`${name}\``,
    help: didYouMean(
      name,
      [...COMMANDS.map((command) => command.name), ...COMMANDS_TO_COME],
      '`iam-sync --help` lists the commands',
    ),
  })
}

/** The second word of a command of two is missing or unknown. */
export function unknownMember(family: string, member: string | null): Diagnostic {
  const members = membersOf(family)
  const commands = members.map((each) => `\`iam-sync ${family} ${each}\``)
  return errorOf({
    code: 'cli.unknown-command',
    message:
      member === null ? `\`${family}\` alone is no command` : `unknown command \`${family} ${member}\``,
    help: didYouMean(
      member ?? '',
      members,
      `write ${commands.slice(0, -1).join(', ')} or ${commands.at(-1)}`,
    ),
  })
}

/** What does most of it until then. */
const UNTIL_THEN: Readonly<Record<(typeof COMMANDS_TO_COME)[number], string>> = {
  drift:
    'it is planned; `iam-sync plan --exit-code` shows what somebody changed by hand, and ends with 2 where that is managed here',
  import:
    'it is planned; `iam-sync adopt` writes into the YAML what declared entities hold beside it, and `--as-of gaad:FILE` asks an account that nobody has declared',
  lint: 'it is planned; `iam-sync validate` checks names and policies, and `iam-sync access check` proves what nobody may',
}

export const commandToCome = (name: (typeof COMMANDS_TO_COME)[number]): Diagnostic =>
  errorOf({
    code: 'cli.not-supported-yet',
    message: `the command \`${name}\` is not supported yet`,
    help: UNTIL_THEN[name],
  })

export const isHelp = (error: unknown): boolean =>
  error instanceof CommanderError &&
  (error.code === 'commander.helpDisplayed' || error.code === 'commander.help')

export const unknownRootFlag = (flag: string): Diagnostic =>
  errorOf({
    code: 'cli.unknown-flag',
    message: `unknown flag \`${flag}\``,
    help: didYouMean(
      flag,
      ['--help', '--version'],
      'flags stand after the command; `iam-sync --help` lists the commands',
    ),
  })
