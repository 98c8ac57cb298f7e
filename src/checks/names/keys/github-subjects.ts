import { nearest } from '../../../diagnostics/index.ts'
import { meant, type NameProblem } from '../name-problem.ts'

/** Also with an enterprise's path, or on its own domain. */
export const isGithubSubject = (key: string): boolean =>
  /^token\.actions\.(?:githubusercontent\.com|[a-z0-9-]+\.ghe\.com)(?:\/[^:]*)?:sub$/i.test(key)

/**
 * What a subject is put together of: as GitHub does, or as an organization says.
 * @see GitHub Docs, "OpenID Connect reference": subject claims, customizing the token claims
 */
const PARTS: readonly string[] = [
  'actor',
  'actor_id',
  'base_ref',
  'check_run_id',
  'context',
  'enterprise',
  'enterprise_id',
  'environment',
  'event_name',
  'head_ref',
  'job_workflow_ref',
  'job_workflow_sha',
  'pull_request',
  'ref',
  'ref_type',
  'repo',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'repository_visibility',
  'run_attempt',
  'run_id',
  'run_number',
  'runner_environment',
  'sha',
  'workflow',
  'workflow_ref',
  'workflow_sha',
]

/** Whether a text, with wildcards and variables, can be the subject of a workflow's token. */
export function githubSubjectProblem(value: string): NameProblem | null {
  const open = value.search(/[*?]|\$\{/)
  const literal = open === -1 ? value : value.slice(0, open)
  const [, word = '', rest = null] = /^([^:]*)(?::(.*))?$/s.exec(literal) ?? []
  // Up to a wildcard the word may go on.
  if (rest === null && open !== -1 && PARTS.some((part) => part.startsWith(word))) return null
  if (word !== 'repo')
    return PARTS.includes(word)
      ? null
      : problem(value, withPart(value, word) ?? (/^[^:/*]+\/[^:]+/.test(value) ? `repo:${value}` : null))
  const text = rest ?? ''
  if (!/^[^/:]+\/[^/:]/.test(text))
    return open !== -1 && /^[^/:]*\/?$/.test(text) && rest !== null ? null : problem(value, null)
  const [, next = '', end = null] = /^[^:]*:([^:]*)(:.*)?$/s.exec(text) ?? []
  if (next === '' && end === null) return null
  if (end === null) {
    const mayGoOn = open !== -1 && PARTS.some((part) => part.startsWith(next))
    return mayGoOn || PARTS.includes(next) ? null : problem(value, withPart(value, next))
  }
  if (!PARTS.includes(next)) return problem(value, withPart(value, next))
  if (next !== 'ref') return null
  const ref = end.slice(1)
  const isRef = ref.startsWith('refs/') || (open !== -1 && 'refs/'.startsWith(ref))
  return isRef ? null : problem(value, value.replace(/:ref:(?:refs?\/)?(?:heads\/)?/, ':ref:refs/heads/'))
}

function withPart(value: string, word: string): string | null {
  const near = nearest(word, PARTS)
  return near === null ? null : value.replace(word, near)
}

const problem = (value: string, near: string | null): NameProblem => ({
  code: 'names.kind-of-value',
  message: `no workflow of GitHub has the subject \`${value}\``,
  help: near === null ? 'write `repo:ORG/REPO:ref:refs/heads/BRANCH`, or `repo:ORG/REPO:*`' : meant(near),
})
