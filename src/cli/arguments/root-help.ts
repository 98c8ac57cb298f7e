import { COMMANDS, COMMANDS_TO_COME } from './command-table.ts'

/** `iam-sync --help`. Written here rather than by the parser, which this way loads only when there is something to parse. */
export function rootHelp(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length))
  return `iam-sync: identity and access management as code

Usage: iam-sync <command> [folder] [flags]

Commands:
${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

Flags:
  -h, --help     show this help; after a command, that command's
  -V, --version  print the version, and how old the facts about AWS are

Examples:
  $ iam-sync init iam
  $ iam-sync plan iam
  $ iam-sync apply iam
  $ iam-sync evaluate iam --principal user/alice --action s3:GetObject --resource arn:aws:s3:::example-data/x

Still to come: ${COMMANDS_TO_COME.join(', ')}.
`
}

/** `iam-sync access --help`. */
export function familyHelp(family: string): string {
  const members = COMMANDS.filter(({ name }) => name.startsWith(`${family} `))
  const width = Math.max(...members.map(({ name }) => name.length))
  return `Usage: iam-sync ${family} <command> [flags]

Commands:
${members.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

Examples:
${members.map(({ examples }) => `  $ ${examples[0]?.[0] ?? ''}`).join('\n')}
`
}
