import { DiagnosticError, didYouMean, errorOf } from '../diagnostics/index.ts'
import { COMMANDS, type CommandSpec } from './command-table.ts'
import type { FlagSpec } from './flag-specs.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const

/**
 * @returns a script for the shell, made from the command table
 * @throws DiagnosticError `cli.unknown-shell`
 */
export function completionScript(shell: string): string {
  switch (shell) {
    case 'bash':
      return bash()
    case 'zsh':
      return zsh()
    case 'fish':
      return fish()
    default:
      throw new DiagnosticError(
        errorOf({
          code: 'cli.unknown-shell',
          message: shell === '' ? 'no shell is named' : `there is no completion for \`${shell}\``,
          help: didYouMean(shell, SHELLS, 'write `bash`, `zsh` or `fish`'),
        }),
      )
  }
}

const longOf = (flag: FlagSpec): string => flag.flags.split(/[ ,]/)[0] ?? flag.flags
const takesValue = (flag: FlagSpec): boolean => flag.flags.includes('<')
const flagsOf = (command: CommandSpec): readonly string[] => [...command.flags.map(longOf), '--help']

const bash = (): string => `# iam-sync completion for bash
_iam_sync() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} flags=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${COMMANDS.map(({ name }) => name).join(' ')} --help --version" -- "$current"))
    return
  fi
  case "$previous" in
${uniqueFlags()
  .filter((flag) => flag.values !== undefined)
  .map(
    (flag) =>
      `    ${longOf(flag)}) COMPREPLY=($(compgen -W "${flag.values?.join(' ')}" -- "$current")); return ;;`,
  )
  .join('\n')}
    --dir) COMPREPLY=($(compgen -d -- "$current")); return ;;
  esac
  case "\${COMP_WORDS[1]}" in
${COMMANDS.map((command) => `    ${command.name}) flags="${(command.positional === 'shell' ? SHELLS : flagsOf(command)).join(' ')}" ;;`).join('\n')}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$current")) ;;
    *) if [ "\${COMP_WORDS[1]}" = completion ]; then COMPREPLY=($(compgen -W "$flags" -- "$current")); else COMPREPLY=($(compgen -d -- "$current")); fi ;;
  esac
}
complete -F _iam_sync iam-sync
`

const zsh = (): string => `#compdef iam-sync
# iam-sync completion for zsh
_iam-sync() {
  local -a commands
  commands=(
${COMMANDS.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  case "\${words[2]}" in
${COMMANDS.map(
  (command) => `    ${command.name})
      _arguments ${[
        ...command.flags.map(zshFlag),
        ...(command.positional === 'shell'
          ? [`'2:shell:(${SHELLS.join(' ')})'`]
          : command.positional === 'request'
            ? [`'2:action:'`, `'3:resource:'`]
            : [`'2:IAM folder:_files -/'`]),
      ].join(' \\\n        ')} ;;`,
).join('\n')}
  esac
}
compdef _iam-sync iam-sync
`

function zshFlag(flag: FlagSpec): string {
  const value = flag.values === undefined ? '_files' : `(${flag.values.join(' ')})`
  const argument = takesValue(flag) ? `:value:${value}` : ''
  return `'${flag.repeatable === true ? '*' : ''}${longOf(flag)}[${quoted(flag.description)}]${argument}'`
}

const fish = (): string =>
  [
    '# iam-sync completion for fish',
    'complete -c iam-sync -f',
    ...COMMANDS.map(
      ({ name, summary }) =>
        `complete -c iam-sync -n __fish_use_subcommand -a ${name} -d '${quoted(summary)}'`,
    ),
    ...COMMANDS.flatMap((command) => [
      ...(command.positional === 'request'
        ? []
        : [
            `complete -c iam-sync -n '__fish_seen_subcommand_from ${command.name}' -a '${command.positional === 'shell' ? SHELLS.join(' ') : '(__fish_complete_directories)'}'`,
          ]),
      ...command.flags.map(
        (flag) =>
          `complete -c iam-sync -n '__fish_seen_subcommand_from ${command.name}' -l ${longOf(flag).slice(2)}${takesValue(flag) ? ' -r' : ''}${flag.values === undefined ? '' : ` -a '${flag.values.join(' ')}'`} -d '${quoted(flag.description)}'`,
      ),
    ]),
    '',
  ].join('\n')

const uniqueFlags = (): readonly FlagSpec[] => [
  ...new Map(COMMANDS.flatMap(({ flags }) => flags).map((flag) => [longOf(flag), flag])).values(),
]

/** Inside single quotes and square brackets of a shell's own language. */
const quoted = (text: string): string =>
  text.replaceAll("'", '’').replaceAll('[', '(').replaceAll(']', ')').replaceAll(':', ' -')
