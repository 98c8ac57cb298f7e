import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { FakeGitHub } from '../review/fake-github.ts'
import { FakeGitLab } from '../review/fake-gitlab.ts'
import type { FakeService } from '../review/fake-service.ts'
import { temporaryFolder, writeFiles } from '../source/folders.ts'
import { git } from '../source/real-git.ts'
import { runHere } from './in-process.ts'

const PROJECT = 'version: 1\naccounts: { production: { id: "111122223333" } }\n'
/** The same, written otherwise. */
const SAME = 'users: { "alice": {} }\n'
const ADMIN = `users:
  alice:
    inlinePolicies:
      all: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "*", Resource: "*" }] }
`

/** A clone in which a branch changes the IAM folder, and the target has gone on since. */
function proposal(
  people: string,
  before = 'users: { alice: {} }\n',
): { readonly root: string; readonly head: string } {
  const root = temporaryFolder({ 'iam/iam-sync.yaml': PROJECT, 'iam/people.yaml': before })
  git(root, 'init -q', 'add .', 'commit -q -m fork', 'branch target')
  writeFiles(root, { 'iam/people.yaml': people })
  git(root, 'add .', 'commit -q --allow-empty -m change')
  const head = git(root, 'rev-parse HEAD').trim()
  git(root, 'checkout -q target')
  writeFiles(root, { 'iam/more.yaml': 'users: { bob: { managedPolicies: [IAMFullAccess] } }\n' })
  git(root, 'add .', 'commit -q -m later', 'update-ref refs/remotes/origin/main HEAD', `checkout -q ${head}`)
  return { root, head }
}

const EMPTY: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'GITHUB_ACTIONS',
    'GITHUB_API_URL',
    'GITHUB_BASE_REF',
    'GITHUB_EVENT_NAME',
    'GITHUB_EVENT_PATH',
    'GITHUB_GRAPHQL_URL',
    'GITHUB_REPOSITORY',
    'GITHUB_RUN_ID',
    'GITHUB_SERVER_URL',
    'GITHUB_TOKEN',
    'GITLAB_CI',
    'GITLAB_TOKEN',
    'CI_API_V4_URL',
    'CI_COMMIT_SHA',
    'CI_JOB_URL',
    'CI_MERGE_REQUEST_DIFF_BASE_SHA',
    'CI_MERGE_REQUEST_IID',
    'CI_MERGE_REQUEST_SOURCE_BRANCH_SHA',
    'CI_MERGE_REQUEST_TARGET_BRANCH_NAME',
    'CI_PIPELINE_SOURCE',
    'CI_PROJECT_ID',
    'CI_PROJECT_PATH',
  ].map((name) => [name, '']),
)

describe.each([
  ['GitHub', () => new FakeGitHub()],
  ['GitLab', () => new FakeGitLab()],
])('comment, in a job of %s', (name, make) => {
  // What is said of a plan hangs on no service, and a plan takes its time.
  const onceOnly = (rule: string, run: () => Promise<void>): void => {
    if (name === 'GitHub') test(rule, run)
  }
  let service: FakeService
  const inJob = (root: string, head: string): void => {
    service.head = head
    const event = join(root, '.git', 'event.json')
    writeFileSync(
      event,
      JSON.stringify({
        number: 7,
        pull_request: { number: 7, head: { sha: head }, base: { sha: head, ref: 'main' }, draft: false },
      }),
    )
    const own = {
      GITHUB_EVENT_PATH: event,
      CI_COMMIT_SHA: head,
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
    }
    for (const [name, value] of Object.entries({ ...EMPTY, ...service.environment(), ...own }))
      vi.stubEnv(name, value)
  }

  beforeEach(async () => {
    service = await make().open()
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await service.close()
  })

  test('says what the branch changes, and nothing of what came to the target since', async () => {
    const { root, head } = proposal(ADMIN)
    inJob(root, head)
    if (service instanceof FakeGitHub)
      service.files = [{ filename: 'iam/people.yaml', patch: '@@ -1 +1,4 @@\n-x\n+a\n+b\n+c\n+d' }]
    const report = join(root, 'report.json')
    symlinkSync(join(root, 'elsewhere'), report)
    const ran = await runHere('comment', join(root, 'iam'), '--code-quality', report)
    expect(ran).toMatchObject({
      code: 0,
      out: expect.stringMatching(/alice[\s\S]*\ncommented on acme\/iam[#!]7\n/),
    })
    const [comment] = service.remarks
    expect(comment?.body).toMatch(/^<!-- iam-sync:comment v1 project=iam accounts=\* origin=run state=live /)
    expect(comment?.body).toContain('\n🔴 1 gain')
    expect(comment?.body).toContain('alice')
    expect(comment?.body).not.toContain('bob')
    expect([...service.labels].sort()).toEqual(['iam:escalation', 'iam:gain'])
    expect(service.reports).toMatchObject([{ commit: head, name: 'iam-sync (iam)', title: /1 gain/ }])
    if (service.name === 'GitHub')
      expect(service.reports[0]?.annotations[0]).toMatchObject({ path: 'iam/people.yaml', start_line: 4 })
    expect(JSON.parse(readFileSync(report, 'utf8'))[0]).toMatchObject({
      severity: 'major',
      location: { path: 'iam/people.yaml', lines: { begin: 4 } },
    })
    // A link that the pull request brings along is not followed.
    expect(existsSync(join(root, 'elsewhere'))).toBe(false)
    expect(ran.out + ran.err).not.toContain('token-of-the-job')

    if (service.name === 'GitLab') return
    const before = service.writes.length
    expect(await runHere('comment', join(root, 'iam'))).toMatchObject({
      code: 0,
      out: expect.stringMatching(/\nthe comment says it already on acme/),
    })
    expect(service.writes.slice(before).filter((each) => /comments|notes|labels/.test(each))).toEqual([])
  })

  onceOnly('what changes nothing gets no comment, and passes', async () => {
    const { root, head } = proposal(SAME)
    inJob(root, head)
    expect(await runHere('comment', join(root, 'iam'))).toMatchObject({ code: 0 })
    expect(service.remarks).toEqual([])
    expect([...service.labels]).toEqual(['iam:none'])
    expect(service.reports).toMatchObject([{ outcome: 'success' }])
  })

  onceOnly('what only takes an invariant away is no `iam:none`, whatever it is compared with', async () => {
    const { root, head } = proposal(
      SAME,
      `${SAME}invariants: [{ name: log, action: "s3:DeleteObject", resource: "arn:aws:s3:::log/*", expect: deny }]\n`,
    )
    inJob(root, head)
    expect(await runHere('comment', join(root, 'iam'))).toMatchObject({ code: 0 })
    expect(service.remarks[0]?.body).toContain('\n🟡 1 weakened\n')
    expect([...service.labels]).toEqual(['iam:weakened'])
    expect(service.reports).toMatchObject([{ outcome: 'neutral' }])
    expect((await runHere('apply', join(root, 'iam'), '--yes')).code).toBe(0)
    expect(await runHere('comment', join(root, 'iam'), '--against', 'target')).toMatchObject({ code: 0 })
    expect([...service.labels]).toEqual(['iam:weakened'])
    git(root, 'update-ref -d refs/remotes/origin/main')
    vi.stubEnv('GITHUB_EVENT_PATH', '')
    const unknown = await runHere(
      ...['comment', join(root, 'iam'), '--against', 'target', '--json', '--commit', head],
      ...['--repository', 'acme/iam', '--pull-request', '7'],
    )
    expect(unknown.out).toContain('review.not-compared')
    expect([...service.labels]).not.toContain('iam:none')
  })

  onceOnly('a gate that does not hold is in the comment, and the exit code is its', async () => {
    const { root, head } = proposal(ADMIN)
    inJob(root, head)
    const ran = await runHere('comment', join(root, 'iam'), '--no-new-escalation', 'origin/main')
    expect(ran).toMatchObject({ code: 4, err: expect.stringContaining('exit 4: "no new escalation') })
    expect(service.remarks[0]?.body).toMatch(/no new escalation since/)
    expect(service.reports[0]?.outcome).toMatch(/^fail/)
  })

  onceOnly('errors in the files are a result, too', async () => {
    const { root, head } = proposal('users: { alice: { managedPolicies: [NoSuchPolicy] } }\n')
    inJob(root, head)
    expect(await runHere('comment', join(root, 'iam'))).toMatchObject({ code: 1 })
    expect(service.remarks[0]?.body).toContain('NoSuchPolicy')
    expect([...service.labels]).toEqual([])
    expect(service.reports[0]?.outcome).toMatch(/^fail/)
  })

  onceOnly('what others wrote is commented on as well: a template, and what it was', async () => {
    const template = (actions: string) =>
      JSON.stringify({
        Resources: {
          Ci: {
            Type: 'AWS::IAM::User',
            Properties: {
              UserName: 'ci',
              Policies: [
                {
                  PolicyName: 'p',
                  PolicyDocument: {
                    Version: '2012-10-17',
                    Statement: [{ Effect: 'Allow', Action: actions, Resource: 'arn:aws:s3:::acme/*' }],
                  },
                },
              ],
            },
          },
        },
      })
    const root = temporaryFolder({ 'old.json': template('s3:GetObject'), 'new.json': template('s3:*Object') })
    inJob(temporaryFolder({ '.git/HEAD': 'ref: refs/heads/main\n' }), 'c0ffee')
    const words = ['--account-id', '111122223333', '--dir', root]
    const [old, recent] = [`cfn:${join(root, 'old.json')}`, `cfn:${join(root, 'new.json')}`]
    expect(await runHere('comment', ...words, '--as-of', recent, '--against', old)).toMatchObject({ code: 0 })
    expect(service.remarks[0]?.body).toMatch(/🔴 1 gain[\s\S]*DeleteObject/)
    expect(await runHere('comment', ...words, '--as-of', recent)).toMatchObject({
      code: 1,
      err: expect.stringContaining('holds nothing that changes'),
    })
  })

  onceOnly('an account that is left is no quiet matter, though nothing is planned for it', async () => {
    const { root } = proposal(SAME)
    const two = PROJECT.replace(' } }', ' }, staging: { id: "444455556666", manifests: [] } }')
    writeFiles(root, { 'iam/iam-sync.yaml': two })
    git(root, 'add .', 'commit -q -m two', 'branch two')
    writeFiles(root, { 'iam/iam-sync.yaml': PROJECT })
    git(root, 'add .', 'commit -q -m one')
    inJob(root, git(root, 'rev-parse HEAD').trim())
    expect(await runHere('comment', join(root, 'iam'), '--against', 'git:two')).toMatchObject({ code: 0 })
    expect(service.remarks[0]?.body).toMatch(/🟡 no changes[\s\S]*an account is left[\s\S]*staging/)
    expect([...service.labels]).toEqual([])
    expect(service.reports).toMatchObject([{ outcome: 'neutral' }])
  })

  onceOnly(
    'a folder that leads out of the repository is not read: whoever proposes the change may have made it',
    async () => {
      const { root, head } = proposal(SAME)
      inJob(root, head)
      const elsewhere = temporaryFolder({
        'iam/iam-sync.yaml': 'token: of-somebody-else\n',
        'own/iam-sync.yaml': 'token: of-somebody-else\n',
      })
      git(join(elsewhere, 'own'), 'init -q', 'add .', 'commit -q -m theirs')
      symlinkSync(join(elsewhere, 'iam'), join(root, 'linked'))
      symlinkSync(elsewhere, join(root, 'above'))
      symlinkSync(join(elsewhere, 'own'), join(root, 'repository'))
      for (const folder of ['linked', 'above/iam', 'repository']) {
        const ran = await runHere('comment', join(root, folder), '--dry-run')
        expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('error[source.link-outside]') })
        expect(ran.out + ran.err).not.toContain('of-somebody-else')
      }
      symlinkSync('iam', join(root, 'within'))
      expect(await runHere('comment', join(root, 'within'), '--dry-run')).toMatchObject({ code: 0 })
      const missing = await runHere('comment', join(root, 'missing'), '--dry-run')
      expect(missing).toMatchObject({ code: 1, err: expect.not.stringContaining('system.refused') })
    },
  )

  onceOnly('a report of Code Quality for a folder that is not there says that', async () => {
    const { root, head } = proposal(SAME)
    inJob(root, head)
    const { code, err } = await runHere(
      'comment',
      join(root, 'iam'),
      '--code-quality',
      join(root, 'no/report.json'),
    )
    expect([code, err]).toEqual([1, expect.stringContaining('no/report.json`: there is no such folder')])
    expect(service.writes).toEqual([])
  })

  onceOnly('what can not be posted is a warning, and an error with --strict', async () => {
    const { root, head } = proposal(SAME)
    inJob(root, head)
    service.refuse = () => ({ status: 403, body: { message: 'Resource not accessible by integration' } })
    const ran = await runHere('comment', join(root, 'iam'))
    expect(ran).toMatchObject({ code: 0, err: expect.stringContaining('warning[review.no-comment]') })
    expect(ran.err).toContain('Resource not accessible by integration')
    const strict = await runHere('comment', join(root, 'iam'), '--strict')
    expect(strict).toMatchObject({
      code: 1,
      err: expect.stringContaining('exit 1: the comment could not be kept'),
    })
  })

  test('without a token, or a pull request, it is the same', async () => {
    const { root, head } = proposal(SAME)
    inJob(root, head)
    vi.stubEnv(`${service.name.toUpperCase()}_TOKEN`, '')
    expect(await runHere('comment', join(root, 'iam'))).toMatchObject({
      code: 0,
      err: expect.stringContaining('_TOKEN` is not set'),
    })
    vi.stubEnv('GITHUB_EVENT_PATH', '')
    vi.stubEnv('CI_MERGE_REQUEST_IID', '')
    expect(await runHere('comment', join(root, 'iam'), '--against', 'git:origin/main')).toMatchObject({
      code: 0,
      err: expect.stringContaining('no pull request is named'),
    })
    expect(service.asked).toEqual([])
  })

  onceOnly('--dry-run shows the comment, labels and calls, and sends none', async () => {
    const { root, head } = proposal(ADMIN)
    inJob(root, head)
    const { out, code } = await runHere('comment', join(root, 'iam'), '--dry-run')
    expect(code).toBe(0)
    expect(out).toMatch(/^<!-- iam-sync:comment v1 .*\n🔴 1 gain/)
    expect(out).toMatch(/\nlabels: \+ iam:gain, \+ iam:escalation\nwould call POST http/)
    expect(service.writes).toEqual([])
    const same = proposal(SAME)
    inJob(same.root, same.head)
    const json = JSON.parse((await runHere('comment', join(same.root, 'iam'), '--dry-run', '--json')).out)
    expect(json.comment).toMatchObject({ outcome: 'planned', labels: { add: ['iam:none'], remove: [] } })
  })

  describe('--from', () => {
    const entry = {
      kind: 'action',
      principals: ['arn:aws:iam::111122223333:user/alice'],
      actions: ['s3:DeleteObject'],
      levels: { permissions: 0, write: 1, tagging: 0, read: 0, list: 0 },
      resources: ['*'],
      notResources: [],
      tier: 'typed',
      source: { file: 'people.yaml', line: 3 },
    }
    const result = (change: object = {}): object => ({
      formatVersion: '1.0',
      plans: [
        {
          account: { id: '111122223333', name: 'production' },
          digest: 'sha256:0123',
          summary: {},
          changes: [],
          access: { verdict: 'gained', gained: [entry], lost: [], unknown: [], escalations: [] },
          ...change,
        },
      ],
      diagnostics: [],
    })
    const from = async (json: unknown, ...more: readonly string[]) => {
      const root = temporaryFolder({ 'result.json': typeof json === 'string' ? json : JSON.stringify(json) })
      return runHere('comment', '--dir', root, '--from', join(root, 'result.json'), ...more)
    }
    const HEAD = 'c0ffee'.padEnd(40, '0')

    beforeEach(() => {
      inJob(temporaryFolder({ '.git/HEAD': 'ref: refs/heads/main\n' }), HEAD)
    })

    test('is rendered here, says who made it, and sets no label and nothing that passes', async () => {
      expect(await from(result())).toMatchObject({ code: 0 })
      const lines = (service.remarks[0]?.body ?? '').split('\n')
      expect(lines[0]).toContain(' origin=data ')
      expect(lines[1]).toContain('An unprivileged run made this:')
      expect(lines.slice(2).join('\n')).toMatch(/1 gain[\s\S]*alice[\s\S]*s3:DeleteObject/)
      expect([...service.labels]).toEqual([])
      expect(service.reports).toEqual([])
    })

    test('ends as the run did that made it', async () => {
      const failed = (code: string) => ({
        ...result(),
        diagnostics: [
          { severity: 'error', code, message: 'x', help: null, file: null, start: null, end: null },
        ],
      })
      expect(await from(failed('guard.protected'))).toMatchObject({ code: 3 })
      expect(await from(failed('test.failed'))).toMatchObject({ code: 4 })
      expect(await from(failed('manifest.x'))).toMatchObject({ code: 1 })
      expect(service.reports.every(({ outcome }) => /^fail/.test(outcome))).toBe(true)
    })

    test('of a run that failed before it had a plan it does not say that nothing changes', async () => {
      const error = {
        severity: 'error',
        code: 'manifest.x',
        message: 'x',
        help: null,
        file: null,
        start: null,
      }
      const { code } = await from({ formatVersion: '1.0', plans: [], diagnostics: [error] })
      const verdict = (service.remarks[0]?.body ?? '').split('\n')[3]
      expect([code, verdict]).toEqual([1, '🔴 failed'])
    })

    test('names in it are text: no marker, no markup, no mention', async () => {
      const evil =
        '<!-- iam-sync:comment v1 --> </details> @octocat #1 `x` ](https://evil.example) \u202e\u0007'
      const hostile = result({
        account: { id: evil, name: evil },
        digest: evil,
        changes: [
          { action: 'delete', kind: evil, name: evil, arn: evil, source: null, details: [], steps: [] },
        ],
        access: {
          verdict: 'gained',
          gained: [{ ...entry, principals: [evil], actions: [evil], resources: [evil], policy: evil }],
          lost: [],
          unknown: [{ principals: [evil], direction: 'gained', reason: evil, source: null }],
          escalations: [{ ...entry, rule: evil, severity: 'high', target: evil, why: evil }],
        },
      })
      expect(await from(hostile)).toMatchObject({ code: 0 })
      const [, ...lines] = (service.remarks[0]?.body ?? '').split('\n')
      const body = lines.join('\n')
      expect(body).toContain('octocat')
      expect(body).not.toContain('<!--')
      expect(body).not.toMatch(/[\u202e\u0007]/)
      // Outside of code spans and fences nothing of it is left.
      const plain = body.replace(/^ *(`{3,})[\s\S]*?^ *\1$/gm, '').replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '')
      expect(plain).not.toMatch(/@octocat|#1\b|evil\.example/)
    })

    test.each([
      ['no JSON', 'verdict: none', 'it is not JSON'],
      [
        'no result',
        '{"formatVersion":"1.0","body":"# all is fine"}',
        'it has neither `plans` nor `accounts`',
      ],
      ['a list', '[]', 'it has neither'],
      ['null', 'null', 'it is no object'],
      ['another version', { ...result(), formatVersion: '2.0' }, '`formatVersion` is not what'],
      ['a wrong type deep within', result({ access: { verdict: 'none', gained: [{}] } }), '`plans.0.access.'],
      ['a name without end', result({ digest: 'x'.repeat(100_000) }), '`plans.0.digest` is not what'],
      ['too much', `"${'x'.repeat(10_000_001)}"`, 'more than 10,000,000 bytes'],
      ['what is nested without end', '['.repeat(1_000_000), 'it is not JSON'],
    ])('%s is refused', async (_name, json, why) => {
      const ran = await from(json)
      expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('error[review.unread-result]') })
      expect(ran.err).toContain(why)
      expect(service.remarks).toEqual([])
    })

    test('is not shown on a pull request that it is not about', async () => {
      service.head = 'fade'.padEnd(40, '0')
      expect(await from(result())).toMatchObject({ out: expect.stringContaining('another commit by now') })
      vi.stubEnv('GITHUB_EVENT_PATH', '')
      vi.stubEnv('CI_COMMIT_SHA', '')
      expect(await from(result(), '--pull-request', '7')).toMatchObject({
        code: 1,
        err: expect.stringContaining('error[cli.missing-flag]'),
      })
      expect(service.remarks).toEqual([])
    })

    test('and what makes a result go not together', async () => {
      for (const flags of [['--against', 'git:main'], ['--no-public-access'], ['--as-of', 'tfplan:x']])
        expect(await from(result(), ...flags)).toMatchObject({
          code: 1,
          err: expect.stringContaining('error[cli.conflicting-flags]'),
        })
    })
  })
})
