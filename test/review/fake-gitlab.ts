import type { ForgePlace } from '../../src/review/open-forge.ts'
import { type Asked, FakeService, type Remark, type Said } from './fake-service.ts'

const PROJECT = '/api/v4/projects/acme%2Fiam'
const REQUEST = `${PROJECT}/merge_requests/7`

/** What GitLab answers, as far as it matters, and some of what doesn't. */
export class FakeGitLab extends FakeService {
  readonly name = 'GitLab'
  readonly me = 'project_1_bot'
  override longest = 1_000_000

  place(): ForgePlace {
    return { service: 'gitlab', apiUrl: `${this.url}/api/v4`, project: 'acme/iam', number: 7 }
  }

  environment(): Readonly<Record<string, string>> {
    return {
      GITLAB_CI: 'true',
      CI_API_V4_URL: `${this.url}/api/v4`,
      CI_PROJECT_ID: 'acme/iam',
      CI_MERGE_REQUEST_IID: '7',
      CI_COMMIT_SHA: 'c0ffee',
      GITLAB_TOKEN: 'token-of-the-job',
    }
  }

  answer({ method, path, query, body }: Asked): Said {
    if (method === 'GET' && path === '/api/v4/user') return { status: 200, body: authorOf(this.me) }
    if (path === REQUEST) {
      for (const label of labelsIn(body.add_labels)) this.labels.add(label)
      for (const label of labelsIn(body.remove_labels)) this.labels.delete(label)
      return { status: 200, body: { iid: 7, sha: this.head, labels: [...this.labels], state: 'opened' } }
    }
    if (path === `${REQUEST}/notes` && method === 'GET') {
      const page = this.page(this.remarks.map(noteJson), query)
      return { status: 200, body: page.items, headers: { 'x-next-page': String(page.next ?? '') } }
    }
    if (path === `${REQUEST}/notes`)
      return this.#tooLong(body) ?? { status: 201, body: noteJson(this.add(this.me, String(body.body))) }
    if (path.startsWith(`${REQUEST}/notes/`)) {
      const remark = this.remarks.find(({ id }) => path.endsWith(`/${id}`))
      if (remark === undefined) return { status: 404, body: { message: '404 Note Not Found' } }
      const refused = this.#tooLong(body)
      if (refused !== null) return refused
      remark.body = String(body.body)
      remark.isHidden = remark.body.includes('<details><summary>superseded')
      return { status: 200, body: noteJson(remark) }
    }
    const commit = new RegExp(`^${PROJECT}/statuses/(\\w+)$`).exec(path)?.[1]
    if (commit === undefined) return { status: 404, body: { error: '404 Not Found' } }
    const last = this.reports.findLast((each) => each.commit === commit && each.name === body.name)
    if (last?.outcome === body.state)
      return { status: 400, body: { message: `Cannot transition status via :succeed from :${body.state}` } }
    this.reports.push({
      kind: 'status',
      commit,
      name: String(body.name),
      outcome: String(body.state),
      title: String(body.description),
      annotations: [],
      perCall: [],
    })
    return { status: 201, body: { id: 1 } }
  }

  #tooLong({ body }: Record<string, unknown>): Said | null {
    return String(body).length <= this.longest
      ? null
      : { status: 400, body: { message: { note: [`is too long (maximum is ${this.longest} characters)`] } } }
  }
}

const labelsIn = (text: unknown): readonly string[] => (typeof text === 'string' ? text.split(',') : [])

const authorOf = (username: string): object => ({
  id: [...username].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7) % 1_000_003,
  username,
  state: 'active',
})

const noteJson = ({ id, author, body }: Remark): object => ({
  id,
  body,
  author: authorOf(author),
  system: false,
  noteable_type: 'MergeRequest',
  resolvable: false,
})
