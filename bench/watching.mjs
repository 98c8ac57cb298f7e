// A watch that is told of edits, and what each of them costs it.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { FULL, generateAccount, writeAccount } from './generate.mjs'

/** Actions that no policy of the account names. */
const ADDED = [
  ...[
    'BatchGetTraces',
    'CreateGroup',
    'CreateSamplingRule',
    'DeleteGroup',
    'GetEncryptionConfig',
    'GetGroup',
  ],
  ...[
    'GetGroups',
    'GetInsight',
    'GetSamplingRules',
    'GetSamplingTargets',
    'GetServiceGraph',
    'GetTraceGraph',
  ],
  ...['GetTraceSummaries', 'PutTelemetryRecords', 'PutTraceSegments', 'UpdateGroup'],
]

/** What a watcher is told again and again: another tag of one user, or another action that a group's policy allows. */
const EDITS = {
  tag: {
    folder: 'users/',
    change: (text, tick) => text.replace(/employee: "\d+"/, `employee: "${900_000 + tick}"`),
    isTold: (line) => line.includes('TagUser'),
  },
  groupPolicy: {
    folder: 'groups/',
    change: (text, tick) => text.replace(/Action: \[/, `Action: [xray:${ADDED[tick % ADDED.length]}, `),
    isTold: (line) => line.includes('"verdict":"gained"'),
  },
}

/** Enough time for what was started by a tick, and for the system's own work on the file. */
const REST = 200

/** @returns milliseconds of processor time of a process so far: in hundredths of a second, as Linux tells it */
function spentBy(pid) {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const fields = rest.split(' ')
  return 10 * (Number(fields[11]) + Number(fields[12]))
}

/**
 * Applies a generated account and watches it.
 * @param cli the command's file
 * @param edit a name of `EDITS`
 * @returns `tick`: saves the next edit and says how many milliseconds of processor time it took
 */
export async function openWatch(cli, edit, sizes = FULL) {
  if (!existsSync('/proc/self/stat'))
    throw new Error('the processor time of a running process: only on Linux')
  const { folder: within, change, isTold } = EDITS[edit]
  const folder = mkdtempSync(join(tmpdir(), 'iam-sync-watching-'))
  const project = join(folder, 'project')
  const files = generateAccount(sizes)
  writeAccount(project, files)
  const env = { ...process.env, CI: '', IAM_SYNC_CACHE: join(folder, 'cache') }
  const { status } = spawnSync(process.execPath, [cli, 'apply', project, '--yes', '--json'], {
    env,
    stdio: 'ignore',
  })
  if (status !== 0) throw new Error(`apply ended with ${status}`)
  const watch = spawn(process.execPath, [cli, 'watch', project, '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const lines = createInterface({ input: watch.stdout })[Symbol.asyncIterator]()
  await lines.next()
  const edited = [...files.keys()].find(
    (path) => path.startsWith(within) && change(files.get(path), 0) !== files.get(path),
  )
  let next = 0
  return {
    async tick() {
      await new Promise((done) => setTimeout(done, REST))
      const before = spentBy(watch.pid)
      writeFileSync(join(project, edited), change(files.get(edited), next++))
      const { value, done } = await lines.next()
      if (done || !isTold(value)) throw new Error(`a tick without the change: ${String(value).slice(0, 500)}`)
      await new Promise((done) => setTimeout(done, REST))
      return spentBy(watch.pid) - before
    },
    close() {
      watch.kill('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
