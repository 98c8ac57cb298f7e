import { createInterface, type Interface } from 'node:readline'

/** Asks for codes on the terminal, on stderr. */
interface CodePrompt {
  /** @returns null: the input has ended, or a signal came */
  readonly ask: () => Promise<readonly [string, string] | null>
  readonly close: () => void
}

/** Opens the terminal's input when it first asks; lines that come before they are asked for wait. @param signal aborts on Ctrl-C */
export function codePrompt(signal: AbortSignal): CodePrompt {
  let terminal: Interface | null = null
  const lines: string[] = []
  let hasEnded = signal.aborted
  let onChange: () => void = () => {}
  const end = () => {
    hasEnded = true
    onChange()
  }
  signal.addEventListener('abort', end, { once: true })
  const opened = (): Interface => {
    const input = createInterface({ input: process.stdin, output: process.stderr, historySize: 0 })
    input.on('line', (line) => {
      lines.push(line.trim())
      onChange()
    })
    // Ctrl-D. Ctrl-C arrives here while the terminal is in raw mode.
    input.on('close', end)
    // A terminal that is gone fails to be read, which nobody else would catch.
    input.on('error', end)
    input.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    return input
  }
  const askLine = async (question: string): Promise<string | null> => {
    if (!hasEnded) {
      terminal ??= opened()
      terminal.setPrompt(question)
      terminal.prompt()
    }
    while (lines.length === 0 && !hasEnded)
      await new Promise<void>((resolve) => {
        onChange = resolve
      })
    const line = signal.aborted ? undefined : lines.shift()
    // What comes next doesn't stand behind the question.
    if (line === undefined && !signal.aborted) process.stderr.write('\n')
    return line ?? null
  }
  return {
    ask: async () => {
      const first = await askLine('The code that the app shows: ')
      const second = first === null ? null : await askLine('The next one, once it has changed: ')
      return first === null || second === null ? null : [first, second]
    },
    close: () => {
      signal.removeEventListener('abort', end)
      terminal?.close()
    },
  }
}
