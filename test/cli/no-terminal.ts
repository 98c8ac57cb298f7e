import type { Streams } from '../../src/cli/output/streams.ts'

/** What a command is told of its streams when a script runs it. */
export const NOT_A_TERMINAL: Omit<Streams, 'out' | 'outAll' | 'err'> = {
  outIsTerminal: false,
  errIsTerminal: false,
  inIsTerminal: false,
  outColor: false,
  errColor: false,
  readerGone: new AbortController().signal,
  outWritten: async () => null,
}
