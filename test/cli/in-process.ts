import type { CommandModule } from '../../src/cli/command.ts'
import { COMMANDS } from '../../src/cli/command-table.ts'
import { parseArguments } from '../../src/cli/parse-arguments.ts'
import { failedOutcome, present } from '../../src/cli/present.ts'
import type { Streams } from '../../src/cli/streams.ts'
import { NOT_A_TERMINAL } from './no-terminal.ts'
import type { Ran } from './run.ts'

/**
 * Runs a command in this process, as `iam-sync` does with stdin closed: the same flags, outcome and output, without
 * starting a process for each question.
 * @param args a command's name and what follows it; the folder as `--dir`
 */
export async function runHere(...args: readonly string[]): Promise<Ran> {
  const spec = COMMANDS.find(({ name }) => name === args[0] || name === `${args[0]} ${args[1]}`)
  if (spec === undefined) throw new Error(`no command ${args[0]}`)
  const own = args.slice(spec.name.split(' ').length)
  const json = own.includes('--json')
  let out = ''
  let err = ''
  const streams: Streams = {
    ...NOT_A_TERMINAL,
    out: (text) => {
      out += text
    },
    outAll: async (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
  }
  const code = await runIn(streams)
  return { code, out, err }

  async function runIn(streams: Streams): Promise<number> {
    if (spec === undefined) throw new Error('no command')
    try {
      const parsed = parseArguments(spec, own)
      if (parsed.kind === 'help') {
        streams.out(parsed.text)
        return 0
      }
      const command = (await import(
        `../../src/cli/commands/${spec.name.replace(' ', '-')}.ts`
      )) as CommandModule
      const [first, second] = parsed.positionals
      const given = {
        request: { action: first, resource: second },
        comparison: { old: first, new: second },
        shell: { shell: first ?? '' },
        folder: {},
        none: {},
      }[spec.positional]
      const { dir, account } = parsed.flags
      const outcome = await command.run({
        folder: typeof dir === 'string' ? dir : '.',
        accounts: Array.isArray(account) ? account : [],
        json,
        flags: { ...parsed.flags, ...given },
        streams,
      })
      return 'said' in outcome ? outcome.exitCode : present(outcome, streams, { json })
    } catch (error) {
      return present(failedOutcome(error, spec.emptyBody, streams), streams, { json })
    }
  }
}
