import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { DiagnosticError, errorOf, renderDiagnostic, SourceTexts } from '../../src/diagnostics/index.ts'
import { IamError } from '../../src/iam/service-error.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import { formsOf } from '../../src/model/redaction.ts'
import { Secret } from '../../src/model/secret.ts'
import type { Plan } from '../../src/plan/plan.ts'
import type { ApplyPorts } from '../../src/reconcile/apply-account.ts'
import { planAccount } from '../../src/reconcile/plan-account.ts'
import type { SecretPorts } from '../../src/reconcile/secret-supply.ts'
import { historyJson } from '../../src/report/history.ts'
import { applyJson, applyText, stepText } from '../../src/report/plans/apply-report.ts'
import { planJson } from '../../src/report/plans/plan-json.ts'
import { planText } from '../../src/report/plans/plan-text.ts'
import type { IamWriter } from '../../src/target/ports.ts'
import fc from '../fixed-seed.ts'
import { sampleOf } from '../sample-size.ts'
import {
  applyCertificates,
  type CertificateWorld,
  certificatesIn,
  intentFor,
  openCertificates,
  reportKinds,
} from './certificate/world.ts'

const portsOf = (secrets: Partial<SecretPorts>): Pick<ApplyPorts, 'secrets'> => ({
  secrets: {
    env: () => null,
    file: async (path) => {
      throw new DiagnosticError(
        errorOf({ code: 'secret.file-missing', message: `the file \`${path}\` is not there` }),
      )
    },
    randomBytes: (count) => new Uint8Array(count).fill(7),
    ...secrets,
  },
})

async function withWorld<T>(use: (world: CertificateWorld) => Promise<T>): Promise<T> {
  const world = await openCertificates()
  try {
    return await use(world)
  } finally {
    await world.close()
  }
}

const THREE = `
one: { body: A, privateKey: { env: TLS_KEY } }
two: { body: B, privateKey: { file: keys/two.pem } }
three: { body: C, privateKey: { generate: password } }
`
const shortOf = ({ steps }: Plan) =>
  steps.map(({ operation, input }) => [operation, Reflect.get(input, 'PrivateKey')])

describe('a secret that is declared by where it comes from', () => {
  it('comes to the target from the environment, a file or by chance, and a second plan is empty', () =>
    withWorld(async (world) => {
      const ports = portsOf({ env: () => 'key of one', file: async () => 'key of two' })
      const { planned, applied } = await applyCertificates(world, certificatesIn(THREE), ports)
      expect(shortOf(planned.plan)).toEqual([
        ['UploadToyCertificate', { env: 'TLS_KEY' }],
        ['UploadToyCertificate', { generate: 'password' }],
        ['UploadToyCertificate', { file: 'keys/two.pem' }],
      ])
      expect(applied).toMatchObject({ type: 'applied', verification: { type: 'verified' } })
      expect(world.delivered).toEqual(['key of one', expect.stringMatching(/^.{20}$/), 'key of two'])
    }))

  it('is read after the steps before it, not earlier', () =>
    withWorld(async (world) => {
      const reads: number[] = []
      const ports = portsOf({
        env: () => {
          reads.push(world.delivered.length)
          return 'key'
        },
      })
      const desired = certificatesIn(
        'a: { body: A, privateKey: { env: A } }\nb: { body: B, privateKey: { env: B } }',
      )
      await applyCertificates(world, desired, ports)
      // The first two to see whether they are there.
      expect(reads).toEqual([0, 0, 0, 1])
    }))

  it('has changed when what is public of it has; another source or value is no change', () =>
    withWorld(async (world) => {
      const plan = async (text: string) =>
        (await planAccount(intentFor(certificatesIn(text)), world.target)).plan
      await applyCertificates(
        world,
        certificatesIn('a: { body: A, privateKey: { env: A } }'),
        portsOf({ env: () => 'k' }),
      )
      expect((await plan('a: { body: A, privateKey: { file: other.pem } }')).changes).toEqual([])
      const { changes, steps } = await plan('a: { body: B, privateKey: { env: A } }')
      expect(changes).toMatchObject([
        {
          action: 'replace',
          details: [
            { path: 'body', before: 'A', after: 'B' },
            {
              path: 'privateKey',
              before: expect.stringMatching(/^sha256:559aead0/),
              after: expect.stringMatching(/^sha256:df7e70e5\w+, env A$/),
            },
          ],
        },
      ])
      expect(steps.map(({ operation }) => operation)).toEqual([
        'DeleteToyCertificate',
        'UploadToyCertificate',
      ])
    }))

  it('that is not there is told with its place, each of them, before anything is written', () =>
    withWorld(async (world) => {
      const { applied } = await applyCertificates(world, certificatesIn(THREE), portsOf({}))
      if (applied.type !== 'invalid') throw new Error(applied.type)
      const texts = new SourceTexts([['certificates.yaml', THREE]])
      expect(applied.diagnostics.map((each) => renderDiagnostic(each, texts)).join('\n')).toBe(
        `\
error[secret.env-missing]: the variable \`TLS_KEY\` of the environment is not set (a secret of \`certificate/one\`)
  --> certificates.yaml:2:29
   2 | one: { body: A, privateKey: { env: TLS_KEY } }
     |                             ^^^^^^^^^^^^^^^^
  help: set it where \`apply\` runs; nothing of it is ever printed or kept
error[secret.file-missing]: the file \`keys/two.pem\` is not there (a secret of \`certificate/two\`)
  --> certificates.yaml:3:29
   3 | two: { body: B, privateKey: { file: keys/two.pem } }
     |                             ^^^^^^^^^^^^^^^^^^^^^^`.replaceAll(':28', ':29'),
      )
      expect(world.delivered).toEqual([])
      expect(await world.target.journal.history()).toEqual([])
      const empty = await applyCertificates(
        world,
        certificatesIn(THREE),
        portsOf({ env: () => '', file: async () => '' }),
      )
      expect(empty.applied).toMatchObject({
        type: 'invalid',
        diagnostics: [{ code: 'secret.env-missing' }, { code: 'secret.file-empty' }],
      })
    }))

  it('nobody reads where no ports are given', () =>
    withWorld(async (world) => {
      const { applied } = await applyCertificates(world, certificatesIn(THREE), {})
      expect(applied).toMatchObject({
        type: 'invalid',
        diagnostics: [1, 2, 3].map(() => ({ code: 'secret.no-source' })),
      })
    }))

  it('that goes meanwhile fails its step, and no other', () =>
    withWorld(async (world) => {
      let reads = 0
      const ports = portsOf({ env: () => (++reads > 1 ? null : 'k'), file: async () => 'key of two' })
      const { applied } = await applyCertificates(world, certificatesIn(THREE), ports)
      if (applied.type !== 'applied') throw new Error(applied.type)
      expect(applied.results.map(({ status, error }) => [status, error?.code])).toEqual([
        ['failed', 'secret.env-missing'],
        ['done', undefined],
        ['done', undefined],
      ])
    }))

  it('is the same one when a call is tried again', () =>
    withWorld(async (world) => {
      let drawn = 0
      const given: string[] = []
      const { iam } = world.target
      const write: IamWriter['write'] = (operation, input) => {
        const key: unknown = Reflect.get(input, 'PrivateKey')
        given.push(key instanceof Secret ? key.reveal() : 'none')
        if (given.length < 3) throw new IamError('Throttling', 'slow down', { retryable: true })
        return iam.write(operation, input)
      }
      const ports = portsOf({ randomBytes: (count) => new Uint8Array(count).fill(++drawn) })
      const desired = certificatesIn('a: { body: A, privateKey: { generate: password } }')
      const { applied } = await applyCertificates(world, desired, ports, write)
      expect(applied).toMatchObject({ type: 'applied', outcome: 'complete' })
      expect(new Set(given).size).toBe(1)
      expect(given).toHaveLength(3)
      expect(world.delivered).toEqual([given[0]])
    }))
})

/** All that anybody is told or that is kept of an apply: the texts of it, and the bytes of the database's files. */
async function saidOf(value: string): Promise<{ readonly texts: string; readonly bytes: string }> {
  return withWorld(async (world) => {
    const told: string[] = []
    const tell = (...all: readonly unknown[]) =>
      told.push(
        ...all.map((each) =>
          typeof each === 'string'
            ? each
            : `${JSON.stringify(each)}\n${inspect(each, { depth: 20, showHidden: true })}`,
        ),
      )
    const desired = certificatesIn(THREE)
    const sources = new SourceTexts([['certificates.yaml', THREE]])
    const ports = {
      ...portsOf({
        env: () => value,
        file: async () => value,
        randomBytes: (count) =>
          Uint8Array.from({ length: count }, (_, at) => value.charCodeAt(at % value.length)),
      }),
      onProgress: (progress: { readonly step: Plan['steps'][number] }) =>
        tell(progress, stepText(progress.step, reportKinds)),
    }
    const { planned, applied } = await applyCertificates(world, desired, ports)
    const { plan } = planned
    tell(planned.secrets, plan, planJson(plan, sources))
    tell(planText(plan, reportKinds, sources))
    tell(declarationsOf(desired, intentFor(desired).kinds), await world.target.journal.declared())
    const { account } = plan
    for (const entry of await world.target.journal.history()) {
      const { id: _, ...rest } = historyJson({ ...entry, account }) as Record<string, unknown>
      tell(rest)
    }
    if (applied.type !== 'applied') throw new Error(applied.type)
    const { results, verification, diagnostics } = applied
    const report = {
      account,
      digest: plan.digest,
      commit: null,
      dirty: null,
      steps: results.map(({ step: { operation, input }, status, error }) => ({
        operation,
        input,
        status,
        error,
      })),
      verified: verification.type === 'verified',
    }
    tell(applied, diagnostics, applyText(report, reportKinds), applyJson(report))
    // The sidecars too, which go when the database is closed.
    const files = readdirSync(world.folder).map((name) =>
      readFileSync(join(world.folder, name)).toString('latin1'),
    )
    return { texts: told.join('\n'), bytes: [...files, ...process.argv].join('\n') }
  })
}

const latin = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

describe('whatever a secret is', () => {
  it('nothing that is said or kept of an apply hangs on it, or has it in any form', async () => {
    const control = await saidOf('a secret of nobody')
    expect(control.texts).toContain('UploadToyCertificate')
    expect(control.bytes).toContain('entry-')
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 80, unit: 'grapheme' }), async (rest) => {
        const value = `hunter2/${rest}+"\\\n?`
        const { texts, bytes } = await saidOf(value)
        expect(texts).toBe(control.texts)
        for (const form of formsOf(value)) expect(bytes.includes(latin(form)), form).toBe(false)
      }),
      { numRuns: sampleOf(25) },
    )
  })

  it('a refusal that quotes it is told without it', () =>
    withWorld(async (world) => {
      const value = 'mismatch "of" keys\nand more of them'
      const ports = portsOf({ env: () => value })
      const desired = certificatesIn('a: { body: A, privateKey: { env: A } }')
      const { applied } = await applyCertificates(world, desired, ports)
      if (applied.type !== 'applied') throw new Error(applied.type)
      expect(applied.results.map(({ error }) => error)).toEqual([
        { code: 'InvalidInput', message: `The key '***' does not belong to a: {"key":"***"}` },
      ])
      expect(inspect(applied, { depth: 20 })).not.toContain('of them')
    }))

  it.each<[string, (value: string) => unknown]>([
    ['an error', (value) => new TypeError(`no such key: ${value}`, { cause: { value } })],
    ['an error with it in its fields', (value) => Object.assign(new Error('refused'), { input: value })],
    ['a text', (value) => `no such key: ${value}`],
  ])('a defect that throws %s about it ends the apply without it', (_, defect) =>
    withWorld(async (world) => {
      const value = 'correct horse battery staple'
      const desired = certificatesIn('a: { body: A, privateKey: { env: A } }')
      const failing = applyCertificates(world, desired, portsOf({ env: () => value }), () => {
        throw defect(value)
      })
      const error: unknown = await failing.catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(Error)
      expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/horse|staple/)
    }),
  )

  it('a target that breaks down in words that quote it is told without it', () =>
    withWorld(async (world) => {
      const desired = certificatesIn('a: { body: A, privateKey: { env: A } }')
      const { applied } = await applyCertificates(world, desired, portsOf({ env: () => 'hunter2!' }), () => {
        throw new DiagnosticError(errorOf({ code: 'store.disk-full', message: 'no room for hunter2!' }))
      })
      expect(applied).toMatchObject({
        type: 'applied',
        results: [{ error: { code: 'store.disk-full', message: 'no room for ***' } }],
      })
    }))
})
