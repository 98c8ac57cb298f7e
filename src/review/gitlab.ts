import { z } from 'zod'
import { answerIn, shortened } from './answers.ts'
import type { ApiClient } from './api-client.ts'
import type { CommitReport, Forge, LineRange, OwnComment, PullRequestState } from './forge.ts'
import { ForgeError } from './forge-error.ts'
import { markerIn, markerLine, withoutMarker } from './marker.ts'

/** @see GitLab API, "Commits": the description of a status */
const LONGEST_DESCRIPTION = 255

interface GitLabPlace {
  /** A number, or the project's whole path. */
  readonly project: string
  /** The merge request's number in its project. */
  readonly number: number
}

// Of what comes only what is used is looked at: later versions say more.
const Note = z.object({
  id: z.number().int(),
  body: z.string(),
  author: z.object({ id: z.number().int() }),
  system: z.boolean().optional(),
})
const Created = z.object({ id: z.number().int() })
const MergeRequest = z.object({ sha: z.string().nullish(), labels: z.array(z.string()) })
const User = z.object({ id: z.number().int() })

/** The notes of a merge request on GitLab. */
export class GitLab implements Forge {
  readonly #api: ApiClient
  readonly #place: GitLabPlace

  constructor(api: ApiClient, place: GitLabPlace) {
    this.#api = api
    this.#place = place
  }

  async state(): Promise<PullRequestState> {
    const { sha, labels } = answerIn(MergeRequest, await this.#api.read(this.#request))
    return { head: sha ?? null, labels }
  }

  async comments(): Promise<readonly OwnComment[]> {
    const me = answerIn(User, await this.#api.read('/user'))
    const notes = await this.#api.pages(`${this.#request}/notes?order_by=created_at&sort=asc`)
    return answerIn(z.array(Note), notes)
      .filter(({ author, body, system }) => author.id === me.id && system !== true && markerIn(body) !== null)
      .map(({ id, body }) => ({ id, nodeId: null, body, isHidden: false }))
      .sort((a, b) => a.id - b.id)
  }

  async create(body: string): Promise<OwnComment> {
    const answered = await this.#api.write('POST', `${this.#request}/notes`, { body })
    const id = answered === null ? Number.MAX_SAFE_INTEGER : answerIn(Created, answered).id
    return { id, nodeId: null, body, isHidden: false }
  }

  async edit({ id }: OwnComment, body: string): Promise<void> {
    await this.#api.write('PUT', `${this.#request}/notes/${id}`, { body })
  }

  /** Nothing can be minimised here: what it said is put into a fold. */
  async supersede(comment: OwnComment): Promise<void> {
    const marker = markerIn(comment.body)
    if (marker === null) return
    const lines = [
      markerLine({ ...marker, state: 'superseded' }),
      '<details><summary>superseded by a later comment</summary>',
      '',
      withoutMarker(comment.body),
      '',
      '</details>',
    ]
    await this.edit(comment, lines.join('\n'))
  }

  async changeLabels(add: readonly string[], remove: readonly string[]): Promise<void> {
    if (add.length + remove.length === 0) return
    await this.#api.write('PUT', this.#request, {
      ...(add.length === 0 ? {} : { add_labels: add.join(',') }),
      ...(remove.length === 0 ? {} : { remove_labels: remove.join(',') }),
    })
  }

  async report({ commit, name, conclusion, title, link }: CommitReport): Promise<void> {
    const state = STATES[conclusion]
    if (state === null) return
    await this.#api
      .write('POST', `${this.#project}/statuses/${commit}`, {
        state,
        name,
        description: shortened(title, LONGEST_DESCRIPTION),
        ...(link === null ? {} : { target_url: link }),
      })
      .catch(unlessSame)
  }

  /** GitLab annotates no lines of a commit. */
  async changedLines(): Promise<ReadonlyMap<string, readonly LineRange[]>> {
    return new Map()
  }

  get #project(): string {
    return `/projects/${encodeURIComponent(this.#place.project)}`
  }

  get #request(): string {
    return `${this.#project}/merge_requests/${this.#place.number}`
  }
}

/** A status has no word for what is neither: what isn't known is left unsaid rather than green. */
const STATES = { pass: 'success', look: 'success', unknown: null, fail: 'failed' } as const

/** A status that is what it was is refused. */
function unlessSame(error: unknown): void {
  if (!(error instanceof ForgeError && error.status === 400 && /cannot transition/i.test(error.message)))
    throw error
}
