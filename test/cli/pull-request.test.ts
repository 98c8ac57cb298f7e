import { describe, expect, it } from 'vitest'
import { pullRequestIn } from '../../src/cli/arguments/pull-request.ts'
import { DiagnosticError } from '../../src/diagnostics/index.ts'

const HEAD = 'a'.repeat(40)
const EVENT = {
  action: 'synchronize',
  number: 7,
  pull_request: { number: 7, head: { sha: HEAD, ref: 'x' }, base: { sha: 'b', ref: 'main' }, merged: false },
}
const GITHUB = {
  GITHUB_ACTIONS: 'true',
  GITHUB_REPOSITORY: 'acme/iam',
  GITHUB_SHA: 'c'.repeat(40),
  GITHUB_EVENT_NAME: 'pull_request',
}
const GITLAB = {
  GITLAB_CI: 'true',
  CI_API_V4_URL: 'https://git.acme.example/api/v4',
  CI_PROJECT_ID: '42',
  CI_PROJECT_PATH: 'acme/iam',
  CI_MERGE_REQUEST_IID: '7',
  CI_COMMIT_SHA: HEAD,
}

const problem = (flags: Record<string, string>, environment: Record<string, string>): string => {
  try {
    pullRequestIn(flags, environment, null)
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0]?.message ?? ''
    throw error
  }
  return ''
}

describe('which pull request a job is about', () => {
  it('in GitHub Actions: by the event; the commit is the one that is proposed, not the merge that is checked out', () => {
    expect(pullRequestIn({}, GITHUB, EVENT)).toEqual({
      place: {
        service: 'github',
        apiUrl: 'https://api.github.com',
        graphqlUrl: 'https://api.github.com/graphql',
        repository: 'acme/iam',
        number: 7,
      },
      name: 'acme/iam#7',
      tokenVariable: 'GITHUB_TOKEN',
      commit: HEAD,
      target: { branch: 'main', commit: 'b' },
      link: null,
    })
  })

  it('on a server of GitHub Enterprise: by what its runner says, or beside it', () => {
    const apiUrl = 'https://ghe.acme.example/api/v3'
    const server = { ...GITHUB, GITHUB_API_URL: `${apiUrl}/` }
    expect(pullRequestIn({}, server, EVENT).place).toMatchObject({
      apiUrl,
      graphqlUrl: 'https://ghe.acme.example/api/graphql',
    })
    const run = { GITHUB_SERVER_URL: 'https://ghe.acme.example', GITHUB_RUN_ID: '99' }
    expect(pullRequestIn({}, { ...server, ...run }, EVENT).link).toBe(
      'https://ghe.acme.example/acme/iam/actions/runs/99',
    )
  })

  it('after another run: its commit; the pull request if there is exactly one', () => {
    const ran = (...numbers: readonly number[]) => ({
      workflow_run: { head_sha: HEAD, pull_requests: numbers.map((number) => ({ number })) },
    })
    expect(pullRequestIn({}, GITHUB, ran(7))).toMatchObject({ name: 'acme/iam#7', commit: HEAD })
    // Of a fork's run GitHub lists none.
    expect(pullRequestIn({}, GITHUB, ran())).toMatchObject({ place: null, commit: HEAD })
    expect(pullRequestIn({}, GITHUB, ran(7, 8)).place).toBeNull()
    expect(pullRequestIn({ pullRequest: '9' }, GITHUB, ran())).toMatchObject({ name: 'acme/iam#9' })
  })

  it('in GitLab CI: by variables; of merged results the commit is the one of the branch', () => {
    expect(pullRequestIn({}, GITLAB, null)).toMatchObject({
      place: { service: 'gitlab', apiUrl: 'https://git.acme.example/api/v4', project: '42', number: 7 },
      name: 'acme/iam!7',
      commit: HEAD,
    })
    const merged = { ...GITLAB, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: 'd'.repeat(40) }
    expect(pullRequestIn({}, merged, null).commit).toBe('d'.repeat(40))
  })

  it.each([
    ['a push', GITHUB, { ref: 'refs/heads/main', after: HEAD }, '`pull_request` is about no pull request'],
    ['no event', {}, null, 'no repository is named'],
    ['an event of another form', GITHUB, { pull_request: 'x' }, 'is about no pull request'],
    ['a pipeline of a branch', { ...GITLAB, CI_MERGE_REQUEST_IID: '' }, null, 'no pull request is named'],
  ])('%s: none, and why', (_, environment, event, why) => {
    const { place, name } = pullRequestIn({}, environment, event)
    expect(place).toBeNull()
    expect(name).toContain(why)
  })

  it('flags go before the environment', () => {
    const flags = { service: 'gitlab', repository: 'other/iam', pullRequest: '8', commit: HEAD }
    expect(pullRequestIn(flags, GITHUB, EVENT)).toMatchObject({ name: 'other/iam!8', commit: HEAD })
  })

  it.each([
    [{ pullRequest: '7; rm' }, {}, 'no number'],
    [{ pullRequest: '0' }, {}, 'no number'],
    [{ commit: 'main' }, {}, 'not a whole commit'],
    [{ repository: '../../user' }, {}, 'no repository'],
    [{}, { GITHUB_API_URL: 'file:///etc/passwd' }, '`GITHUB_API_URL` is set to'],
    [{}, { GITHUB_API_URL: 'https://user:secret@evil.example' }, '`GITHUB_API_URL` is set to'],
  ])('%j %j is refused', (flags, environment, why) => {
    expect(problem(flags, { ...GITHUB, ...environment })).toContain(why)
  })
})
