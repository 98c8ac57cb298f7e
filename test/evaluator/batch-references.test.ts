import { describe, expect, it } from 'vitest'
import { type BatchReferences, createBatchEvaluator } from '../../src/evaluator/batch/batch.ts'

const USER = 'arn:aws:iam::111122223333:user/alice'
const ROLE = 'arn:aws:iam::111122223333:role/deploy'
const REQUEST = { principal: USER, action: 's3:GetObject', resource: 'arn:aws:s3:::data/x' }
const ALLOW = { Effect: 'Allow', Action: 's3:Get*', Resource: '*' }
const READERS = { identity: [{ Statement: ALLOW }] }

async function answersTo(
  references: BatchReferences,
  lines: readonly unknown[],
): Promise<readonly unknown[]> {
  const batch = await createBatchEvaluator(references)
  return batch.answer(lines.map((line) => JSON.stringify(line))).map(({ json }) => JSON.parse(json))
}

const sets = (given: Readonly<Record<string, unknown>>): BatchReferences => ({
  sets: new Map(Object.entries(given)),
})

const failed = (id: string, code: string, message: string) => ({ id, error: { code, message } })

describe('a line that names a set of policies', () => {
  it('is decided as if it carried them', async () => {
    const boundary = [{ Statement: [ALLOW, { ...ALLOW, Effect: 'Deny', Resource: 'arn:aws:s3:::data/no*' }] }]
    const given = { readers: READERS, nobody: null, '': {}, bounded: { ...READERS, boundary } }
    const asked = ['arn:aws:s3:::data/x', 'arn:aws:s3:::data/no', '*'].flatMap((resource) =>
      Object.entries(given).map(([name, policies]) => ({
        name: { id: 'a', request: { ...REQUEST, resource }, policies: name },
        whole: { id: 'a', request: { ...REQUEST, resource }, policies },
      })),
    )
    const byName = await answersTo(
      sets(given),
      asked.map(({ name }) => name),
    )
    expect(byName).toEqual(
      await answersTo(
        {},
        asked.map(({ whole }) => whole),
      ),
    )
    expect(new Set(byName.map((answer) => (answer as { decision: string }).decision)).size).toBe(3)
  })

  it('has the resource policy read as a trust policy where its request asks so', async () => {
    const trust = { Statement: { Effect: 'Allow', Principal: { AWS: USER }, Action: 'sts:AssumeRole' } }
    const bucket = { Statement: { ...ALLOW, Principal: '*' } }
    const assume = { ...REQUEST, action: 'sts:AssumeRole', resource: ROLE }
    const lines = ['trust', 'bucket'].flatMap((policies) =>
      [assume, REQUEST].map((request) => ({ request, policies })),
    )
    const whole = lines.map(({ request, policies }) => ({
      request,
      policies: { resource: policies === 'trust' ? trust : bucket },
    }))
    expect(
      await answersTo(sets({ trust: { resource: trust }, bucket: { resource: bucket } }), lines),
    ).toEqual(await answersTo({}, whole))
  })

  it('says what is wrong in the order in which a line is read', async () => {
    const lines = [
      { id: 'a', request: REQUEST, policies: 'writers' },
      { id: 'b', request: { ...REQUEST, principal: 'alice' }, policies: 'writers' },
      { id: 'c', request: REQUEST, policies: 'project' },
      { id: 'd', request: REQUEST, policies: 7 },
    ]
    const unknown = (name: string) => `\`policies\` names \`${name}\`, and there is no such set`
    expect(await answersTo(sets({ readers: READERS }), lines)).toEqual([
      failed('a', 'invalid_request', unknown('writers')),
      failed(
        'b',
        'invalid_request',
        expect.stringContaining('principal `alice` is not') as unknown as string,
      ),
      failed('c', 'invalid_request', unknown('project')),
      failed('d', 'invalid_request', '`policies` is not an object'),
    ])
  })
})

describe('a set of policies', () => {
  it.each([
    ['a key that there is not', { identiy: [] }, ['identiy'], 'unknown key `identiy` in `policies`'],
    ['a layer that is no list', { identity: {} }, ['identity'], '`policies.identity` is not a list'],
    ['a document that is none', { scp: [[{}, 7]] }, ['scp', 0, 0], 'scp[0][0]: '],
    ['a text', 'readers', [], '`policies` is not an object'],
  ])('is refused before any line: %s', async (_, set, path, message) => {
    await expect(createBatchEvaluator(sets({ readers: READERS, other: set }))).rejects.toMatchObject({
      name: 'PolicySetError',
      set: 'other',
      path,
      message: expect.stringContaining(message),
    })
  })

  it('is not called as the project is', async () => {
    await expect(createBatchEvaluator(sets({ project: READERS }))).rejects.toMatchObject({ set: 'project' })
  })
})

describe('a line that names the project', () => {
  it('is decided by it, in its place among the answers', async () => {
    const asked: string[] = []
    const project: BatchReferences['project'] = {
      evaluateMany: (questions) =>
        questions.map(({ principal }) => {
          asked.push(principal)
          const problem = (code: string, message: string) =>
            ({ severity: 'error', code, message, help: null, span: null, related: [] }) as const
          if (principal === 'user/nobody')
            return { decision: null, diagnostics: [problem('evaluate.unknown-principal', 'no such user')] }
          return principal === 'user/odd'
            ? { decision: null, diagnostics: [problem('evaluate.invalid-policy', 'odd')] }
            : { decision: 'explicit_deny' }
        }),
    }
    const of = (id: string, principal: string, policies: unknown) => ({
      id,
      request: { ...REQUEST, principal },
      policies,
    })
    const lines = [
      of('a', 'user/alice', 'project'),
      of('b', USER, READERS),
      of('c', 'user/nobody', 'project'),
      of('d', 'user/odd', 'project'),
      of('e', 'user/alice', READERS),
    ]
    expect(await answersTo({ project }, lines)).toEqual([
      { id: 'a', decision: 'explicit_deny' },
      { id: 'b', decision: 'allow' },
      failed('c', 'invalid_request', 'no such user'),
      failed('d', 'invalid_policy', 'odd'),
      failed('e', 'invalid_request', expect.stringContaining('principal `user/alice`') as unknown as string),
    ])
    expect(asked).toEqual(['user/alice', 'user/nobody', 'user/odd'])
  })
})
