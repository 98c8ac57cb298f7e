import { temporaryFolder } from '../source/folders.ts'

/** The YAML of a small account; deletions of users and groups are in scope. */
export const PROJECT = `version: 1
accounts:
  sandbox:
    id: "111122223333"
    target: { kind: local, database: .iam-sync/sandbox.db }
scope: { users: all, groups: all }
guard: { maxDeletePercent: 30, minimumExisting: 4, protect: [user/keeper] }
`

export const PEOPLE = `users:
  alice: { groups: [developers] }
  keeper: {}
groups:
  developers: { managedPolicies: [AmazonS3ReadOnlyAccess] }
`

export const TWO_ACCOUNTS = `version: 1
accounts:
  first: { id: "111122223333", target: { kind: local, database: .iam-sync/first.db } }
  second: { id: "444455556666", target: { kind: local, database: .iam-sync/second.db } }
  third: { id: "777788889999", target: { kind: local, database: .iam-sync/third.db } }
`

export const sandbox = (people = PEOPLE, project = PROJECT): string =>
  temporaryFolder({ 'iam-sync.yaml': project, 'people.yaml': people })

export const usersYaml = (count: number): string =>
  `users:\n${Array.from({ length: count }, (_, i) => `  user-${i}: { tags: { n: "${i}" } }\n`).join('')}`
