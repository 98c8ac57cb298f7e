// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of IAM
import { describe, expect, test } from 'vitest'
import { runHere } from '../cli/in-process.ts'
import { temporaryFolder } from '../source/folders.ts'

const policyOf = (arn: string, resource: string, element = 'Resource') =>
  `resources:\n  "${arn}": { account: "111122223333", policy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "111122223333" }, Action: "s3:*", ${element}: ${JSON.stringify(resource)} }] } }\n`

async function validated(manifest: string, accounts = 'a: { id: "111122223333" }') {
  const folder = temporaryFolder({
    'iam-sync.yaml': `version: 1\naccounts:\n  ${accounts}\n`,
    'main.yaml': manifest,
  })
  const { code, err } = await runHere(
    'validate',
    '--dir',
    folder,
    ...(accounts.includes('c:') ? ['--account', 'a'] : []),
  )
  return { code, codes: [...err.matchAll(/^(?:error|warning)\[([^\]]+)\]/gm)].map(([, each]) => each), err }
}

const BUCKET = 'arn:aws:s3:::data'

describe('the policy of a bucket is about the bucket and its objects, which is all that S3 stores', () => {
  test.each([
    'arn:aws:s3:::other',
    'arn:aws:s3:::other/*',
    'arn:aws:s3:::data-archive/*',
    'arn:aws:s3:::dat',
    'arn:aws-cn:s3:::data/*',
    'arn:aws:sqs:us-east-1:111122223333:data',
  ])('%s is something else', async (resource) => {
    const { code, codes, err } = await validated(policyOf(BUCKET, resource))
    expect([code, codes]).toEqual([0, ['policy.other-bucket']])
    expect(err).toContain(`help: write \`${BUCKET}\` for the bucket, and \`${BUCKET}/*\` for its objects`)
    expect(err).toMatch(/--> main\.yaml:2:/)
  })

  test.each([
    '*',
    BUCKET,
    `${BUCKET}/*`,
    `${BUCKET}/x/?`,
    'arn:aws:s3:::*',
    'arn:*:s3:::da?a/*',
    `${BUCKET}/\${aws:username}/*`,
    'arn:aws:s3:::${aws:PrincipalTag/b}/*',
  ])('%s is of the bucket', async (resource) => {
    expect((await validated(policyOf(BUCKET, resource))).codes).toEqual([])
  })

  test('what a queue says of another queue is stored, and so passed over', async () => {
    const queue = 'arn:aws:sqs:us-east-1:111122223333:'
    const manifest = policyOf(`${queue}q`, `${queue}other`).replace('s3:*', 'sqs:*')
    expect((await validated(manifest)).codes).toEqual([])
  })
})

describe('a resource', () => {
  test('of a partition that there is not is an error', async () => {
    const { code, codes, err } = await validated('resources: { "arn:awss:s3:::data": {} }\n')
    expect([code, codes]).toEqual([1, ['manifest.bad-resource']])
    expect(err).toContain('is of no partition that there is')
  })

  test('of a partition that no account of the project is in is a warning', async () => {
    const manifest = 'resources: { "arn:aws-cn:s3:::data": { account: "444455556666" } }\n'
    expect(await validated(manifest)).toMatchObject({ code: 0, codes: ['names.partition'] })
    const both = 'a: { id: "111122223333" }\n  c: { id: "444455556666", partition: aws-cn }'
    expect(await validated(manifest, both)).toMatchObject({ code: 0, codes: [] })
  })
})
