import { type ChildProcess, spawn } from 'node:child_process'
import { BIN } from '../built.ts'

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

interface StartOptions extends RunOptions {
  /** An open file in place of the pipe that `out` is read from. */
  readonly out?: number | 'pipe'
}

/** Runs `iam-sync` with stdin closed (or with some input), as a script does. */
export async function iamSync(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = start(args, options)
  return finished(child, options.input)
}

export function start(args: readonly string[], { cwd, env, out = 'pipe' }: StartOptions = {}): ChildProcess {
  return spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '', IAM_SYNC_DEBUG: '', FORCE_COLOR: '', ...env },
    stdio: ['pipe', out, 'pipe'],
  })
}

export function finished(child: ChildProcess, input?: string): Promise<Ran> {
  let out = ''
  let err = ''
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    err += text
  })
  child.stdin?.on('error', () => {})
  child.stdin?.end(input ?? '')
  return new Promise((done, fail) => {
    child.on('error', fail)
    child.on('close', (code) => done({ code, out, err }))
  })
}

/** The one JSON document on stdout; throws if there is anything else. */
export const jsonOf = ({ out }: Ran) => JSON.parse(out)
