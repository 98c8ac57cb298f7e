import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { BIN } from '../built.ts'

/** A fenced block of a page: what stands after the fence, and its text. */
interface Block {
  readonly info: string
  readonly text: string
}

interface ShownCommand {
  readonly command: string
  readonly output: string
}

export const blocksOf = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    info: match[1] ?? '',
    text: match[2] ?? '',
  }))

/** `$ command` lines with the output that follows each. */
export const commandsOf = (text: string): readonly ShownCommand[] =>
  text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n')
      return { command: part.slice(0, end), output: part.slice(end + 1) }
    })

/** What a command prints, as a reader sees it, in a folder where `iam-sync` is the built one. */
export class Shell {
  readonly #bin = mkdtempSync(path.join(tmpdir(), 'iam-sync-bin-'))

  constructor() {
    mkdirSync(this.#bin, { recursive: true })
    symlinkSync(BIN, path.join(this.#bin, 'iam-sync'))
  }

  run(command: string, cwd: string): string {
    const env = { ...process.env, PATH: `${this.#bin}${path.delimiter}${process.env.PATH}`, NO_COLOR: '1' }
    return spawnSync('bash', ['-c', `{ ${command}; } 2>&1`], { cwd, env, encoding: 'utf8' }).stdout.trimEnd()
  }

  close(): void {
    rmSync(this.#bin, { recursive: true, force: true })
  }
}
