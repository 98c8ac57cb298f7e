import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { secretsTo } from '../../src/cli/delivering/secrets-to.ts'
import { openProject } from '../../src/cli/opening/project.ts'
import { type AppliedPreview, applyPreview } from '../../src/cli/planning/apply-account.ts'
import { openBaseline } from '../../src/cli/planning/baseline.ts'
import { andThen, NONE_EARLIER } from '../../src/cli/planning/earlier-accounts.ts'
import { previewAccounts } from '../../src/cli/planning/planning.ts'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { NOT_A_TERMINAL } from './no-terminal.ts'
import { jsonOf } from './run.ts'

const IDS = { a: '111122223333', b: '444455556666', c: '777788889999' }
type Name = keyof typeof IDS
type Manifests = Readonly<Partial<Record<Name, string>>>

const arn = (account: Name, entity: string) => `arn:aws:iam::${IDS[account]}:${entity}`
const trust = (...principals: readonly string[]) =>
  `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: ${JSON.stringify(principals)} }, Action: sts:AssumeRole }] }`
const EC2 = `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }] }`
const role = (name: string, trustPolicy: string, more = '') =>
  `roles: { ${name}: { trustPolicy: ${trustPolicy}${more} } }\n`
const NOTHING = '{}\n'

/** Of projects that are applied, by what they are of: each test has a copy. */
const known = new Map<string, Promise<string>>()

/** A project whose accounts stand in the given order, applied once. */
async function applied(order: readonly Name[], manifests: Manifests): Promise<string> {
  const key = JSON.stringify([order, manifests])
  const made = known.get(key) ?? appliedAnew(order, manifests)
  known.set(key, made)
  const folder = temporaryFolder({})
  cpSync(await made, folder, { recursive: true })
  return folder
}

async function appliedAnew(order: readonly Name[], manifests: Manifests): Promise<string> {
  const accounts = order.map((name) => `  ${name}: { id: "${IDS[name]}", manifests: [${name}.yaml] }\n`)
  const folder = temporaryFolder({
    'iam-sync.yaml': `version: 1\naccounts:\n${accounts.join('')}guard: { maxDeletePercent: 100 }\n`,
    ...Object.fromEntries(order.map((name) => [`${name}.yaml`, manifests[name] ?? NOTHING])),
  })
  expect((await apply(folder)).code).toBe(0)
  return folder
}

const write = (folder: string, manifests: Manifests) => {
  for (const [name, text] of Object.entries(manifests)) writeFileSync(join(folder, `${name}.yaml`), text)
}

async function apply(folder: string, ...args: readonly string[]) {
  const { code, out } = await runHere('apply', folder, '--yes', '--json', ...args)
  const { results, diagnostics } = jsonOf({ code, out, err: '' })
  return {
    code,
    diagnostics: diagnostics.map((each: { code: string }) => each.code),
    order: results.map(({ account }: { account: { name: string } }) => account.name),
    verified: results.every(({ verified }: { verified: boolean }) => verified),
  }
}

const isSettled = async (folder: string) => (await runHere('plan', folder, '--exit-code')).code === 0

interface Story {
  readonly name: string
  readonly before: Manifests
  readonly after: Manifests
  /** In which accounts come, whichever stands first; null: as they stand. */
  readonly order: readonly Name[]
}

const STORIES: readonly Story[] = [
  {
    name: 'a user is deleted, and a trust policy elsewhere ceases to name them',
    before: {
      a: 'users: { ada: {}, bob: {} }\n',
      b: role('t', trust(arn('a', 'user/ada'), arn('a', 'user/bob'))),
    },
    after: { a: 'users: { bob: {} }\n', b: role('t', trust(arn('a', 'user/bob'))) },
    order: ['b', 'a'],
  },
  {
    name: 'a user is deleted, and a trust policy of that one name goes over to a service',
    before: { a: 'users: { ada: {} }\n', b: role('t', trust(arn('a', 'user/ada'))) },
    after: { a: NOTHING, b: role('t', EC2) },
    order: ['b', 'a'],
  },
  {
    name: 'a user is deleted together with the role that trusts them',
    before: {
      a: 'users: { ada: {}, bob: {} }\n',
      b: role('t', trust(arn('a', 'user/ada'), arn('a', 'user/bob'))),
    },
    after: { a: 'users: { bob: {} }\n', b: NOTHING },
    order: ['b', 'a'],
  },
  {
    name: 'a role gets another path, and the trust in it is declared anew',
    before: { a: role('caller', EC2), b: role('t', trust(arn('a', 'role/caller'))) },
    after: { a: role('caller', EC2, ', path: /x/'), b: role('t', trust(arn('a', 'role/x/caller'))) },
    order: ['a', 'b'],
  },
  {
    name: 'a user gets another path, and the role that trusts them another description',
    before: { a: 'users: { ada: {} }\n', b: role('t', trust(arn('a', 'user/ada'))) },
    after: {
      a: 'users: { ada: { path: /x/ } }\n',
      b: role('t', trust(arn('a', 'user/x/ada')), ', description: other'),
    },
    order: [],
  },
  {
    name: 'each account deletes somebody whom the other ceases to trust',
    before: {
      a: `users: { ada: {} }\n${role('t', trust(arn('b', 'user/ben')))}`,
      b: `users: { ben: {} }\n${role('t', trust(arn('a', 'user/ada')))}`,
    },
    after: { a: role('t', EC2), b: role('t', EC2) },
    order: [],
  },
  {
    name: 'each account deletes a role that trusts one of the other, and that one',
    before: {
      a: `users: { ada: {} }\n${role('t', trust(arn('b', 'user/ben')))}`,
      b: `users: { ben: {} }\n${role('t', trust(arn('a', 'user/ada')))}`,
    },
    after: { a: NOTHING, b: NOTHING },
    order: [],
  },
]

describe.each(STORIES)('$name', ({ before, after, order }) => {
  test.each([{ standing: ['a', 'b'] }, { standing: ['b', 'a'] }] as const)(
    'one apply does it, with $standing in the project file',
    async ({ standing }) => {
      const folder = await applied(standing, before)
      write(folder, after)
      const once = await apply(folder)
      expect(once).toEqual({
        code: 0,
        diagnostics: [],
        order: order.length === 0 ? standing : order,
        verified: true,
      })
      expect(await isSettled(folder)).toBe(true)
    },
  )

  test.each(['a', 'b'] as const)('killed after `%s`, the next apply goes on', async (first) => {
    const folder = await applied(['a', 'b'], before)
    write(folder, after)
    await apply(folder, '--account', first)
    await apply(folder)
    expect((await apply(folder)).code).toBe(0)
    expect(await isSettled(folder)).toBe(true)
  })
})

test('three accounts: who drops a trust comes before who deletes, who makes somebody before who trusts them', async () => {
  const folder = await applied(['a', 'b', 'c'], {
    a: 'users: { ada: {} }\n',
    b: role('t', trust(arn('a', 'user/ada'))),
  })
  write(folder, { a: NOTHING, b: role('t', trust(arn('c', 'user/cyd'))), c: 'users: { cyd: {} }\n' })
  expect(await apply(folder)).toEqual({ code: 0, diagnostics: [], order: ['c', 'b', 'a'], verified: true })
  expect(await isSettled(folder)).toBe(true)
})

describe('what somebody else did since the plan was shown is stale, whatever this apply has done itself', () => {
  // Each account deletes whom the other ceases to trust: one of them shows the other's deletion.
  const before = {
    a: `users: { ada: {} }\n${role('t', trust(arn('b', 'user/ben')))}`,
    b: `users: { ben: {} }\n${role('t', trust(arn('a', 'user/ada')))}`,
  }
  const after = { a: role('t', EC2), b: role('t', EC2) }

  /** Plans, lets somebody else do something, and applies what was planned, `a` before `b`. */
  async function applyAfter(somebodyElse: (folder: string) => Promise<void>) {
    const folder = await applied(['a', 'b'], before)
    write(folder, after)
    const opened = await openProject({ folder, accounts: [], ref: null, unstorable: 'plan' })
    const previews = await previewAccounts(
      opened,
      await openBaseline(opened, { type: 'target', base: null }),
      'skip',
    )
    await somebodyElse(folder)
    let earlier = NONE_EARLIER
    const outcomes: AppliedPreview[] = []
    for (const preview of previews) {
      const outcome = await applyPreview(preview, {
        opened,
        provenance: { commit: null, dirty: null },
        streams: { ...NOT_A_TERMINAL, out: () => {}, outAll: async () => {}, err: () => {} },
        signal: new AbortController().signal,
        lockTimeout: 0,
        secrets: secretsTo(null, () => {}),
        others: 'stale',
        overridden: new Set(),
        earlier,
      })
      earlier = andThen(earlier, outcome)
      outcomes.push(outcome)
    }
    return outcomes
  }
  const someonesApply = async (folder: string, manifests: Manifests) => {
    write(folder, manifests)
    expect((await apply(folder)).code).toBe(0)
  }

  test('nothing: both are applied', async () => {
    const outcomes = await applyAfter(async () => {})
    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0])
  })

  test('the role that trusts whom this apply deletes is another one', async () => {
    const outcomes = await applyAfter((folder) =>
      someonesApply(folder, { ...before, b: before.b.replace('t: { ', 't: { description: other, ') }),
    )
    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 5])
    expect(outcomes[1]?.diagnostics[0]).toMatchObject({
      code: 'apply.stale',
      message:
        'the account `b` has changed since its plan was shown; nothing was written to it; applied before: `a`',
    })
  })

  test('whom the role trusts was deleted by them, and made anew', async () => {
    const outcomes = await applyAfter(async (folder) => {
      expect((await apply(folder, '--account', 'a')).code).toBe(0)
      write(folder, { a: before.a })
      expect((await apply(folder, '--account', 'a')).code).toBe(0)
    })
    expect(outcomes[0]).toMatchObject({ exitCode: 0, report: { verified: true } })
    expect(outcomes[1]).toMatchObject({ exitCode: 5, diagnostics: [{ code: 'apply.stale' }] })
  })
})
