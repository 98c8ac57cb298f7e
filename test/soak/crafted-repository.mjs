// What a hostile contributor commits, and what a clone does not have: for `repositories.mjs`.
import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Stands where nothing may be read; never to be shown. */
export const SECRET = 'DEPLOY_TOKEN=EXAMPLE'

/** Marsaglia's xorshift, so that a seed means the same everywhere. */
export function dice(seed) {
  let state = (seed * 2654435761 + 1) >>> 0 || 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 2 ** 32
  }
  for (let i = 0; i < 8; i++) next()
  return {
    chance: (share) => next() < share,
    below: (count) => Math.floor(next() * count),
    pick: (values) => values[Math.floor(next() * values.length)],
    times: (most, make) => Array.from({ length: Math.floor(next() * (most + 1)) }, make),
  }
}

export const git = (folder, ...words) =>
  execFileSync('git', ['-c', 'protocol.file.allow=always', '-c', 'init.defaultBranch=main', ...words], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@example.com',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@example.com',
    },
  })

const FOLDERS = [
  'iam',
  'iam/team',
  'iam/team/deep',
  'iam/.hidden',
  'iam/node_modules/p',
  'common',
  'common/x',
  'secrets',
  '.ci',
]
const NAMES = [
  'a.yaml',
  'b.yml',
  'C.YAML',
  'p.json',
  'notes.md',
  '.env',
  '.d.yaml',
  'own.local.yaml',
  'x y.yaml',
  'ä.yaml',
  'back\\slash.yaml',
  'constructor.yaml',
]
const ODD_NAMES = [
  'caf\\351.yaml',
  'caf\\351/a.yaml',
  'caf\\351.json',
  'z\\342\\200\\213.yaml',
  'new\\nline.yaml',
  'esc\\033[2J.yaml',
]
const IGNORED = [
  '*.local.yaml',
  'secrets/',
  '/common/x',
  'team/deep',
  '!own.local.yaml',
  'notes.md',
  '*.json',
  '.env',
  'deep/',
  '/iam/b.yml',
]
const LINKS = [
  'iam/l.yaml',
  'iam/m.json',
  'iam/link',
  'iam/team/up',
  'iam/team/n.yaml',
  'common/o.yaml',
  'iam/r.txt',
  'iam/v1.2',
]
const TARGETS = [
  'a.yaml',
  '../common',
  '../common/a.yaml',
  '..',
  '../..',
  '.',
  '/etc/hosts',
  '.env',
  '../.git/config',
  '../.git',
  '../secrets',
  '../secrets/a.yaml',
  'l.yaml',
  'link/a.yaml',
  'team',
  'gone.yaml',
  '../../victim',
  '../../victim/mail.yaml',
  '../common/x/a.yaml',
  '.hidden/a.yaml',
  'module',
  'module/a.yaml',
  '../common/../iam/team/a.yaml',
  'a.yaml/x',
  '',
]

export const put = (root, file, text) => {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  rmSync(join(root, file), { recursive: true, force: true })
  writeFileSync(join(root, file), text)
}

/** Files that git ignores at their place. */
const ignoredBy = (root) =>
  git(root, 'ls-files', '--others', '--cached', '--ignored', '--exclude-standard', '-z')
    .split('\0')
    .filter(
      (file) =>
        file !== '' &&
        !file.endsWith('/') &&
        lstatSync(join(root, file), { throwIfNoEntry: false })?.isFile(),
    )

/** Files and links as a contributor would commit them; where two want the same place, the later one has it, or neither. */
export function craft(root, { chance, below, pick, times }) {
  put(
    root,
    'iam/iam-sync.yaml',
    'version: 1\naccounts: { production: { id: "111122223333" } }\nscope: { users: all }\n',
  )
  const attempt = (make) => {
    try {
      make()
    } catch {
      // A folder is where a file should be, or the other way round.
    }
  }
  for (const file of times(14, () => `${pick(FOLDERS)}/${pick(NAMES)}`)) {
    const isSecret = /(^|\/)\.|node_modules/.test(file)
    attempt(() =>
      put(root, file, isSecret ? SECRET : file.endsWith('json') ? '{}' : `users: { u${below(1e9)}: {} }\n`),
    )
  }
  for (const at of times(3, () => pick(['', 'iam/', 'iam/team/', 'common/'])))
    attempt(() => put(root, `${at}.gitignore`, `${times(4, () => pick(IGNORED)).join('\n')}\n`))
  for (const [link, target] of times(5, () => [pick(LINKS), pick(TARGETS)]))
    attempt(() => {
      if (target === '') return
      mkdirSync(dirname(join(root, link)), { recursive: true })
      symlinkSync(target, join(root, link))
    })
  if (chance(0.15))
    for (const name of times(2, () => pick(ODD_NAMES)))
      attempt(() =>
        execFileSync(
          'sh',
          ['-c', `f="$(printf '${name}')"; mkdir -p "$(dirname "$f")"; echo 'users: {}' > "$f"`],
          {
            cwd: join(root, 'iam'),
            stdio: 'ignore',
          },
        ),
      )
  for (const file of ignoredBy(root)) put(root, file, SECRET)
  // What git ignores is committed by force now and then.
  return chance(0.3)
}

/** Leaves out what git knows, in the ways that git has; and puts what is no file where files were. */
export function spoil(root, { chance, pick }, count) {
  const files = git(root, 'ls-files', '-z', '--', 'iam')
    .split('\0')
    .filter((file) => /\.(ya?ml|json)$/i.test(file))
  const safely = (what, make) => {
    try {
      make()
      count(what)
    } catch {
      // Git won't, of a submodule or with a name like this.
    }
  }
  if (chance(0.2))
    safely('sparse', () =>
      git(
        root,
        'sparse-checkout',
        'set',
        '--no-cone',
        '/*',
        `!/${pick(['iam/team/', 'common/', 'iam/a.yaml', 'iam/'])}`,
      ),
    )
  else if (chance(0.25))
    safely('sparse index', () =>
      git(root, 'sparse-checkout', 'set', '--cone', '--sparse-index', pick(['iam', 'iam/team', 'common'])),
    )
  if (files.length > 0 && chance(0.3)) {
    const file = pick(files)
    const flag = pick(['--skip-worktree', '--assume-unchanged'])
    safely(flag, () => {
      git(root, 'update-index', flag, '--', file)
      rmSync(join(root, file))
    })
  }
  if (chance(0.2)) {
    const place = pick([
      'iam/fifo.yaml',
      'iam/fifo.json',
      'iam/.gitignore',
      '.git/info/exclude',
      '.git/packed-refs',
      '.git/shallow',
      '.git/config.worktree',
      'iam/team/.gitignore',
    ])
    safely('FIFO', () => {
      mkdirSync(dirname(join(root, place)), { recursive: true })
      rmSync(join(root, place), { recursive: true, force: true })
      execFileSync('mkfifo', [join(root, place)])
    })
  }
  if (chance(0.1))
    safely('link after all', () =>
      symlinkSync(pick(TARGETS.slice(0, -1)), join(root, 'iam', pick(['late.yaml', 'late.json', 'late']))),
    )
  if (chance(0.05))
    safely('damage', () =>
      writeFileSync(join(root, '.git/index'), readFileSync(join(root, '.git/index')).subarray(0, 70)),
    )
}
