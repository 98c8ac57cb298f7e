import { DiagnosticError, didYouMean, errorOf } from '../../diagnostics/index.ts'
import { INPUT_PREFIXES } from '../../intake/inputs.ts'
import type { CommandSpec } from './command-spec.ts'
import { COMMANDS, FAMILIES, membersOf } from './command-table.ts'
import { completedBy, LISTS } from './completed-words.ts'
import type { FlagSpec } from './flag-specs.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

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
/** What may stand first. */
const firstWords = (): readonly (readonly [word: string, summary: string])[] => [
  ...COMMANDS.flatMap(({ name, summary }) => (name.includes(' ') ? [] : [[name, summary] as const])),
  ...FAMILIES.map(
    (family) =>
      [
        family,
        membersOf(family)
          .map((member) => `${family} ${member}`)
          .join(', '),
      ] as const,
  ),
]
const flagsOf = (command: CommandSpec): readonly string[] => [...command.flags.map(longOf), '--help']

const bash = (): string => `# iam-sync completion for bash
_iam_sync_words() {
  local word dir=""
  for word in "\${COMP_WORDS[@]:1}"; do
    if [ -f "$word/iam-sync.yaml" ]; then dir=$word; fi
  done
  "\${COMP_WORDS[0]}" completion --list "$1" \${dir:+--dir "$dir"} 2>/dev/null
}
_iam_sync() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} flags=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${firstWords()
      .map(([word]) => word)
      .join(' ')} --help --version" -- "$current"))
    return
  fi
  # Bash takes a colon for a word of its own: git:main is three.
  if [ "$previous" = git ] && [ "$current" = : ]; then previous=: current=""; fi
  local before=\${COMP_WORDS[COMP_CWORD-2]}
  if [ "$current" = : ]; then before=$previous previous=: current=""; fi
  case "$before$previous" in
    ${INPUT_PREFIXES.join('|')}) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  if [ "$previous" = : ]; then
    COMPREPLY=($(compgen -W "$(_iam_sync_words refs)" -- "$current"))
    return
  fi
  local command=\${COMP_WORDS[1]}
${FAMILIES.map(
  (family) => `  if [ "$command" = ${family} ]; then
    if [ "$COMP_CWORD" -eq 2 ]; then
      COMPREPLY=($(compgen -W "${membersOf(family).join(' ')} --help" -- "$current"))
      return
    fi
    command="${family} \${COMP_WORDS[2]}"
  fi`,
).join('\n')}
  case "$command $previous" in
${bashWords().join('\n')}
  esac
  case "$previous" in
${uniqueFlags().flatMap(bashValue).join('\n')}
  esac
  case "$command" in
${COMMANDS.map((command) => `    "${command.name}") flags="${(command.positional === 'shell' ? [...SHELLS, ...flagsOf(command)] : flagsOf(command)).join(' ')}" ;;`).join('\n')}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$current")) ;;
    *) case "$command" in
      completion) COMPREPLY=($(compgen -W "$flags" -- "$current")) ;;
${COMMANDS.flatMap(({ name, positional }) => (positional === 'entities' || positional === 'person' ? [`      "${name}") COMPREPLY=($(compgen -W "$(_iam_sync_words principals)" -- "$current")) ;;`] : [])).join('\n')}
      "access diff") COMPREPLY=($(compgen -W "desired observed git: ${INPUT_PREFIXES.join(' ')} empty" -- "$current") $(compgen -f -- "$current")) ;;
      *) COMPREPLY=($(compgen -d -- "$current")) ;;
    esac ;;
  esac
}
complete -F _iam_sync iam-sync
`

/** Words that a flag takes: of each command, since two may have different ones for flags of one name. */
function bashWords(): readonly string[] {
  const commands = new Map<string, string[]>()
  for (const { name, flags } of COMMANDS)
    for (const flag of flags) {
      const words = (flag.values ?? flag.offers)?.join(' ')
      if (words === undefined) continue
      const known = commands.get(words)
      const question = `"${name} ${longOf(flag)}"`
      if (known === undefined) commands.set(words, [question])
      else known.push(question)
    }
  return [...commands].map(
    ([words, questions]) =>
      `    ${questions.join('|')}) COMPREPLY=($(compgen -W "${words}" -- "$current")); return ;;`,
  )
}

/** What completes the value of a flag that has no few values of its own. */
function bashValue(flag: FlagSpec): readonly string[] {
  const value = flag.values === undefined ? completedBy(flag.flags) : null
  if (value === null) return []
  const words = value === 'folder' ? '-d' : value === 'file' ? '-f' : `-W "$(_iam_sync_words ${value})"`
  return [`    ${longOf(flag)}) COMPREPLY=($(compgen ${words} -- "$current")); return ;;`]
}

const zsh = (): string => `#compdef iam-sync
# iam-sync completion for zsh
${LISTS.map((list) => `_iam_sync_${list}() { compadd -- \${(f)"$(iam-sync completion --list ${list} 2>/dev/null)"} }`).join('\n')}
# What others wrote is a file behind a word.
_iam_sync_input() { compset -P '(${INPUT_PREFIXES.map((prefix) => prefix.slice(0, -1)).join('|')}):' && _files }
_iam_sync_compared() { _iam_sync_input || { _iam_sync_states; _files } }
_iam_sync_asked() { _iam_sync_input || { compadd -- plan target; compadd -S '' -- git: ${INPUT_PREFIXES.join(' ')} } }
_iam-sync() {
  local -a commands
  commands=(
${firstWords()
  .map(([word, summary]) => `    '${word}:${quoted(summary)}'`)
  .join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  # What follows the command is numbered from it.
  shift words; (( CURRENT-- ))
  local command=\${words[1]}
${FAMILIES.map(
  (family) => `  if [[ $command == ${family} ]]; then
    if (( CURRENT == 2 )); then
      compadd ${membersOf(family).join(' ')}
      return
    fi
    shift words; (( CURRENT-- ))
    command="${family} \${words[1]}"
  fi`,
).join('\n')}
  case "$command" in
${COMMANDS.map(
  (command) => `    "${command.name}")
      _arguments ${[...command.flags.map(zshFlag), ...zshPositionals(command)].join(' \\\n        ')} ;;`,
).join('\n')}
  esac
}
compdef _iam-sync iam-sync
`

function zshPositionals({ positional }: CommandSpec): readonly string[] {
  switch (positional) {
    case 'shell':
      return [`'1:shell:(${SHELLS.join(' ')})'`]
    case 'request':
      return ["'1:action:()'", "'2:resource:()'"]
    case 'comparison':
      return ['1:old:_iam_sync_compared', '2:new:_iam_sync_compared']
    case 'file':
      return ["'1:backup:_files'"]
    case 'entities':
      return ['"*:entity:_iam_sync_principals"']
    case 'person':
      return ["'1:user:_iam_sync_principals'", "'2:IAM folder:_files -/'"]
    case 'folder':
      return [`'1:IAM folder:_files -/'`]
  }
}

function zshFlag(flag: FlagSpec): string {
  const value = flag.values === undefined ? zshValue(flag) : `(${flag.values.join(' ')})`
  const argument = takesValue(flag) ? `:value:${value}` : ''
  return `'${flag.repeatable === true ? '*' : ''}${longOf(flag)}[${quoted(flag.description)}]${argument}'`
}

function zshValue(flag: FlagSpec): string {
  if (flag.offers !== undefined) return '_iam_sync_asked'
  const value = completedBy(flag.flags)
  if (value === null) return ''
  return value === 'folder' ? '_files -/' : value === 'file' ? '_files' : `_iam_sync_${value}`
}

const fish = (): string =>
  [
    '# iam-sync completion for fish',
    'complete -c iam-sync -f',
    ...firstWords().map(
      ([word, summary]) => `complete -c iam-sync -n __fish_use_subcommand -a ${word} -d '${quoted(summary)}'`,
    ),
    ...FAMILIES.flatMap((family) =>
      membersOf(family).map(
        (member) =>
          `complete -c iam-sync -n '__fish_seen_subcommand_from ${family}; and not __fish_seen_subcommand_from ${membersOf(family).join(' ')}' -a ${member}`,
      ),
    ),
    ...COMMANDS.flatMap((command) => {
      const condition = command.name
        .split(' ')
        .map((word) => `__fish_seen_subcommand_from ${word}`)
        .join('; and ')
      return [
        ...fishPositionals(command).map((words) => `complete -c iam-sync -n '${condition}' ${words}`),
        ...command.flags.map(
          (flag) =>
            `complete -c iam-sync -n '${condition}' -l ${longOf(flag).slice(2)}${takesValue(flag) ? ' -r' : ''}${fishValue(flag)} -d '${quoted(flag.description)}'`,
        ),
      ]
    }),
    '',
  ].join('\n')

const fishList = (list: string): string => `iam-sync completion --list ${list} 2>/dev/null`

function fishValue(flag: FlagSpec): string {
  const words = flag.values ?? flag.offers
  if (words !== undefined) return ` -f -a '${words.join(' ')}'`
  const value = completedBy(flag.flags)
  if (value === null) return takesValue(flag) ? ' -f' : ''
  if (value === 'file') return ' -F'
  return ` -f -a '(${value === 'folder' ? '__fish_complete_directories' : fishList(value)})'`
}

function fishPositionals({ positional }: CommandSpec): readonly string[] {
  switch (positional) {
    case 'shell':
      return [`-a '${SHELLS.join(' ')}'`]
    case 'comparison':
      return [`-F -a '(${fishList('states')})'`]
    case 'file':
      return ['-F']
    case 'entities':
    case 'person':
      return [`-a '(${fishList('principals')})'`]
    case 'folder':
      return ["-a '(__fish_complete_directories)'"]
    case 'request':
      return []
  }
}

const uniqueFlags = (): readonly FlagSpec[] => [
  ...new Map(COMMANDS.flatMap(({ flags }) => flags).map((flag) => [longOf(flag), flag])).values(),
]

/** Inside single quotes and square brackets of a shell's own language. */
const quoted = (text: string): string => text.replaceAll("'", '’').replaceAll('[', '(').replaceAll(']', ')')
