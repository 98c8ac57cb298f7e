import { z } from 'zod'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import type { ForgePlace } from '../../review/open-forge.ts'
import { type Flags, flagText } from '../command.ts'

/** The pull request that a job is about, as far as its environment and flags tell. */
export interface PullRequest {
  /** null: there is none, or which one it is isn't told. */
  readonly place: ForgePlace | null
  /** `acme/iam#7`; where there is no place, why. */
  readonly name: string
  /** Of the variable that has the token. */
  readonly tokenVariable: 'GITHUB_TOKEN' | 'GITLAB_TOKEN'
  /** The commit that is proposed; null: it isn't told. */
  readonly commit: string | null
  /** The branch that it is to go into, and a commit of that; null: it isn't told. */
  readonly target: { readonly branch: string | null; readonly commit: string | null }
  /** Where the run is seen. */
  readonly link: string | null
}

type Environment = Readonly<Record<string, string | undefined>>

// Of an event only what is used is looked at.
const Event = z.object({
  pull_request: z
    .object({
      number: z.number().int().positive(),
      head: z.object({ sha: z.string() }),
      base: z.object({ sha: z.string(), ref: z.string() }),
    })
    .optional(),
  workflow_run: z
    .object({
      head_sha: z.string(),
      pull_requests: z.array(z.object({ number: z.number().int().positive() })),
    })
    .optional(),
})

/**
 * @param event what the file that `GITHUB_EVENT_PATH` names holds; null: there is none
 * @throws DiagnosticError `cli.invalid-value` when a flag, or a variable that a place is made of, can't be meant
 */
export function pullRequestIn(flags: Flags, environment: Environment, event: unknown): PullRequest {
  const given = {
    repository: flagText(flags, 'repository'),
    number: numberIn(flagText(flags, 'pullRequest')),
    commit: commitIn(flagText(flags, 'commit')),
  }
  const service = flagText(flags, 'service') ?? (said(environment.GITLAB_CI) === null ? 'github' : 'gitlab')
  return service === 'gitlab' ? onGitLab(given, environment) : onGitHub(given, environment, event)
}

interface Given {
  readonly repository: string | null
  readonly number: number | null
  readonly commit: string | null
}

function onGitHub(given: Given, environment: Environment, event: unknown): PullRequest {
  const { pull_request: pull, workflow_run: run } = Event.safeParse(event).data ?? {}
  const repository = given.repository ?? said(environment.GITHUB_REPOSITORY)
  const [only, second] = run?.pull_requests ?? []
  const number = given.number ?? pull?.number ?? (second === undefined ? (only?.number ?? null) : null)
  if (repository !== null && !/^[\w-][\w.-]*\/[\w.-]*[\w-][\w.-]*$/.test(repository))
    throw invalid(`\`${repository}\` is no repository of GitHub`, 'write `--repository OWNER/NAME`')
  const apiUrl = urlIn('GITHUB_API_URL', environment) ?? 'https://api.github.com'
  const place: ForgePlace | null =
    repository === null || number === null
      ? null
      : {
          service: 'github',
          apiUrl,
          graphqlUrl: urlIn('GITHUB_GRAPHQL_URL', environment) ?? graphqlBeside(apiUrl),
          repository,
          number,
        }
  const [server, id] = [urlIn('GITHUB_SERVER_URL', environment), said(environment.GITHUB_RUN_ID)]
  return {
    place,
    name: place === null ? unnamed(repository, environment.GITHUB_EVENT_NAME) : `${repository}#${number}`,
    tokenVariable: 'GITHUB_TOKEN',
    commit: given.commit ?? pull?.head.sha ?? run?.head_sha ?? null,
    target: { branch: pull?.base.ref ?? said(environment.GITHUB_BASE_REF), commit: pull?.base.sha ?? null },
    link:
      server !== null && repository !== null && id !== null && /^\d+$/.test(id)
        ? `${server}/${repository}/actions/runs/${id}`
        : null,
  }
}

/** @see GitHub Enterprise Server, "GraphQL API": its place beside that of REST */
const graphqlBeside = (apiUrl: string): string => `${apiUrl.replace(/\/v3$/, '')}/graphql`

function onGitLab(given: Given, environment: Environment): PullRequest {
  const project = given.repository ?? said(environment.CI_PROJECT_ID)
  const number = given.number ?? numberIn(said(environment.CI_MERGE_REQUEST_IID))
  const place: ForgePlace | null =
    project === null || number === null
      ? null
      : {
          service: 'gitlab',
          apiUrl: urlIn('CI_API_V4_URL', environment) ?? 'https://gitlab.com/api/v4',
          project,
          number,
        }
  const path = given.repository ?? said(environment.CI_PROJECT_PATH) ?? project
  return {
    place,
    name: place === null ? unnamed(path, environment.CI_PIPELINE_SOURCE) : `${path}!${number}`,
    tokenVariable: 'GITLAB_TOKEN',
    commit:
      // Of a pipeline for merged results the commit is one that nobody proposed.
      given.commit ?? said(environment.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA) ?? said(environment.CI_COMMIT_SHA),
    target: {
      branch: said(environment.CI_MERGE_REQUEST_TARGET_BRANCH_NAME),
      commit: said(environment.CI_MERGE_REQUEST_DIFF_BASE_SHA),
    },
    link: urlIn('CI_JOB_URL', environment),
  }
}

const unnamed = (repository: string | null, event: string | undefined): string =>
  repository === null
    ? 'no repository is named'
    : said(event) === null
      ? 'no pull request is named'
      : `\`${said(event)}\` is about no pull request`

/** Variables that are set to nothing are as good as none. */
const said = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text)

function numberIn(text: string | null): number | null {
  if (text === null) return null
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw invalid(`\`${text}\` is no number of a pull request`, 'write `--pull-request 7`')
}

function commitIn(text: string | null): string | null {
  if (text === null || /^[0-9a-f]{40}$/.test(text)) return text
  throw invalid(
    `\`--commit ${text}\` is not a whole commit`,
    'write its forty hexadecimal digits: `git rev-parse HEAD`',
  )
}

/** Without a slash at the end. */
function urlIn(variable: string, environment: Environment): string | null {
  const text = said(environment[variable])
  if (text === null) return null
  if (/^https?:\/\/[\w.-]+(?::\d+)?(?:\/[\w.%~/-]*)?$/.test(text)) return text.replace(/\/+$/, '')
  throw invalid(`\`${variable}\` is set to \`${text}\`, which is no URL`, `unset it, or mend it`)
}

const invalid = (message: string, help: string): DiagnosticError =>
  new DiagnosticError(errorOf({ code: 'cli.invalid-value', message, help }))
