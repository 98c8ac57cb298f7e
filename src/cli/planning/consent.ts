import { createInterface } from 'node:readline/promises'
import { type Diagnostic, errorOf } from '../../diagnostics/index.ts'
import type { Streams } from '../output/streams.ts'

type Consent = 'given' | 'refused' | 'interrupted' | 'cannot-ask'

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

/** How a command says that it did nothing, since nobody agreed. */
interface WithoutConsent {
  /** Codes of its own. */
  readonly interrupted: string
  readonly declined: string
  readonly cannotAsk: string
  /** `nothing was written` */
  readonly nothing: string
  /** How to agree without being asked. */
  readonly help: string
}

/** @param isDocument the answer would stand in a document, for which nobody is asked */
export function noConsent(
  consent: Exclude<Consent, 'given'>,
  isDocument: boolean,
  { interrupted, declined, cannotAsk, nothing, help }: WithoutConsent,
): Diagnostic {
  switch (consent) {
    case 'interrupted':
      return errorOf({ code: interrupted, message: `${nothing}: a signal came before the answer` })
    case 'refused':
      return errorOf({ code: declined, message: `${nothing}: the answer was not yes` })
    case 'cannot-ask':
      return errorOf({
        code: cannotAsk,
        message: `${nothing}: ${isDocument ? 'with `--json` nobody is asked' : 'there is no terminal to ask on'}`,
        help,
      })
  }
}
