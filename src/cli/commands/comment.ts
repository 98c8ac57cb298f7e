import { type Diagnostic, DiagnosticError, errorOf, warningOf } from '../../diagnostics/index.ts'
import type { PlannedCall } from '../../review/api-client.ts'
import { codeQualityReport } from '../../review/code-quality.ts'
import { commentOf } from '../../review/comment-of.ts'
import { openForge } from '../../review/open-forge.ts'
import { type PostedReview, postReview, type ReviewComment, unposted } from '../../review/post-review.ts'
import { folderInRepository } from '../../source/folder-in-repository.ts'
import { type PullRequest, pullRequestIn } from '../arguments/pull-request.ts'
import { wholeAt } from '../arguments/whole-at.ts'
import { type CommandOutcome, flagSet, flagText, type Invocation } from '../command.ts'
import { recordedRun } from '../commenting/recorded-run.ts'
import { reviewedRun } from '../commenting/reviewed-run.ts'
import { EXIT, exitCodeOf } from '../exit-code.ts'
import { fileBytes } from '../opening/file-bytes.ts'
import { webPorts } from '../opening/web-ports.ts'
import { replaceFile, unwrittenReason } from '../output/replace-file.ts'

export async function run(invocation: Invocation): Promise<CommandOutcome> {
  const { folder, accounts, flags } = invocation
  const request = pullRequestIn(flags, process.env, eventIn(process.env.GITHUB_EVENT_PATH))
  const from = flagText(flags, 'from')
  if (from !== null && request.commit === null && !flagSet(flags, 'dryRun')) throw unboundResult()
  const [path, asOf] = [folderInRepository(folder), flagText(flags, 'asOf')]
  const made =
    from === null ? await reviewedRun(invocation, () => baseOf(folder, request)) : recordedRun(from, flags)
  const { review, exitCode, why } = made
  const key = {
    project: asOf === null ? path : `${path}#${asOf}`,
    accounts,
    tag: flagText(flags, 'tag'),
    origin: from === null ? 'run' : 'data',
  } as const
  const comment = commentOf(review, {
    key,
    folder: asOf === null ? path : null,
    commit: request.commit,
    link: wholeAt(flags) ?? request.link,
    fails: exitCode !== EXIT.ok,
  })
  const report = flagText(flags, 'codeQuality')
  if (report !== null) writeReport(report, comment)
  const planned: PlannedCall[] | null = flagSet(flags, 'dryRun') ? [] : null
  const posted = await posting(request, planned, comment, tokenOf(request))
  const warnings = posted.failures.map(failureWarning)
  const isStrict = flagSet(flags, 'strict') && warnings.length > 0
  return {
    exitCode: exitCodeOf([exitCode, ...(isStrict ? [EXIT.error] : [])]),
    why: [...why, ...(isStrict ? ['the comment could not be kept'] : [])],
    result: {
      type: 'comment',
      of: planned === null ? made.results : [],
      comment: {
        outcome: planned === null ? posted.comment : 'planned',
        where: request.place === null ? null : request.name,
        body: posted.body,
        labels: posted.labels,
        calls: planned,
      },
    },
    diagnostics: [...made.diagnostics, ...warnings],
    texts: made.texts,
    shown: made.shown,
  }
}

/** @throws DiagnosticError `cli.write-error` */
function writeReport(file: string, { report }: ReviewComment): void {
  try {
    // The checkout of a pull request may hold a link of this name.
    replaceFile(file, codeQualityReport(report?.annotations ?? []), 0o666)
  } catch (error) {
    throw new DiagnosticError(
      errorOf({
        code: 'cli.write-error',
        message: `\`--code-quality\` can't be written into \`${file}\`: ${unwrittenReason(error)}`,
        help: 'name a file in a folder that you may write to',
      }),
    )
  }
}

/** As GitHub's runners leave it beside a job. @throws DiagnosticError `cli.invalid-value` when it is there and can't be read */
function eventIn(path: string | undefined): unknown {
  if (path === undefined || path === '') return null
  try {
    return JSON.parse(Buffer.from(fileBytes(path, MOST_EVENT_BYTES)).toString('utf8'))
  } catch {
    throw new DiagnosticError(
      errorOf({
        code: 'cli.invalid-value',
        message: `\`GITHUB_EVENT_PATH\` names \`${path}\`, which can't be read as JSON`,
        help: 'unset it, and name the pull request: `--repository OWNER/NAME --pull-request 7 --commit COMMIT`',
      }),
    )
  }
}

const MOST_EVENT_BYTES = 32 * 1024 * 1024

/** What isn't trusted must not be shown where it isn't about. */
const unboundResult = (): DiagnosticError =>
  new DiagnosticError(
    errorOf({
      code: 'cli.missing-flag',
      message:
        '`--from` takes a result that is not trusted, and the commit that it has to be about is not known',
      help: 'add `--commit COMMIT`: the head of the run that made it, as the event of this job says it',
    }),
  )

/**
 * The commit that a pull request goes out from: what has been added to its target since is not its doing.
 * @throws DiagnosticError `cli.missing-flag`, `git.…`
 */
async function baseOf(folder: string, { target }: PullRequest): Promise<string> {
  const { lastCommonCommit } = await import('../../source/git/git.ts')
  for (const ref of [target.branch === null ? null : `origin/${target.branch}`, target.commit]) {
    const base = ref === null ? null : await lastCommonCommit(folder, ref)
    if (base !== null) return base
  }
  throw new DiagnosticError(
    errorOf({
      code: 'cli.missing-flag',
      message: 'what the pull request is compared with is not known, or not in this clone',
      help: 'get all of history (`fetch-depth: 0`, `GIT_DEPTH: 0`), or name it: `--against git:origin/main`; `--against target` reads what is applied',
    }),
  )
}

/** Of no other variable, and of no flag: what stands on a command line is seen by others. */
function tokenOf({ tokenVariable }: PullRequest): string | null {
  const token = process.env[tokenVariable] ?? ''
  return token === '' ? null : token
}

async function posting(
  { place, name, tokenVariable }: PullRequest,
  planned: PlannedCall[] | null,
  comment: ReviewComment,
  token: string | null,
): Promise<PostedReview> {
  if (place === null) return unposted(comment, planned === null ? name : null)
  if (token === null && planned === null) return unposted(comment, `\`${tokenVariable}\` is not set`)
  return postReview(comment, openForge(place, token, webPorts, planned))
}

const FAILURES = {
  comment: { code: 'review.no-comment', message: 'the comment was not written' },
  labels: { code: 'review.no-labels', message: 'labels were not set' },
  report: { code: 'review.no-report', message: 'nothing was said of the commit' },
} as const

/** It is no reason to fail: whoever looks at the run sees it. */
const failureWarning = ({ what, why }: PostedReview['failures'][number]): Diagnostic =>
  warningOf({
    code: FAILURES[what].code,
    message: `${FAILURES[what].message}: ${why}`,
    help: 'the token needs `pull-requests: write`, and `checks: write` or `statuses: write`; of GitLab the scope `api`',
  })
