// A watch that is told of edits, and what each of them costs it.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { generateAccount, writeAccount } from './generate.mjs'

/** Actions on objects that no policy of the account names: its groups' policies are about some buckets. */
const ADDED = [
  ...[
    'PutObjectLegalHold',
    'PutObjectRetention',
    'PutObjectTagging',
    'PutObjectVersionTagging',
    'RestoreObject',
  ],
  ...[
    'DeleteObjectTagging',
    'DeleteObjectVersionTagging',
    'PutObjectVersionAcl',
    'ReplicateDelete',
    'ReplicateTags',
  ],
].map((name) => `s3:${name}`)

const ALLOWED = /(Effect: Allow\n +Action: \[)/

const allowed = (action) => `
    inlinePolicies:
      watched:
        Version: "2012-10-17"
        Statement: [{ Effect: Allow, Action: [${action}], Resource: "*" }]`

/** What a watcher is told again and again: another tag of one user, or another action that a group's policy allows. */
const EDITS = {
  tag: {
    folder: 'users/',
    change: (text, tick) => text.replace(/employee: "\d+"/, `employee: "${900_000 + tick}"`),
    isTold: (line) => line.includes('TagUser'),
  },
  groupPolicy: {
    folder: 'groups/',
    change(text, tick) {
      const action = ADDED[tick % ADDED.length]
      // A small account's groups may have none that allows: then one gets it.
      return ALLOWED.test(text)
        ? text.replace(ALLOWED, `$1${action}, `)
        : text.replace(/managedPolicies: .*(?=\n\n)/, (line) => line + allowed(action))
    },
    isTold: (line) => line.includes('"verdict":"gained"'),
  },
}

/**
 * @param files texts by path, as `generateAccount` makes them
 * @param name of an edit
 * @returns the path of the file that it is about, `textAt` of each tick, and whether a line of a watch tells of it
 */
export function editOf(files, name) {
  const { folder, change, isTold } = EDITS[name]
  const fit = [...files].filter(([path, text]) => path.startsWith(folder) && change(text, 0) !== text)
  const [path, text] = fit.find(([, each]) => ALLOWED.test(each)) ?? fit[0]
  return { path, textAt: (tick) => change(text, tick), isTold }
}

/** Enough time for what was started by a tick, and for the system's own work on the file. */
const REST = 200

/** @returns milliseconds of processor time of a process so far, in hundredths of a second; null: only Linux tells it */
function spentBy(pid) {
  if (!existsSync('/proc/self/stat')) return null
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const fields = rest.split(' ')
  return 10 * (Number(fields[11]) + Number(fields[12]))
}

/**
 * Applies a generated account and watches it.
 * @param cli the command's file
 * @param name of an edit
 * @param files of the account, as `generateAccount` makes them
 * @returns `tick`: saves the next edit; milliseconds from the save to the line that tells of it, and of processor time
 *   (null where the system doesn't tell)
 */
export async function openWatch(cli, name, files = generateAccount()) {
  if (!existsSync('/proc/self/stat'))
    throw new Error('the processor time of a running process: only on Linux')
  const folder = mkdtempSync(join(tmpdir(), 'iam-sync-watching-'))
  const project = join(folder, 'project')
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
  const { path, textAt, isTold } = editOf(files, name)
  let next = 0
  return {
    async tick() {
      await new Promise((done) => setTimeout(done, REST))
      const before = spentBy(watch.pid)
      const start = performance.now()
      writeFileSync(join(project, path), textAt(next++))
      const { value, done } = await lines.next()
      const milliseconds = performance.now() - start
      if (done || !isTold(value)) throw new Error(`a tick without the change: ${String(value).slice(0, 500)}`)
      await new Promise((rested) => setTimeout(rested, REST))
      return { milliseconds, spent: before === null ? null : spentBy(watch.pid) - before }
    },
    close() {
      watch.kill('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
