import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import '../built.ts'

export const BIN = join(import.meta.dirname, '../../dist/bin/iam-sync.js')

/** Whether Debian's package, or `pip install boto3`, is there. */
export const HAS_BOTO3 = spawnSync('python3', ['-c', 'import boto3']).status === 0

/** What clients take credentials of a root user from, and nothing else of this machine. */
export const awsEnvironment = ({
  accessKeyId,
  secretAccessKey,
}: Pick<ServeProcess, 'accessKeyId' | 'secretAccessKey'>): NodeJS.ProcessEnv => ({
  ...process.env,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
})

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
