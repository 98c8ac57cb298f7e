import type { ForgePlace } from '../../src/review/open-forge.ts'
import { type Asked, FakeService, type Remark, type Said } from './fake-service.ts'

const REPOSITORY = '/repos/acme/iam'

/** What GitHub answers, as far as it matters, and some of what doesn't. */
export class FakeGitHub extends FakeService {
  readonly name = 'GitHub'
  readonly me = 'github-actions[bot]'
  /** Files that the pull request changes. */
  files: readonly { readonly filename: string; readonly patch?: string }[] = []
  /** Whether the token is an app's, which may make check runs. */
  isApp = true

  place(): ForgePlace {
    const [apiUrl, graphqlUrl] = [this.url, `${this.url}/graphql`]
    return { service: 'github', apiUrl, graphqlUrl, repository: 'acme/iam', number: 7 }
  }

  environment(): Readonly<Record<string, string>> {
    return {
      GITHUB_ACTIONS: 'true',
      GITHUB_API_URL: this.url,
      GITHUB_GRAPHQL_URL: `${this.url}/graphql`,
      GITHUB_REPOSITORY: 'acme/iam',
      GITHUB_TOKEN: 'token-of-the-job',
    }
  }

  answer({ method, path, query, body }: Asked): Said {
    const call = `${method} ${path.startsWith(REPOSITORY) ? path.slice(REPOSITORY.length) : path}`
    if (call === 'POST /graphql') return this.#graphql(body)
    if (call === 'GET /pulls/7')
      return {
        status: 200,
        body: {
          number: 7,
          head: { sha: this.head, ref: 'change' },
          labels: [...this.labels].map((name, id) => ({ id, name, color: 'ededed' })),
        },
      }
    if (call === 'GET /issues/7/comments') return this.#paged(this.remarks.map(remarkJson), query)
    if (call === 'GET /pulls/7/files') return this.#paged(this.files, query)
    if (call === 'POST /issues/7/comments') {
      const refused = this.#tooLong(body)
      return refused ?? { status: 201, body: remarkJson(this.add(this.me, String(body.body))) }
    }
    const edited = /^PATCH \/issues\/comments\/(\d+)$/.exec(call)
    if (edited !== null) {
      const remark = this.remarks.find(({ id }) => id === Number(edited[1]))
      if (remark === undefined) return NOT_FOUND
      const refused = this.#tooLong(body)
      if (refused !== null) return refused
      remark.body = String(body.body)
      return { status: 200, body: remarkJson(remark) }
    }
    if (call === 'POST /issues/7/labels') {
      for (const label of body.labels as readonly string[]) this.labels.add(label)
      return { status: 200, body: [] }
    }
    const unlabelled = /^DELETE \/issues\/7\/labels\/(.+)$/.exec(call)
    if (unlabelled !== null)
      return this.labels.delete(decodeURIComponent(unlabelled[1] ?? ''))
        ? { status: 200, body: [] }
        : NOT_FOUND
    return this.#ofCommit(call, body)
  }

  #ofCommit(call: string, body: Record<string, unknown>): Said {
    if (call.includes('/check-runs') && !this.isApp)
      return { status: 403, body: { message: 'You must authenticate via a GitHub App.' } }
    const output = body.output as { title: string; annotations: { path: string; start_line: number }[] }
    if ((output?.annotations.length ?? 0) > 50)
      return { status: 422, body: { message: 'Invalid request', errors: ['no more than 50 items'] } }
    if (call === 'POST /check-runs') {
      this.reports.push({
        kind: 'check',
        commit: String(body.head_sha),
        name: String(body.name),
        outcome: String(body.conclusion),
        title: output.title,
        annotations: [...output.annotations],
        perCall: [output.annotations.length],
      })
      return { status: 201, body: { id: this.reports.length, html_url: 'x' } }
    }
    const updated = /^PATCH \/check-runs\/(\d+)$/.exec(call)
    if (updated !== null) {
      const report = this.reports[Number(updated[1]) - 1]
      report?.annotations.push(...output.annotations)
      report?.perCall.push(output.annotations.length)
      return { status: 200, body: { id: 1 } }
    }
    const status = /^POST \/statuses\/(\w+)$/.exec(call)
    if (status === null || String(body.description).length > 140) return NOT_FOUND
    this.reports.push({
      kind: 'status',
      commit: status[1] ?? '',
      name: String(body.context),
      outcome: String(body.state),
      title: String(body.description),
      annotations: [],
      perCall: [],
    })
    return { status: 201, body: {} }
  }

  #graphql({ query, variables }: Record<string, unknown>): Said {
    const { ids = [], id } = variables as { ids?: readonly string[]; id?: string }
    const remarkOf = (node: string) => this.remarks.find((each) => `IC_${each.id}` === node)
    if (String(query).startsWith('mutation')) {
      const remark = remarkOf(id ?? '')
      if (remark === undefined)
        return { status: 200, body: { data: null, errors: [{ type: 'NOT_FOUND', message: 'no node' }] } }
      remark.isHidden = true
      return { status: 200, body: { data: { minimizeComment: { minimizedComment: { isMinimized: true } } } } }
    }
    const nodes = ids.map((node) => {
      const remark = remarkOf(node)
      return remark === undefined
        ? null
        : { id: node, isMinimized: remark.isHidden, viewerDidAuthor: remark.author === this.me }
    })
    const errors = nodes.includes(null) ? { errors: [{ type: 'NOT_FOUND', message: 'no node' }] } : {}
    return { status: 200, body: { data: { viewer: { login: this.me }, nodes }, ...errors } }
  }

  #paged(items: readonly unknown[], query: URLSearchParams): Said {
    const page = this.page(items, query)
    return {
      status: 200,
      body: page.items,
      ...(page.next === null
        ? {}
        : {
            headers: { link: `<https://elsewhere.example/x?page=${page.next}>; rel="next", <x>; rel="last"` },
          }),
    }
  }

  #tooLong({ body }: Record<string, unknown>): Said | null {
    if (String(body).length <= this.longest) return null
    const message = `Body is too long (maximum is ${this.longest} characters)`
    const error = { resource: 'IssueComment', code: 'unprocessable', field: 'data', message }
    return { status: 422, body: { message: 'Validation Failed', errors: [error], documentation_url: 'x' } }
  }
}

const NOT_FOUND: Said = { status: 404, body: { message: 'Not Found', documentation_url: 'x', status: '404' } }

const remarkJson = ({ id, author, body }: Remark): object => ({
  id,
  node_id: `IC_${id}`,
  html_url: `https://github.example/acme/iam/pull/7#issuecomment-${id}`,
  body,
  user: { login: author, id: 1, type: author.endsWith('[bot]') ? 'Bot' : 'User' },
  author_association: 'NONE',
  reactions: { total_count: 0 },
})
