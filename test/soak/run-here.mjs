// Runs commands of the build in this process, as `iam-sync … --json` does with stdin closed.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from '../../dist/src/cli/program.js'

// Nothing is written into the home of whoever runs this, and no cache is taken for what was read.
process.env.XDG_STATE_HOME = join(tmpdir(), 'iam-sync-soak-state')
process.env.IAM_SYNC_CACHE = 'off'

/** @returns the exit code and the keys of the one JSON document; what is thrown counts as a defect */
export async function runHere(...args) {
  let out = ''
  const streams = {
    out: (text) => {
      out += text
    },
    outAll: async (bytes) => {
      out += Buffer.from(bytes).toString()
    },
    err: () => {},
    outIsTerminal: false,
    errIsTerminal: false,
    inIsTerminal: false,
    outColor: false,
    errColor: false,
    readerGone: new AbortController().signal,
    outWritten: async () => null,
  }
  try {
    const code = await main(args, () => streams)
    return { code, ...JSON.parse(out) }
  } catch (error) {
    return {
      code: null,
      diagnostics: [
        { severity: 'error', code: 'internal', message: String(error?.stack ?? error), file: null },
      ],
    }
  }
}
