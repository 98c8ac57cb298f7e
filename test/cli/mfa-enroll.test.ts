// Enrolling a device as somebody does it: a real terminal, real codes, and what is there afterwards.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import * as sdk from '@aws-sdk/client-iam'
import Database from 'libsql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import { qrText } from '../../src/credentials/qr-text.ts'
import { otpauthText, TOTP_STEP, totpCode } from '../../src/credentials/totp.ts'
import { openWritable } from '../../src/target/local/open-local-target.ts'
import type { WritableTarget } from '../../src/target/ports.ts'
import { BIN } from '../built.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { now } from '../real-clock.ts'
import { type Credentials, clientOf, type Served, served } from '../server/http/served.ts'
import { temporaryFolder } from '../source/folders.ts'
import { losingProxy } from '../target/losing-proxy.ts'
import { runHere } from './in-process.ts'
import { sandbox } from './projects.ts'
import { iamSync, jsonOf } from './run.ts'

const hasScript = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0
const ID = '111122223333'
const serialOf = (name: string, id = ID) => `arn:aws:iam::${id}:mfa/${name}`

/** Two codes of a device that follow each other, as it shows them now and then. */
const codesOf = (seed: string): readonly [string, string] => {
  const step = Math.floor(now() / 1000 / TOTP_STEP)
  return [totpCode(seed, step), totpCode(seed, step + 1)]
}
/** No codes of any step that is near. */
const WRONG = 'a\nb\n'

/** A command under way on a terminal of its own. */
class OnTerminal {
  shown = ''
  readonly #child
  readonly #ended: Promise<number | null>

  /** @param before what the shell is told first */
  constructor(command: string, env: Readonly<Record<string, string>> = {}, before = '') {
    this.#child = spawn(
      'script',
      ['-qec', `${before}"${process.execPath}" "${BIN}" ${command}`, '/dev/null'],
      {
        env: { ...process.env, TERM: 'xterm', ...env },
      },
    )
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.shown += text
    })
    this.#ended = new Promise((done) => this.#child.on('close', done))
  }

  type(text: string): void {
    this.#child.stdin.write(text)
  }

  /** As the window is closed. */
  close(): void {
    this.#child.kill('SIGKILL')
  }

  ended(): Promise<number | null> {
    return this.#ended
  }

  /** @returns the seed that is to be typed into an app, once it asks for codes */
  async seed(): Promise<string> {
    const hasEnded = this.#ended.then(() => 'ended')
    while (!this.shown.includes('The code that the app shows:'))
      if ((await Promise.race([hasEnded, pause(10)])) === 'ended') throw new Error(this.shown)
    const [, typed = ''] = /type this into it:\s+((?:[A-Z2-7]{4}\s+)+)/.exec(this.shown) ?? []
    return typed.replace(/\s/g, '')
  }

  async enrolls(): Promise<{ readonly code: number | null; readonly seed: string }> {
    const seed = await this.seed()
    this.type(`${codesOf(seed).join('\n')}\n`)
    return { code: await this.ended(), seed }
  }
}

async function withTarget<T>(folder: string, use: (target: WritableTarget) => Promise<T>): Promise<T> {
  const target = await openWritable({
    database: join(folder, '.iam-sync/sandbox.db'),
    account: { id: ID, partition: 'aws' },
    facts: await loadManagedPolicies(),
    clock: now,
    randomBytes: fixedBytes,
  })
  return use(target).finally(() => target.close())
}

/** What there is of devices: all of them, and those that alice has. */
const devicesIn = (folder: string) =>
  withTarget(folder, async ({ iam }) => {
    const { VirtualMFADevices = [] } = await iam.read('ListVirtualMFADevices', {})
    const { MFADevices = [] } = await iam.read('ListMFADevices', { UserName: 'alice' })
    return {
      there: VirtualMFADevices.map(({ SerialNumber }) => SerialNumber),
      hers: MFADevices.map(({ SerialNumber }) => SerialNumber),
    }
  })
const NOTHING = { there: [], hers: [] }

const endings = async (folder: string): Promise<readonly string[]> =>
  jsonOf(await runHere('history', folder, '--json')).entries.map(
    ({ outcome }: { readonly outcome: string }) => outcome,
  )

async function applied(): Promise<string> {
  const folder = sandbox()
  expect((await runHere('apply', folder, '--yes')).code).toBe(0)
  return folder
}

/** Tables of a database that have a text in any row. */
const tablesWith = (file: string, wanted: string): readonly string[] => {
  const database = new Database(file)
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as {
      name: string
    }[]
    return tables.flatMap(({ name }) =>
      JSON.stringify(database.prepare(`SELECT * FROM "${name}"`).all()).includes(wanted) ? [name] : [],
    )
  } finally {
    database.close()
  }
}

const filesBelow = (folder: string): readonly (readonly [path: string, text: string])[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => [path, readFileSync(path, 'latin1')])

describe.skipIf(!hasScript)('on a terminal (needs `script` for one)', () => {
  test('two codes enable the device, and nothing but the terminal has its seed', async () => {
    const folder = await applied()
    const [cache, state, temporary] = [temporaryFolder(), temporaryFolder(), temporaryFolder()]
    const out = join(temporaryFolder(), 'out')
    const env = { XDG_CACHE_HOME: cache, XDG_STATE_HOME: state, TMPDIR: temporary, IAM_SYNC_DEBUG: '1' }
    const terminal = new OnTerminal(`mfa enroll user/alice ${folder} > ${out}`, env)
    const { code, seed } = await terminal.enrolls()
    expect([code, terminal.shown]).toEqual([0, expect.any(String)])
    expect(seed).toMatch(/^[A-Z2-7]{64}$/)
    expect(readFileSync(out, 'utf8')).toBe(`${serialOf('alice')} is enabled for alice of sandbox\n`)
    expect(await devicesIn(folder)).toEqual({ there: [serialOf('alice')], hers: [serialOf('alice')] })
    expect(await endings(folder)).toEqual(['complete', 'complete'])

    const { lines } = await qrText(otpauthText('alice', ID, seed))
    expect(terminal.shown).toContain(lines.join('\r\n'))
    expect(terminal.shown).not.toContain(seed)

    const later = [
      await runHere('history', folder, '--json'),
      await runHere('mfa', 'enroll', 'alice', folder, '--json'),
    ]
    const kept = [
      ...[folder, cache, state, temporary].flatMap(filesBelow),
      ...later.map(({ out, err }, at) => [`output ${at}`, `${out}${err}`] as const),
      ['standard output', readFileSync(out, 'latin1')] as const,
    ]
    expect(kept.some(([path]) => path.endsWith('sandbox.db'))).toBe(true)
    const traces = [
      seed,
      seed.slice(0, 16),
      seed.slice(-16),
      Buffer.from(seed).toString('base64').slice(0, 20),
    ]
    // In the account it is sealed.
    for (const [where, text] of kept)
      for (const trace of traces) if (text.includes(trace)) throw new Error(`${where} has the seed`)
    expect(tablesWith(join(folder, '.iam-sync/sandbox.db'), seed)).toEqual([])
  }, 30_000)

  test('codes that are wrong are asked for again, and right ones are taken then', async () => {
    const folder = await applied()
    const terminal = new OnTerminal(`mfa enroll alice ${folder} --device phone`)
    const seed = await terminal.seed()
    // The wrong way round they are two codes of it, and don't follow each other.
    terminal.type(`${[...codesOf(seed)].reverse().join('\n')}\n${WRONG}${codesOf(seed).join('\n')}\n`)
    expect([await terminal.ended(), terminal.shown.match(/Once more/g)]).toEqual([
      0,
      ['Once more', 'Once more'],
    ])
    expect(await devicesIn(folder)).toEqual({ there: [serialOf('phone')], hers: [serialOf('phone')] })
  }, 30_000)

  test.each([
    ['codes that are wrong three times', `${WRONG}000000\n000000\n${WRONG}`, 1, 'mfa.wrong-codes', 'partial'],
    ['the end of input', '\u0004', 1, 'mfa.interrupted', 'interrupted'],
    ['the end of input after one code', '123456\n\u0004', 1, 'mfa.interrupted', 'interrupted'],
    ['Ctrl-C', '\u0003', 130, 'mfa.interrupted', 'interrupted'],
  ])(
    '%s: the device is deleted again',
    async (_, typed, exit, code, ending) => {
      const folder = await applied()
      const terminal = new OnTerminal(`mfa enroll alice ${folder}`)
      await terminal.seed()
      terminal.type(typed)
      expect(await terminal.ended()).toBe(exit)
      expect(terminal.shown).toContain(`error[${code}]`)
      expect(terminal.shown).toContain(`${serialOf('alice')} was deleted again`)
      expect(await devicesIn(folder)).toEqual(NOTHING)
      expect(await endings(folder)).toEqual([ending, 'complete'])
    },
    30_000,
  )

  test('a terminal that is closed is the end of input', async () => {
    const folder = await applied()
    const terminal = new OnTerminal(`mfa enroll alice ${folder}`)
    await terminal.seed()
    expect((await devicesIn(folder)).there).toEqual([serialOf('alice')])
    terminal.close()
    while ((await endings(folder))[0] !== 'interrupted' || (await devicesIn(folder)).there.length > 0)
      await pause(20)
  }, 30_000)

  test.each([
    ['no colours', '', 'dumb'],
    ['no room', 'stty cols 40; ', 'xterm'],
  ])(
    'where a picture has %s, the seed alone is shown',
    async (_, before, TERM) => {
      const folder = await applied()
      const terminal = new OnTerminal(`mfa enroll alice ${folder}`, { TERM }, before)
      expect(await terminal.seed()).toMatch(/^[A-Z2-7]{64}$/)
      expect(terminal.shown).toContain('no QR code: it takes')
      expect(terminal.shown).not.toMatch(/[▀▄█]/)
      terminal.type('\u0004')
      expect(await terminal.ended()).toBe(1)
    },
    30_000,
  )

  test('it is refused before anything is made: of nobody, of nine devices, with a name that is taken, under another lock', async () => {
    const folder = await applied()
    const refused = async (command: string) => {
      const terminal = new OnTerminal(`mfa enroll ${command}`)
      const code = await terminal.ended()
      return { code, told: /error\[([\w.-]+)\]/.exec(terminal.shown)?.[1], shown: terminal.shown }
    }
    const never = sandbox()
    expect(await refused(`alice ${never}`)).toMatchObject({ code: 1, told: 'mfa.unknown-user' })
    expect(existsSync(join(never, '.iam-sync/sandbox.db'))).toBe(false)
    expect(await refused(`alice ${folder} --json`)).toMatchObject({
      code: 1,
      shown: expect.stringContaining('"mfa.no-terminal"'),
    })
    const err = join(temporaryFolder(), 'err')
    expect(await refused(`alice ${folder} 2> ${err}`)).toMatchObject({ code: 1, shown: '' })
    expect(readFileSync(err, 'utf8')).toContain('error[mfa.no-terminal]')

    await withTarget(folder, async ({ iam, journal }) => {
      for (let count = 1; count <= 8; count++) {
        const VirtualMFADeviceName = `phone-${count}`
        const { VirtualMFADevice } = await iam.write('CreateVirtualMFADevice', { VirtualMFADeviceName })
        if (count === 8) break
        const [AuthenticationCode1, AuthenticationCode2] = codesOf(
          Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString(),
        )
        const SerialNumber = serialOf(VirtualMFADeviceName)
        await iam.write('EnableMFADevice', {
          UserName: 'alice',
          SerialNumber,
          AuthenticationCode1,
          AuthenticationCode2,
        })
      }
      expect(await refused(`alice ${folder} --device PHONE-8`)).toMatchObject({
        code: 1,
        told: 'mfa.not-made',
      })
      const held = await journal.tryLock({
        pid: 1,
        host: 'build-7',
        start: '2026-01-01T00:00:00.000Z',
        commit: null,
      })
      expect(await refused(`alice ${folder}`)).toMatchObject({ code: 5, told: 'mfa.locked' })
      if ('lock' in held) await held.lock.release()
    })
    expect((await new OnTerminal(`mfa enroll alice ${folder}`).enrolls()).code).toBe(0)
    const { code, told, shown } = await refused(`alice ${folder} --device ninth`)
    expect([code, told]).toEqual([1, 'mfa.too-many-devices'])
    expect(shown).toContain('Cannot exceed quota for MFADevicesPerUser: 8; nothing was made')
    expect((await devicesIn(folder)).there).toHaveLength(9)
  }, 60_000)
})

describe('without a terminal', () => {
  test('it is refused before anything is made', async () => {
    const folder = sandbox()
    const ran = await iamSync(['mfa', 'enroll', 'alice', folder], { input: '123456\n123456\n' })
    expect(ran).toMatchObject({ code: 1, out: '' })
    expect(ran.err).toContain('error[mfa.no-terminal]')
    expect(ran.err).toContain('help: run it on a terminal')
    expect(existsSync(join(folder, '.iam-sync'))).toBe(false)
    const asked = await runHere('mfa', 'enroll', 'alice', folder, '--json')
    expect([asked.code, jsonOf(asked).device]).toEqual([1, null])
  })
})

describe.skipIf(!hasScript)('at an endpoint', () => {
  let server: Served
  beforeAll(async () => {
    server = await served()
    await clientOf(server, server.root).send(new sdk.CreateUserCommand({ UserName: 'alice' }))
  })
  afterAll(() => server.stop())
  const devices = async (): Promise<readonly (string | undefined)[]> => {
    const { VirtualMFADevices } = await clientOf(server, server.root).send(
      new sdk.ListVirtualMFADevicesCommand({}),
    )
    return (VirtualMFADevices ?? []).map(({ SerialNumber, User }) => `${User?.UserName} ${SerialNumber}`)
  }
  const enrolling = (endpoint: string, name: string, by: Credentials = server.root) =>
    new OnTerminal(
      `mfa enroll alice --device ${name} --dir ${sandbox('users: {}\n', `version: 1\naccounts:\n  served: { id: "123456789012", target: { kind: aws, endpoint: "${endpoint}" } }\n`)}`,
      { AWS_ACCESS_KEY_ID: by.accessKeyId, AWS_SECRET_ACCESS_KEY: by.secretAccessKey },
    )

  test('two codes enable the device, though no answer comes of the call that enables it; nothing else has its seed', async () => {
    const proxy = await losingProxy(server.port, ({ operation, times }) =>
      operation === 'EnableMFADevice' && times === 0 ? 'dropped after' : 'passed',
    )
    try {
      const { code, seed } = await enrolling(proxy.endpoint, 'phone').enrolls()
      expect(code).toBe(0)
      expect(await devices()).toEqual([`alice ${serialOf('phone', '123456789012')}`])
      expect(JSON.stringify(server.log)).not.toContain(seed)
    } finally {
      await proxy.stop()
    }
  }, 30_000)

  test('of a device whose seed no answer told, and of one that nobody enabled, nothing stays', async () => {
    const before = await devices()
    const proxy = await losingProxy(server.port, ({ operation, times }) =>
      /^(?:Create|Delete)/.test(operation) && times === 0 ? 'dropped after' : 'passed',
    )
    try {
      const terminal = enrolling(proxy.endpoint, 'lost')
      expect([await terminal.ended(), terminal.shown]).toEqual([
        1,
        expect.stringContaining('error[mfa.not-enabled]'),
      ])
      expect(proxy.calls.map(({ operation }) => operation)).toContain('CreateVirtualMFADevice')
      expect(await devices()).toEqual(before)
    } finally {
      await proxy.stop()
    }
  }, 30_000)

  test('a device that can’t be deleted is said, with its serial number', async () => {
    const root = clientOf(server, server.root)
    await root.send(new sdk.CreateUserCommand({ UserName: 'helpdesk' }))
    const { AccessKey } = await root.send(new sdk.CreateAccessKeyCommand({ UserName: 'helpdesk' }))
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', NotAction: 'iam:DeleteVirtualMFADevice', Resource: '*' }],
    })
    await root.send(
      new sdk.PutUserPolicyCommand({ UserName: 'helpdesk', PolicyName: 'most', PolicyDocument }),
    )
    const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey ?? {}
    const terminal = enrolling(server.endpoint, 'stays', { accessKeyId, secretAccessKey })
    await terminal.seed()
    terminal.type('\u0004')
    expect(await terminal.ended()).toBe(1)
    expect(terminal.shown).toContain('error[mfa.not-deleted]')
    expect(terminal.shown).toContain('AccessDenied')
    expect(terminal.shown).toContain(`${serialOf('stays', '123456789012')} is left`)
    expect(await devices()).toContain(`undefined ${serialOf('stays', '123456789012')}`)
  }, 30_000)
})
