import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CHILD_KINDS, CHILDREN, type ChildKind, FACTS, type Kind } from '../../src/kinds/kind.ts'
import { keysOf } from '../../src/model/index.ts'
import { kindsNamedIn, type Spelling } from './naming.ts'

/**
 * Readers of what others wrote: each names the sections of one format, which a new kind here changes nothing of.
 */
const OF_OTHERS = 'intake/'
/**
 * Who calls is a principal: a user, a role's session, the root user. What those are is AWS's, and no new kind is one of them.
 */
const OF_CALLERS = /^iam\/(?:caller|signing-keys)\.ts$|^iam\/(?:authorization|sts)\//

/**
 * In how many files a kind is named outside its folder and the lists of all kinds. A number may only fall: a kind that is
 * named nowhere else is one folder and a line in each list. Whoever makes one smaller writes it down here.
 */
const MOST: { readonly [K in Kind]: number } = {
  policy: 55,
  group: 33,
  user: 55,
  role: 74,
  // Of exports and templates it is said that they have nothing of them.
  accessKey: 1,
  sshPublicKey: 0,
  signingCertificate: 0,
  serviceSpecificCredential: 0,
  mfaDevice: 0,
  instanceProfile: 0,
  serviceLinkedRole: 0,
  oidcProvider: 0,
  samlProvider: 0,
  serverCertificate: 0,
  passwordPolicy: 0,
  accountAlias: 0,
}

const SOURCE = join(import.meta.dirname, '../../src')
const KINDS: readonly Kind[] = keysOf(MOST)
const SPELLINGS: readonly Spelling[] = KINDS.map((kind) => ({ kind, section: FACTS[kind].section }))

const FILES = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter(
    (path) =>
      path.endsWith('.ts') &&
      !path.startsWith(OF_OTHERS) &&
      !OF_CALLERS.test(path) &&
      !/^kinds\/\w+\.ts$/.test(path),
  )
  .map((path) => ({ path, kinds: kindsNamedIn(readFileSync(join(SOURCE, path), 'utf8'), SPELLINGS) }))

/** What is named under an entity says under which. */
const childrenOf = (kind: Kind): readonly ChildKind[] =>
  CHILD_KINDS.filter((child) => CHILDREN[child].parent === kind)

const filesNaming = (kind: Kind): readonly string[] =>
  FILES.filter(
    ({ path, kinds }) =>
      !path.startsWith(`kinds/${kind}/`) &&
      kinds.has(kind) &&
      !childrenOf(kind).some((child) => path === `kinds/${child}/kind.ts`),
  ).map(({ path }) => path)

describe('files that name a kind outside its folder', () => {
  it.each(KINDS)('%s: no more than there were', (kind) => {
    const files = filesNaming(kind)
    console.info(`${kind}: ${files.length} files`)
    expect(files.length, files.join('\n')).toBeLessThanOrEqual(MOST[kind])
  })

  it('is more than none of what decides by the names of kinds', () => {
    expect(filesNaming('user')).toContain('evaluator/principal.ts')
    expect(filesNaming('user')).not.toContain('kinds/user/kind.ts')
    expect(filesNaming('user')).not.toContain('kinds/plan.ts')
  })

  it.each([
    [`if (kind === 'group') return`, ['group']],
    [`type Section = 'users'`, ['user']],
    ['const a: GroupState | DesiredRole = b', ['group', 'role']],
    ['entityArn(account, POLICY, path, name)', ['policy']],
    ['state.entities.group.get(name)', ['group']],
    ['const { entities: { group: groups } } = state', ['group']],
    ['const table = { user: 1, group: 2 }', ['group', 'user']],
    ['interface Rows { users: string; roles: string }', ['role', 'user']],
    ['declared.settings.passwordPolicy', ['passwordPolicy']],
    ['const { groups } = /(?<groups>a)/.exec(text); layers.group; { group: 1 }', []],
    ['const policy = bucket.policy // a group of roles', []],
    [`flagList(flags, 'policies')`, []],
    [`list(flags, 'policies')`, ['policy']],
  ])('%s', (text, kinds) => {
    expect([...kindsNamedIn(text, SPELLINGS)].sort()).toEqual(kinds)
  })
})
