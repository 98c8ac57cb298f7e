import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeInput } from '../../src/server/protocol/decode-input.ts'
import { encodeAnswer, encodeError } from '../../src/server/protocol/encode-answer.ts'
import { readPairs, treeOf } from '../../src/server/protocol/read-form.ts'
import { operationIn, SERVICES } from '../../src/server/protocol/shapes.ts'
import fc from '../fixed-seed.ts'
import { sampleOf } from '../sample-size.ts'
import { revealed, withoutEmpty } from '../server/protocol/compared-values.ts'
import { structuresOf } from '../server/protocol/drawn-values.ts'
import { HAS_BOTO3 } from './serve-process.ts'

const OPERATIONS = SERVICES.flatMap((service) =>
  Object.keys(service.model.operations).map((operation) => ({ service, operation })),
)
const RUNS = sampleOf(9)

/** As JSON carries it. */
function tagged(value: unknown): unknown {
  if (value instanceof Date) return { $time: value.getTime() / 1000 }
  if (value instanceof Uint8Array) return { $blob: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map(tagged)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, tagged(inner)]))
}

/** What boto3 makes of cases; null: it doesn't have the operation. */
async function byBoto3(cases: readonly object[]): Promise<readonly (Record<string, unknown> | null)[]> {
  const child = spawn('python3', [join(import.meta.dirname, 'boto3-round-trips.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(cases.map((each) => `${JSON.stringify(each)}\n`).join(''))
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer)
  const lines = Buffer.concat(chunks).toString().trimEnd().split('\n')
  expect(lines).toHaveLength(cases.length)
  return lines.map((line) => JSON.parse(line))
}

describe.skipIf(!HAS_BOTO3)(
  'boto3 and the codec understand each other (skipped where it isn’t installed)',
  () => {
    it('reads what boto3 writes, of all operations that it has', async () => {
      const cases = OPERATIONS.flatMap(({ service, operation }) =>
        fc
          .sample(structuresOf(service, operationIn(service, operation)?.input ?? null), RUNS)
          .map((input) => ({ service, operation, input })),
      )
      const results = await byBoto3(
        cases.map(({ service, operation, input }) => ({
          service: service.name,
          operation,
          input: tagged(input),
          xml: encodeAnswer(service, operation, {}, 'r-1'),
        })),
      )
      const met = new Set<string>()
      for (const [index, { service, operation }] of cases.entries()) {
        const result = results[index]
        if (result == null) continue
        met.add(`${service.name}:${operation}`)
        const form = treeOf(readPairs(String(result.body)))
        const read = decodeInput(service, operationIn(service, operation)?.input ?? null, form)
        expect([operation, tagged(revealed(read))]).toEqual([operation, withoutEmpty(result.known)])
      }
      expect(met.size).toBeGreaterThan(180)
    }, 60_000)

    it('writes what boto3 reads', async () => {
      const cases = OPERATIONS.flatMap(({ service, operation }) =>
        fc
          .sample(structuresOf(service, operationIn(service, operation)?.output ?? null), RUNS)
          .map((output) => ({
            service: service.name,
            operation,
            output: tagged(output),
            xml: encodeAnswer(service, operation, output, 'r-1'),
          })),
      )
      for (const [index, result] of (await byBoto3(cases)).entries()) {
        const operation = cases[index]?.operation
        if (result !== null) expect([operation, result.read]).toEqual([operation, result.known])
      }
    }, 60_000)

    it('says every error in the words by which boto3 knows it', async () => {
      const cases = SERVICES.flatMap((service) =>
        Object.entries(service.model.errors).map(([code, status]) => {
          const message = `of <${code}> & "more"`
          return {
            service: service.name,
            operation: service.name === 'iam' ? 'ListUsers' : 'GetCallerIdentity',
            code,
            status,
            message,
            xml: encodeError(service, { code, message, status }, 'r-2'),
          }
        }),
      )
      for (const [index, result] of (await byBoto3(cases)).entries()) {
        const { code, status, message } = cases[index] ?? {}
        expect(result).toMatchObject({ code, message, status, requestId: 'r-2' })
        if (result?.modelled === true) expect(result.thrown).not.toBe('ClientError')
      }
    }, 60_000)
  },
)
