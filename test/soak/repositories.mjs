// Crafted repositories, read as whoever runs iam-sync on them would: `node test/soak/repositories.mjs [rounds] [seed]`, 2000
// unless told. Each has links of all kinds, odd names, ignore rules, submodules, and is cloned in one of the ways that
// there are; then some of it is left out, or replaced by what is no file. Held: the working tree and the commit of a clean
// tree are read alike; a committed manifest is read, or something is said; no secret stands in what is said; nothing out of
// the repository changes; nothing waits; and every failure has a code. Ends with 1 at the first seed that fails.
//
//   node test/soak/repositories.mjs 1 4711     the repository of one seed, kept, with its place
import { execFileSync, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { craft, dice, git, put, SECRET, spoil } from './crafted-repository.mjs'

const self = fileURLToPath(import.meta.url)
const built = (path) => import(new URL(`../../dist/src/${path}`, import.meta.url).href)
const [rounds = 2000, seed = 1] = process.argv.slice(2).map(Number)

/** So long a whole round may take before something is taken to wait for ever. */
const LIMIT_MILLISECONDS = 20_000

async function run() {
  const product = {
    ...(await built('source/directory.js')),
    ...(await built('source/git/git.js')),
    ...(await built('cli/program.js')),
  }
  const start = performance.now()
  const seen = new Map()
  for (let round = 0; round < rounds; round++) {
    process.send(seed + round)
    const outer = realpathSync(mkdtempSync(join(tmpdir(), 'iam-sync-repositories-')))
    try {
      await tryOne(seed + round, outer, product, (what) => seen.set(what, (seen.get(what) ?? 0) + 1))
    } catch (error) {
      console.error(`seed ${seed + round}, in ${outer}: ${error.stack ?? error}`)
      process.exit(1)
    }
    if (rounds === 1) console.log(outer)
    else rmSync(outer, { recursive: true, force: true })
  }
  const seconds = (performance.now() - start) / 1000
  const counts = [...seen].sort().map(([what, count]) => `${what} ${count}`)
  console.log(
    `${rounds} repositories from seed ${seed}: ${seconds.toFixed(0)} s, all fine\n${counts.join(', ')}`,
  )
  process.exit(0)
}

const CLONES = [
  ['clone', '-q'],
  ['clone', '-q', '--shared'],
  ['clone', '-q', '--depth', '1'],
  ['clone', '-q', '--filter=blob:none'],
  ['clone', '-q', '--no-local'],
]

async function tryOne(seed, outer, product, count) {
  const random = dice(seed)
  const { chance, pick } = random
  const origin = join(outer, 'origin')
  const victim = join(outer, 'victim')
  put(victim, 'mail.yaml', SECRET)
  put(victim, 'cache/x', 'x')
  mkdirSync(origin)
  git(origin, 'init', '-q')
  git(origin, 'config', 'uploadpack.allowFilter', 'true')
  if (chance(0.3)) {
    craft(origin, random)
    git(origin, 'add', '.')
    git(origin, 'commit', '-qm', 'first')
    // What is ignored now need not be so afterwards, and would be no secret then.
    git(origin, 'clean', '-ffdxq')
  }
  const isForced = craft(origin, random)
  if (chance(0.2)) {
    mkdirSync(join(origin, 'iam/.iam-sync'), { recursive: true })
    symlinkSync(
      '../../../victim',
      join(
        origin,
        'iam/.iam-sync',
        pick(['cache', 'production.db', 'production.db-wal', 'production.db.lock']),
      ),
    )
  }
  git(origin, 'add', ...(isForced ? ['-f'] : []), '.')
  if (chance(0.15)) {
    const module = join(outer, 'module')
    put(module, pick(['a.yaml', 'src/a.c', 'p.json', 'deep/b.yml']), 'users: { module: {} }\n')
    git(module, 'init', '-q')
    git(module, 'add', '.')
    git(module, 'commit', '-qm', 'module')
    git(origin, 'submodule', '--quiet', 'add', module, 'iam/module')
    count('submodule')
  }
  git(origin, 'commit', '-qm', 'second', '--allow-empty')
  const clone = pick(CLONES)
  const source = clone.includes('--shared') || clone.length === 2 ? origin : `file://${origin}`
  git(outer, ...clone, source, 'clone')
  const root = join(outer, 'clone')
  count(clone.slice(2).join(' ') || 'clone')
  if (existsSync(join(root, '.gitmodules')) && chance(0.6))
    git(root, 'submodule', '--quiet', 'update', '--init')
  if (chance(0.2)) git(root, 'update-index', '--index-version', pick(['2', '3', '4']))
  if (chance(0.1)) git(root, 'update-index', '--split-index')
  const iam = join(root, 'iam')
  const untouched = fingerprint(victim)

  const committed = await reading(async () => (await product.readCommit(iam, 'HEAD')).source)
  const clean = await reading(async () => product.readDirectory(iam))
  same(shown(clean), shown(committed), 'the working tree and its commit differ')
  silent([clean, committed])
  const wanted = manifestsOf(root)
  complete(wanted, clean)
  count(clean.problems.length === 0 ? 'sound' : 'with problems')
  if (clean.problems.length === 0) {
    const { dirty } = await product.provenanceOf(iam, clean.source)
    same(dirty, false, 'a clean tree is dirty')
  }

  spoil(root, random, count)
  const spoiled = await reading(async () => product.readDirectory(iam))
  silent([spoiled])
  complete(wanted, spoiled)
  silent([
    await reading(
      async () => (await product.readCommit(iam, pick(['HEAD', 'HEAD~1', 'main', 'origin/main']))).source,
    ),
  ])
  if (chance(0.15)) {
    count('applied')
    for (const args of [
      ['validate', iam],
      ['apply', iam, '--yes', '--json'],
    ]) {
      const { code, text } = await commanded(product.main, args)
      if (![0, 1, 3, 4, 5].includes(code)) throw new Error(`${args[0]} ended with ${code}\n${text}`)
      if (text.includes('internal')) throw new Error(`${args[0]}: ${text}`)
      if (text.includes('TOKEN')) throw new Error(`${args[0]} shows a secret: ${text}`)
    }
  }
  same(fingerprint(victim), untouched, 'something out of the repository has changed')
}

/** What was read, or why it was not: every failure must be one of those that have a code. */
async function reading(read) {
  try {
    const source = await read()
    return { source, problems: [...source.diagnostics, ...source.unreadDocuments.values()] }
  } catch (error) {
    if (!Array.isArray(error.diagnostics)) throw error
    return { source: null, problems: error.diagnostics }
  }
}

const shown = ({ source, problems }) =>
  JSON.stringify({
    files: source === null ? null : [...source.files],
    problems: problems.map(({ code, message }) => `${code} ${message}`).sort(),
  })

function same(one, other, what) {
  if (one !== other) throw new Error(`${what}\n${one}\n${other}`)
}

function silent(readings) {
  for (const { source, problems } of readings) {
    if (JSON.stringify(problems).includes('TOKEN')) throw new Error('a message shows a secret')
    if (source !== null && [...source.files.values()].some((text) => text.includes('TOKEN')))
      throw new Error('a secret was read')
  }
}

/** The manifests that git has of the IAM folder, by git's own words: regular files that are neither hidden nor ignored. */
function manifestsOf(root) {
  const listed = git(root, 'ls-files', '-s', '-z', '--', 'iam').split('\0').filter(Boolean)
  const files = listed.flatMap((line) => {
    const [meta, path] = line.split('\t')
    const inside = path.slice('iam/'.length)
    const isHidden = inside.split('/').some((name) => name.startsWith('.') || name === 'node_modules')
    return meta.startsWith('100') && /\.ya?ml$/i.test(path) && !isHidden ? [path] : []
  })
  if (files.length === 0) return []
  let ignored = ''
  try {
    ignored = execFileSync('git', ['check-ignore', '--no-index', '--stdin', '-z'], {
      cwd: root,
      input: files.join('\0'),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    })
  } catch {
    // It ends with 1 when none is ignored.
  }
  const out = new Set(ignored.split('\0'))
  return files.filter((path) => !out.has(path)).map((path) => path.slice('iam/'.length))
}

function complete(wanted, { source, problems }) {
  if (source === null || source.diagnostics.length > 0) return
  const missing = wanted.filter((file) => !source.files.has(file))
  if (missing.length > 0)
    throw new Error(`nothing is said of ${missing.join(', ')}; ${JSON.stringify(problems)}`)
}

async function commanded(main, args) {
  let text = ''
  const write = (more) => {
    text += more
  }
  const streams = {
    out: write,
    outAll: async (bytes) => write(Buffer.from(bytes).toString()),
    err: write,
    outIsTerminal: false,
    errIsTerminal: false,
    inIsTerminal: false,
    outColor: false,
    errColor: false,
    readerGone: new AbortController().signal,
    outWritten: async () => null,
  }
  return { code: await main(args, () => streams), text }
}

/** All that a folder holds, by name and content. */
function fingerprint(folder) {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder, { recursive: true }).sort()) {
    const stats = lstatSync(join(folder, name))
    hash.update(`${name} ${stats.mode} ${stats.isFile() ? readFileSync(join(folder, name)) : ''}\n`)
  }
  return hash.digest('hex')
}

if (process.send === undefined) {
  const cache = mkdtempSync(join(tmpdir(), 'iam-sync-repositories-cache-'))
  const child = fork(self, [String(rounds), String(seed)], { env: { ...process.env, IAM_SYNC_CACHE: cache } })
  let at = seed
  let timer = null
  const watch = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      console.error(`seed ${at}: waits for ever`)
      child.kill('SIGKILL')
      process.exitCode = 1
    }, LIMIT_MILLISECONDS)
  }
  watch()
  child.on('message', (message) => {
    at = message
    watch()
  })
  child.on('exit', (code) => {
    clearTimeout(timer)
    rmSync(cache, { recursive: true, force: true })
    if (code !== 0) process.exitCode = 1
  })
} else await run()
