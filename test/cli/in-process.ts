import { join, sep } from 'node:path'
import type { Streams } from '../../src/cli/output/streams.ts'
import { main } from '../../src/cli/program.ts'
import { NOT_A_TERMINAL } from './no-terminal.ts'
import type { Ran } from './run.ts'

/**
 * Runs a command in this process, as `iam-sync` does with stdin closed: the same flags, outcome and output, without
 * starting a process for each question.
 * @param args the words after `iam-sync`
 */
export async function runHere(...args: readonly string[]): Promise<Ran> {
  let out = ''
  let err = ''
  const streams: Streams = {
    ...NOT_A_TERMINAL,
    out: (text) => {
      out += text
    },
    outAll: async (bytes) => {
      out += Buffer.from(bytes).toString()
    },
    err: (text) => {
      err += text
    },
  }
  const code = await main(args, () => streams)
  return { code, out, err }
}

/**
 * The same, as if it was run in a folder: words that are names of files (`sets.yaml`, `gaad:account.json`) get its path, and what is
 * said has the names as they were given.
 */
export async function runIn(folder: string, ...args: readonly string[]): Promise<Ran> {
  const ran = await runHere(
    ...args.map((word) =>
      word.replace(/^((?:[a-z]+:)?)([\w-]+\.(?:jsonl?|yaml))/, (_, kind, name) => kind + join(folder, name)),
    ),
  )
  const asGiven = (text: string) => text.replaceAll(folder + sep, '')
  return { ...ran, out: asGiven(ran.out), err: asGiven(ran.err) }
}
