import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runHere } from './cli/in-process.ts'
import { readMarkdown } from './report/markdown-reader.ts'
import { commitAll, temporaryFolder } from './source/folders.ts'

const REVIEWS = fileURLToPath(new URL('../examples/reviews', import.meta.url))
const HERE = relative(process.cwd(), REVIEWS)

interface Reviewed {
  readonly name: string
  /** What whoever reads the folder expects, by AWS's rules. */
  readonly verdict: string
  readonly exitCode: number
  /** What a reviewer must not miss. */
  readonly says: readonly string[]
  /** Of a project's: what the pull request is labelled. */
  readonly labels?: readonly string[]
}

const PULL_REQUESTS: readonly Reviewed[] = [
  {
    name: 'add-user-to-group',
    verdict: '🔴 2 gain',
    exitCode: 0,
    says: ['joins', 'group/admins'],
    labels: ['iam:gain', 'iam:escalation'],
  },
  { name: 'cloudformation-change', verdict: '🔴 1 gain · 1 loses', exitCode: 0, says: ['DeleteObject'] },
  {
    name: 'dropped-invariant',
    verdict: '🔴 1 gain · 1 weakened',
    exitCode: 0,
    says: ['What no longer protects', 'nobody deletes from the audit trail', 'DeleteObject'],
    labels: ['iam:gain', 'iam:weakened'],
  },
  { name: 'formatting-only', verdict: '🟢 no changes', exitCode: 0, says: [], labels: ['iam:none'] },
  {
    name: 'mass-delete',
    verdict: '🔴 7 loses · 7 deletes',
    exitCode: 3,
    says: ['the guard refuses', 'maxDeletePercent'],
    labels: ['iam:destroy'],
  },
  { name: 'merged-statements', verdict: '🔴 1 gain', exitCode: 0, says: ['acme-payroll', 'PutObject'] },
  { name: 'mfa-condition-dropped', verdict: '🔴 2 gain', exitCode: 0, says: ['without MFA'] },
  { name: 'not-action-grant', verdict: '🔴 2 gain', exitCode: 0, says: ['services'] },
  {
    name: 'oidc-trust-that-fixes-nobody',
    verdict: '🔴 1 gain',
    exitCode: 0,
    says: ['Public and outside', 'role/deploy'],
  },
  { name: 'terraform-plan', verdict: '🔴 1 gain', exitCode: 0, says: ['acme-'] },
]

/** What was is committed, what is stands in the working tree. */
async function pullRequest(before: string, after: string): Promise<string> {
  const folder = temporaryFolder()
  cpSync(before, folder, { recursive: true })
  await commitAll(folder, 'before')
  for (const name of readdirSync(folder)) if (name !== '.git') rmSync(join(folder, name), { recursive: true })
  cpSync(after, folder, { recursive: true })
  return folder
}

const side = (name: string, of: 'before' | 'after', ...path: readonly string[]) =>
  join(HERE, name, of, ...path)

/** As they stand from here: how lines are broken hangs on how long names of files are. */
async function ofFolder(name: string) {
  if (existsSync(side(name, 'after', 'plan.json')))
    return runHere('access', 'diff', `tfplan:${side(name, 'after', 'plan.json')}`, '--format', 'markdown')
  if (existsSync(side(name, 'after', 'template.yaml')))
    return runHere(
      ...[
        'access',
        'diff',
        `cfn:${side(name, 'before', 'template.yaml')}`,
        `cfn:${side(name, 'after', 'template.yaml')}`,
      ],
      ...['--account-id', '111122223333', '--format', 'markdown'],
    )
  const folder = await pullRequest(side(name, 'before'), side(name, 'after'))
  return runHere('plan', folder, '--against', 'git:main', '--format', 'markdown')
}

const withoutPlaces = (text: string): string => text.replaceAll(`${HERE}/`, '')

describe('the comment on a pull request', () => {
  it.each(PULL_REQUESTS)('$name', async ({ name, verdict, exitCode, says }) => {
    const ran = await ofFolder(name)
    const comment = withoutPlaces(ran.out)
    await expect(comment).toMatchFileSnapshot(join(REVIEWS, name, 'comment.md'))
    expect([comment.split('\n')[0], ran.code]).toEqual([verdict, exitCode])
    for (const each of says) expect(comment.slice(0, 2000)).toContain(each)
    expect(() => readMarkdown(comment)).not.toThrow()
  })

  it.each(PULL_REQUESTS.filter(({ labels }) => labels !== undefined))(
    '$name: its labels',
    async ({ name, labels }) => {
      const folder = await pullRequest(side(name, 'before'), side(name, 'after'))
      const { out } = await runHere(
        ...['comment', folder, '--against', 'git:main', '--dry-run', '--json'],
        ...['--repository', 'acme/iam', '--pull-request', '7'],
      )
      expect(JSON.parse(out).comment.labels).toEqual({ add: labels, remove: [] })
    },
  )

  it('is there for every folder', () => {
    // Five thousand changes take a while: `test/soak/large-review.mjs` makes that comment.
    const names = [...PULL_REQUESTS.map(({ name }) => name), 'five-thousand-changes']
    expect(readdirSync(REVIEWS).filter((name) => name !== 'README.md')).toEqual(names.sort())
  })
})
