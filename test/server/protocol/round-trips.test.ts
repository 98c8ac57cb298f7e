import { describe, expect, it } from 'vitest'
import { decodeInput } from '../../../src/server/protocol/decode-input.ts'
import { encodeAnswer, encodeError } from '../../../src/server/protocol/encode-answer.ts'
import { readPairs, treeOf } from '../../../src/server/protocol/read-form.ts'
import { operationIn, SERVICES, type Service } from '../../../src/server/protocol/shapes.ts'
import fc from '../../fixed-seed.ts'
import { sampleOf } from '../../sample-size.ts'
import { revealed, withoutEmpty } from './compared-values.ts'
import { structuresOf } from './drawn-values.ts'
import { exceptionOf, sendBy, thrownBy } from './sdk-clients.ts'

const OPERATIONS = SERVICES.flatMap((service) =>
  Object.keys(service.model.operations).map((operation) => ({ service, operation })),
)
const RUNS = { numRuns: sampleOf(9) }

const decoded = (service: Service, operation: string, body: string) =>
  decodeInput(service, operationIn(service, operation)?.input ?? null, treeOf(readPairs(body)))

describe('AWS’s client and the codec understand each other', () => {
  it('has every operation of both services', () => {
    expect(SERVICES.map(({ model }) => Object.keys(model.operations).length)).toEqual([180, 12])
  })

  it('reads what the client writes', async () => {
    for (const { service, operation } of OPERATIONS)
      await fc.assert(
        fc.asyncProperty(
          structuresOf(service, operationIn(service, operation)?.input ?? null),
          async (input) => {
            let read: object | null = null
            await sendBy(service.name, operation, input, ({ body }) => {
              read = decoded(service, operation, body)
              return { status: 200, body: encodeAnswer(service, operation, {}, 'r-1') }
            })
            expect(revealed(read)).toEqual(withoutEmpty(input))
          },
        ),
        RUNS,
      )
  })

  it('reads an entry of a map that has nothing but its key', async () => {
    const input = { ReplacementValues: { a: {} } }
    let read: object | null = null
    const service = OPERATIONS.find(({ operation }) => operation === 'AcquireRole')?.service
    if (service === undefined) throw new Error('the model has no AcquireRole')
    await sendBy(service.name, 'AcquireRole', input, ({ body }) => {
      read = decoded(service, 'AcquireRole', body)
      return { status: 200, body: encodeAnswer(service, 'AcquireRole', {}, 'r-1') }
    })
    expect(read).toEqual(input)
  })

  it('writes what the client reads', async () => {
    for (const { service, operation } of OPERATIONS)
      await fc.assert(
        fc.asyncProperty(
          structuresOf(service, operationIn(service, operation)?.output ?? null),
          async (output) => {
            const read = await sendBy(service.name, operation, {}, () => ({
              status: 200,
              body: encodeAnswer(service, operation, output, 'r-1'),
            }))
            expect(read).toEqual(output)
          },
        ),
        RUNS,
      )
  })

  it('says every error in the words by which the client knows it', async () => {
    for (const service of SERVICES)
      for (const [code, status] of Object.entries(service.model.errors)) {
        const message = `of <${code}> & "more"`
        const error = await thrownBy(
          sendBy(service.name, service.name === 'iam' ? 'ListUsers' : 'GetCallerIdentity', {}, () => ({
            status,
            body: encodeError(service, { code, message, status }, 'r-2'),
            headers: { 'x-amzn-requestid': 'r-2' },
          })),
        )
        expect(error).toMatchObject({ message, $metadata: { httpStatusCode: status, requestId: 'r-2' } })
        expect(error.name).toBe(exceptionOf(service.name, code))
      }
  })
})
