import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import '../built.ts'

export const BIN = join(import.meta.dirname, '../../dist/bin/iam-sync.js')

/** A real `serve`, as whoever starts it sees it. */
export interface ServeProcess {
  readonly endpoint: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly bearerToken: string
  /** What it has logged. */
  readonly log: () => string
  /** Ends it as a service manager does. @returns its exit code */
  stop(): Promise<number | null>
  /** Ends it as a power cut does. */
  kill(): Promise<void>
}

/** @param flags absent: of an account in memory */
export async function startServe(
  flags: readonly string[] = ['--ephemeral'],
  environment: Readonly<Record<string, string>> = {},
): Promise<ServeProcess> {
  const child: ChildProcess = spawn(process.execPath, [BIN, 'serve', '--port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  if (child.stdout === null || child.stderr === null) throw new Error('serve has no streams')
  let log = ''
  child.stderr.on('data', (chunk) => {
    log += String(chunk)
  })
  const ended = once(child, 'exit')
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(() => Promise.reject(new Error(`serve ended: ${log}`))),
  ])) as [string]
  return {
    ...JSON.parse(line),
    log: () => log,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    stop: async () => {
      child.kill('SIGTERM')
      const [code] = (await ended) as [number | null]
      return code
    },
  }
}
