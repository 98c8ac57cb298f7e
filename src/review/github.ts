import { z } from 'zod'
import { answerIn, shortened } from './answers.ts'
import type { ApiClient } from './api-client.ts'
import { changedLinesIn } from './changed-lines.ts'
import type { Annotation, CommitReport, Forge, LineRange, OwnComment, PullRequestState } from './forge.ts'
import { ForgeError } from './forge-error.ts'
import { markerIn } from './marker.ts'

/** @see GitHub REST API, "Create a check run": annotations of one request */
const ANNOTATIONS_A_CALL = 50
/** Beyond that nobody reads on, and each fifty take a call. */
const MOST_ANNOTATIONS = 250
/** @see GitHub REST API, "Create a commit status" */
const LONGEST_DESCRIPTION = 140
/** Ids of one GraphQL query. */
const IDS_A_CALL = 100

interface GitHubPlace {
  /** `owner/name`. */
  readonly repository: string
  readonly number: number
  readonly graphqlUrl: string
}

// Of what comes only what is used is looked at: later versions say more.
const Comment = z.object({
  id: z.number().int(),
  node_id: z.string(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
})
const Pull = z.object({
  head: z.object({ sha: z.string() }),
  labels: z.array(z.object({ name: z.string() })),
})
const ChangedFile = z.object({ filename: z.string(), patch: z.string().nullish() })
const Created = z.object({ id: z.number().int() })
const Known = z.object({
  viewer: z.object({ login: z.string() }),
  nodes: z.array(
    z
      .object({ id: z.string(), isMinimized: z.boolean(), viewerDidAuthor: z.boolean() })
      .or(z.null())
      // What is no comment any more has none of these.
      .catch(null),
  ),
})

const WHO_WROTE =
  'query($ids: [ID!]!) { viewer { login } nodes(ids: $ids) { ... on IssueComment { id isMinimized viewerDidAuthor } } }'
const MINIMIZE =
  'mutation($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { isMinimized } } }'

/** The comments of a pull request on GitHub, or a server of GitHub Enterprise. */
export class GitHub implements Forge {
  readonly #api: ApiClient
  readonly #place: GitHubPlace

  constructor(api: ApiClient, place: GitHubPlace) {
    this.#api = api
    this.#place = place
  }

  async state(): Promise<PullRequestState> {
    const { head, labels } = answerIn(
      Pull,
      await this.#api.read(`${this.#repository}/pulls/${this.#place.number}`),
    )
    return { head: head.sha, labels: labels.map(({ name }) => name) }
  }

  /** Whose a comment is, GitHub says: a name can be anybody's, and an app may not ask for its own. */
  async comments(): Promise<readonly OwnComment[]> {
    const listed = answerIn(z.array(Comment), await this.#api.pages(`${this.#issue}/comments`))
    const marked = listed.filter(({ body }) => markerIn(body ?? '') !== null)
    const own: OwnComment[] = []
    for (let at = 0; at < marked.length; at += IDS_A_CALL) {
      const some = marked.slice(at, at + IDS_A_CALL)
      const ids = some.map(({ node_id }) => node_id)
      const answered = await this.#api.query(this.#place.graphqlUrl, WHO_WROTE, { ids })
      const { viewer, nodes } = answerIn(Known, answered)
      const known = new Map(nodes.flatMap((node) => (node === null ? [] : [[node.id, node] as const])))
      for (const { id, node_id, body, user } of some) {
        const node = known.get(node_id)
        if (node === undefined || !(node.viewerDidAuthor || user?.login === viewer.login)) continue
        own.push({ id, nodeId: node_id, body: body ?? '', isHidden: node.isMinimized })
      }
    }
    return own.sort((a, b) => a.id - b.id)
  }

  async create(body: string): Promise<OwnComment> {
    const answered = await this.#api.write('POST', `${this.#issue}/comments`, { body })
    if (answered === null) return { id: Number.MAX_SAFE_INTEGER, nodeId: null, body, isHidden: false }
    const { id, node_id } = answerIn(Comment, answered)
    return { id, nodeId: node_id, body, isHidden: false }
  }

  async edit({ id }: OwnComment, body: string): Promise<void> {
    await this.#api.write('PATCH', `${this.#repository}/issues/comments/${id}`, { body })
  }

  async supersede({ nodeId }: OwnComment): Promise<void> {
    await this.#api.mutate(this.#place.graphqlUrl, MINIMIZE, { id: nodeId })
  }

  async changeLabels(add: readonly string[], remove: readonly string[]): Promise<void> {
    if (add.length > 0) await this.#api.write('POST', `${this.#issue}/labels`, { labels: add })
    for (const label of remove)
      await this.#api
        .write('DELETE', `${this.#issue}/labels/${encodeURIComponent(label)}`, null)
        .catch(unlessGone)
  }

  /** A check run, which an app may make only; for other tokens a commit status. */
  async report(report: CommitReport): Promise<void> {
    try {
      await this.#checkRun(report)
    } catch (error) {
      if (!(error instanceof ForgeError) || (error.status !== 403 && error.status !== 404)) throw error
      await this.#commitStatus(report)
    }
  }

  async changedLines(): Promise<ReadonlyMap<string, readonly LineRange[]>> {
    const files = await this.#api.pages(`${this.#repository}/pulls/${this.#place.number}/files`)
    return new Map(
      answerIn(z.array(ChangedFile), files).map(({ filename, patch }) => [
        filename,
        changedLinesIn(patch ?? ''),
      ]),
    )
  }

  async #checkRun(report: CommitReport): Promise<void> {
    const { commit, name, conclusion, title, summary, link } = report
    const annotations = report.annotations.slice(0, MOST_ANNOTATIONS).map(annotationJson)
    const left = report.annotations.length - annotations.length
    const output = {
      title,
      summary: left === 0 ? summary : `${summary}\n\n${left} more places are not annotated.`,
    }
    const answered = await this.#api.write('POST', `${this.#repository}/check-runs`, {
      name,
      head_sha: commit,
      status: 'completed',
      conclusion: CHECK_CONCLUSIONS[conclusion],
      output: { ...output, annotations: annotations.slice(0, ANNOTATIONS_A_CALL) },
      ...(link === null ? {} : { details_url: link }),
    })
    const id = answered === null ? 'ID' : answerIn(Created, answered).id
    for (let at = ANNOTATIONS_A_CALL; at < annotations.length; at += ANNOTATIONS_A_CALL)
      await this.#api.write('PATCH', `${this.#repository}/check-runs/${id}`, {
        output: { ...output, annotations: annotations.slice(at, at + ANNOTATIONS_A_CALL) },
      })
  }

  async #commitStatus({ commit, name, conclusion, title, link }: CommitReport): Promise<void> {
    const state = STATUS_STATES[conclusion]
    if (state === null) return
    await this.#api.write('POST', `${this.#repository}/statuses/${commit}`, {
      state,
      context: name,
      description: shortened(title, LONGEST_DESCRIPTION),
      ...(link === null ? {} : { target_url: link }),
    })
  }

  get #repository(): string {
    return `/repos/${this.#place.repository}`
  }

  get #issue(): string {
    return `${this.#repository}/issues/${this.#place.number}`
  }
}

const CHECK_CONCLUSIONS = { pass: 'success', look: 'neutral', unknown: 'neutral', fail: 'failure' } as const

/** A status has no word for what is neither: what isn't known is left unsaid rather than green. */
const STATUS_STATES = { pass: 'success', look: 'success', unknown: null, fail: 'failure' } as const

const annotationJson = ({ path, start, end, level, title, message }: Annotation): object => ({
  path,
  start_line: start,
  end_line: end,
  annotation_level: level,
  title,
  message,
})

function unlessGone(error: unknown): void {
  if (!(error instanceof ForgeError && error.isGone)) throw error
}
