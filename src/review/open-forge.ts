import { ApiClient, type PlannedCall } from './api-client.ts'
import type { Forge } from './forge.ts'
import { GitHub } from './github.ts'
import { GitLab } from './gitlab.ts'
import type { WebPorts } from './http.ts'

/** Where comments are kept. URLs are those of the API, without a slash at the end. */
export type ForgePlace =
  | {
      readonly service: 'github'
      readonly apiUrl: string
      readonly graphqlUrl: string
      /** `owner/name`. */
      readonly repository: string
      readonly number: number
    }
  | {
      readonly service: 'gitlab'
      readonly apiUrl: string
      /** A number, or the project's whole path. */
      readonly project: string
      /** The merge request's number in its project. */
      readonly number: number
    }

/**
 * @param token null: nothing can be read either, and is taken not to be there
 * @param planned takes the calls that would write, in place of sending them; null: all is sent
 */
export function openForge(
  place: ForgePlace,
  token: string | null,
  ports: WebPorts,
  planned: PlannedCall[] | null,
): Forge {
  const headers = { 'user-agent': 'iam-sync', ...headersOf(place.service, token ?? '') }
  const name = place.service === 'github' ? 'GitHub' : 'GitLab'
  const api = new ApiClient({ name, url: place.apiUrl, headers, token: token ?? '' }, ports, planned)
  const forge = place.service === 'github' ? new GitHub(api, place) : new GitLab(api, place)
  return token === null ? unread(forge) : forge
}

const headersOf = (service: ForgePlace['service'], token: string): Readonly<Record<string, string>> =>
  service === 'github'
    ? {
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        authorization: `Bearer ${token}`,
      }
    : { 'private-token': token }

/** The same where nothing is there yet. */
const unread = (forge: Forge): Forge => ({
  state: async () => ({ head: null, labels: [] }),
  comments: async () => [],
  changedLines: async () => new Map(),
  create: (body) => forge.create(body),
  edit: (comment, body) => forge.edit(comment, body),
  supersede: (comment) => forge.supersede(comment),
  changeLabels: (add, remove) => forge.changeLabels(add, remove),
  report: (report) => forge.report(report),
})
