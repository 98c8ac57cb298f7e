import { type Located, renderDiagnostic } from '../../src/diagnostics/index.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import type { AwsPolicyNames } from '../../src/manifest/entities/policy-names.ts'
import { loadProject } from '../../src/manifest/load-project.ts'

const AWS_POLICIES = new Map([
  ['ReadOnlyAccess', '/'],
  ['PowerUserAccess', '/'],
  ['AdministratorAccess', '/'],
  ['ViewOnlyAccess', '/job-function/'],
])

/** Four of AWS's policies: enough to resolve names, to mistype them, and to clash with them. */
export const AWS: AwsPolicyNames = {
  arnOf: (name, partition) => {
    const path = AWS_POLICIES.get(name)
    return path === undefined ? null : `arn:${partition}:iam::aws:policy${path}${name}`
  },
  names: () => AWS_POLICIES.keys(),
  has: (arn) =>
    [...AWS_POLICIES].some(
      ([name, path]) => arn.replace(/^arn:[^:]*/, '') === `:iam::aws:policy${path}${name}`,
    ),
}

export const PROJECT = `version: 1
accounts:
  production:
    id: "111122223333"
`

/** Loads files as one project. Without an `iam-sync.yaml` among them, there is one account, `production`. */
export function load(files: Readonly<Record<string, string>>) {
  const hasProject = 'iam-sync.yaml' in files || 'iam-sync.yml' in files
  const all = new Map(Object.entries(hasProject ? files : { 'iam-sync.yaml': PROJECT, ...files }))
  const { project, texts } = loadProject({ kinds: MANIFEST_KINDS, files: all, facts: AWS })
  return { project, texts, desired: project.accounts[0]?.desired ?? null }
}

/** All diagnostics as people see them. */
export function rendered(files: Readonly<Record<string, string>>): string {
  const { project, texts } = load(files)
  return project.diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, texts)).join('\n\n')
}

/** The part of the source that each node covers, to compare trees by what they point at. */
export function pointedAt(node: Located, text: string): unknown {
  const part = text.slice(node.start, node.end)
  switch (node.kind) {
    case 'scalar':
      return { part, value: node.value, quoted: node.quoted }
    case 'list':
      return { part, items: node.items.map((item) => pointedAt(item, text)) }
    case 'map':
      return {
        part,
        entries: node.entries.map(({ key, keySpan, value }) => [
          key,
          text.slice(keySpan.start, keySpan.end),
          pointedAt(value, text),
        ]),
      }
  }
}
