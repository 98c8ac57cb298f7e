// The comment on a pull request of 5,000 changes, made anew of examples/reviews/five-thousand-changes and compared with the one that
// stands there; ends with 1 where they differ, or where it is no comment that GitHub would take.
//
//   node test/soak/large-review.mjs [--update]
import { spawnSync } from 'node:child_process'
import fs, { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import git from 'isomorphic-git'

const root = fileURLToPath(new URL('../..', import.meta.url))
const example = join(root, 'examples/reviews/five-thousand-changes')
const golden = join(example, 'comment.md')
/** 5,000 changed entities: the group of twelve is widened, and of the users so many are no members. */
const VERDICT = '🔴 12 gain · 3 deletes · 4987 without effect'

const node = (...args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (status !== 0) throw new Error(`${args[1]} ended with ${status}: ${stderr.slice(-2000)}`)
  return stdout
}

const work = realpathSync(mkdtempSync(join(tmpdir(), 'iam-sync-large-review-')))
try {
  node(join(example, 'generate.mjs'), work)
  const dir = join(work, 'before')
  const author = { name: 'Tester', email: 'tester@example.com', timestamp: 1_700_000_000, timezoneOffset: 0 }
  await git.init({ fs, dir, defaultBranch: 'main' })
  for (const filepath of ['iam-sync.yaml', 'iam/operators.yaml', 'iam/people.yaml'])
    await git.add({ fs, dir, filepath })
  await git.commit({ fs, dir, message: 'before', author })
  cpSync(join(work, 'after'), dir, { recursive: true })
  const cli = join(root, 'dist/bin/iam-sync.js')
  const start = performance.now()
  const comment = node(cli, 'plan', dir, '--against', 'git:main', '--format', 'markdown')
  const bytes = Buffer.byteLength(comment)
  console.log(`${bytes} bytes in ${((performance.now() - start) / 1000).toFixed(1)} s`)
  if (process.argv.includes('--update')) writeFileSync(golden, comment)
  const problems = [
    ...(comment.startsWith(`${VERDICT}\n`) ? [] : [`the verdict is ${comment.split('\n')[0]}`]),
    ...(comment.slice(0, 2000).includes('TerminateInstances')
      ? []
      : ['what matters is not at its beginning']),
    ...(bytes <= 60_000 ? [] : ['it is too long']),
    ...(comment === readFileSync(golden, 'utf8') ? [] : [`it is not ${golden}`]),
  ]
  for (const problem of problems) console.log(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
} finally {
  rmSync(work, { recursive: true, force: true })
}
