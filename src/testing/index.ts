/**
 * `iam-sync/testing`: an IAM for the tests of an application. What is exported here keeps its shape within a major version.
 */
export type { Iam, IamCredentials, IamOptions, IamSecret } from './iam.ts'
export { startIam } from './start-iam.ts'
