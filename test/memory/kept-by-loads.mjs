// Prints how many bytes a loaded project keeps for each character of its files, in a process of its own: what else a process has
// loaded before changes how objects are laid out. To be run with `--expose-gc`, on what the build made.
import { MANIFEST_KINDS } from '../../dist/src/kinds/manifest.js'
import { LoadMemory } from '../../dist/src/manifest/cache/load-memory.js'
import { loadProject } from '../../dist/src/manifest/load-project.js'

const PROJECT = `version: 1
accounts:
  big:
    id: "111122223333"
    target: { kind: local, database: big.db }
`
const userText = (nth) => `  user-${nth}:
    path: /team-${nth % 7}/
    groups: [group-${nth % 20}, group-${(nth * 3) % 20}]
    tags: { team: team-${nth % 9}, employee: "${nth}" }
    inlinePolicies:
      own:
        Version: "2012-10-17"
        Statement:
          - Sid: S1
            Effect: Allow
            Action: [s3:GetObject, s3:PutObject]
            Resource: ["arn:aws:s3:::bucket-${nth % 30}/*"]
`
const numbers = (count) => Array.from({ length: count }, (_, nth) => nth)
const files = new Map([
  ['iam-sync.yaml', PROJECT],
  [
    'groups.yaml',
    `groups:\n${numbers(20)
      .map((nth) => `  group-${nth}: {}\n`)
      .join('')}`,
  ],
  ...numbers(8).map((file) => [
    `users-${file}.yaml`,
    `users:\n${numbers(250)
      .map((nth) => userText(250 * file + nth))
      .join('')}`,
  ]),
])
const characters = [...files.values()].reduce((sum, text) => sum + text.length, 0)

const facts = { arnOf: () => null, names: () => [], has: () => false }
const load = (memory) => loadProject({ kinds: MANIFEST_KINDS, files, facts, memory })

const ROUNDS = 3

/** The heap's bytes once nothing more can be collected: also what is only held until the present turn ends, and what takes several
 * collections (code that is not used any more, what hangs on weak references). */
async function settledHeap() {
  let bytes = Number.POSITIVE_INFINITY
  for (let unchanged = 0; unchanged < 3; ) {
    await new Promise((done) => {
      setImmediate(done)
    })
    globalThis.gc()
    const now = process.memoryUsage().heapUsed
    unchanged = now < bytes - 1024 ? 0 : unchanged + 1
    bytes = Math.min(bytes, now)
  }
  return bytes
}

/** What each of some loads adds to those before it, which all stay in use; the middle of them, since what an earlier part of the
 * process left behind may go at any time.
 * @param cache as it is filled by an earlier load; null: every file is parsed */
async function keptPerCharacter(cache) {
  const held = []
  const added = []
  let before = await settledHeap()
  for (let round = 0; round < ROUNDS; round++) {
    held.push(load(new LoadMemory(cache)))
    const after = await settledHeap()
    added.push((after - before) / characters)
    before = after
  }
  // Still in use.
  if (!held.every((loaded) => loaded.project.accounts.length === 1)) throw new Error('not loaded')
  return added.toSorted((one, other) => one - other)[Math.floor(ROUNDS / 2)]
}

const entries = new Map()
const cache = {
  get: (hash) => entries.get(hash) ?? null,
  put: (hash, value) => {
    entries.set(hash, value)
  },
}
load(new LoadMemory(cache))
const parsed = await keptPerCharacter(null)
const cached = await keptPerCharacter(cache)
console.log(JSON.stringify({ parsed, cached }))
