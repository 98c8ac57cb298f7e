import { createInterface } from 'node:readline/promises'
import type { Streams } from '../output/streams.ts'

export type Consent = 'given' | 'refused' | 'interrupted' | 'cannot-ask'

/**
 * Asks on the terminal, on stderr, since stdout carries the result.
 * @param signal aborts on Ctrl-C
 * @returns `cannot-ask` where nobody could answer
 */
export async function askConsent(question: string, streams: Streams, signal: AbortSignal): Promise<Consent> {
  if (!streams.inIsTerminal || !streams.errIsTerminal) return 'cannot-ask'
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      // Ctrl-C arrives here while the terminal is in raw mode; Ctrl-D closes the input.
      terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
      terminal.once('close', () => resolve(''))
      terminal.question(`${question} [y/N] `, { signal }).then(resolve, reject)
    })
    return /^y(?:es)?$/i.test(answer.trim()) ? 'given' : 'refused'
  } catch (error) {
    if (signal.aborted) return 'interrupted'
    throw error
  } finally {
    terminal.close()
  }
}
