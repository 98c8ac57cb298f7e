import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BIN } from '../built.ts'
import { runHere, runIn } from './in-process.ts'
import { finished, iamSync, jsonOf, start } from './run.ts'

const request = (id: string, principal = 'arn:aws:iam::111122223333:user/alice') =>
  JSON.stringify({
    id,
    request: { principal, action: 's3:GetObject', resource: 'arn:aws:s3:::data/é' },
    policies: {
      identity: [
        {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: 'arn:aws:s3:::data/*' }],
        },
      ],
    },
  })

const linesOf = (out: string): readonly unknown[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('evaluate --batch', () => {
  it('answers lines of a file, without an IAM folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'iam-sync-batch-'))
    const text = `\ufeff${request('a')}\r\n\n   \n${request('b', 'arn:aws:iam::111122223333:user/bob')}\n{}\n${request('c')}`
    writeFileSync(join(folder, 'requests.jsonl'), text)
    const ran = await iamSync(['evaluate', '--batch', 'requests.jsonl'], { cwd: folder })
    expect(ran.err).toBe('exit 1: 1 of 4 requests could not be decided (the first: requests.jsonl:5)\n')
    expect(linesOf(ran.out)).toEqual([
      { id: 'a', decision: 'allow' },
      { id: 'b', decision: 'allow' },
      { id: null, error: { code: 'invalid_request', message: '`request` is not an object' } },
      { id: 'c', decision: 'allow' },
    ])
    expect(ran.code).toBe(1)
  })

  it('reads standard input in pieces that end anywhere', async () => {
    const child = start(['evaluate', '--batch', '-'])
    const bytes = Buffer.from(Array.from({ length: 50 }, (_, index) => `${request(`n${index}`)}\n`).join(''))
    for (let from = 0; from < bytes.length; from += 997) child.stdin?.write(bytes.subarray(from, from + 997))
    const ran = await finished(child)
    expect(linesOf(ran.out)).toEqual(
      Array.from({ length: 50 }, (_, index) => ({ id: `n${index}`, decision: 'allow' })),
    )
    expect(ran.code).toBe(0)
  })

  it('refuses lines that are no UTF-8, or too long, and goes on', async () => {
    const child = start(['evaluate', '--batch', '-'])
    child.stdin?.write(Buffer.from([0x22, 0xff, 0x22, 0x0a]))
    child.stdin?.write(Buffer.alloc(17 * 1024 * 1024, 0x20))
    child.stdin?.write(`\n${request('after')}\n`)
    const ran = await finished(child)
    expect(linesOf(ran.out)).toEqual([
      { id: null, error: { code: 'malformed_json', message: 'the line is not UTF-8' } },
      { id: null, error: { code: 'malformed_json', message: 'the line is longer than 16777216 bytes' } },
      { id: 'after', decision: 'allow' },
    ])
    expect(ran.code).toBe(1)
  })

  it('answers nothing with nothing', async () => {
    expect(await iamSync(['evaluate', '--batch', '-'])).toEqual({ code: 0, out: '', err: '' })
  })

  it('ends quietly when nobody reads any more', async () => {
    const child = start(['evaluate', '--batch', '-'])
    const running = finished(child)
    child.stdin?.on('error', () => {})
    child.stdout?.once('data', () => child.stdout?.destroy())
    child.stdin?.write(`${request('a')}\n`.repeat(20_000))
    expect((await running).err).toBe('')
  })

  it('refuses a file that is not there, and flags of a single question', async () => {
    const missing = await runHere('evaluate', '--batch', 'nothing.jsonl', '--json')
    expect([missing.code, missing.out.split('\n').length]).toEqual([1, 2])
    expect(Object.keys(jsonOf(missing))).toEqual(['formatVersion', 'diagnostics'])
    expect(jsonOf(missing).diagnostics).toMatchObject([
      { code: 'cli.unreadable-file', message: "can't read `nothing.jsonl` (ENOENT)" },
    ])
    const both = await runHere('evaluate', '--batch', '-', '--principal', 'root', '--mfa')
    expect(both.code).toBe(1)
    expect(both.err).toContain('`--batch` and `--principal` do not go together')
    expect(both.err).toContain('`--batch` and `--mfa` do not go together')
  })

  it.each([
    ['a file that is not there', ['--batch', 'nothing.jsonl']],
    ['a folder', ['--batch', '.']],
    ['a device', ['--batch', '/dev/zero']],
    ['flags of a single question', ['--batch', '-', '--mfa']],
    ['a flag that there is not', ['--batch', '-', '--nothing']],
    ['a file that is not there, in one word', ['--batch=nothing.jsonl']],
  ])('tells of a failure in one line, with keys of its own: %s', async (_, args) => {
    const { code, out } = await runHere('evaluate', ...args, '--json')
    expect(code).toBe(1)
    expect(out.trimEnd().split('\n')).toHaveLength(1)
    expect(Object.keys(JSON.parse(out)).sort()).toEqual(['diagnostics', 'formatVersion'])
  })

  it.skipIf(!existsSync('/dev/zero'))(
    'refuses a device, which never ends; nothing is no device',
    async () => {
      const device = await runHere('evaluate', '--batch', '/dev/zero')
      expect(device.err).toContain("error[cli.unreadable-file]: can't read `/dev/zero` (it is a device)")
      expect(device.code).toBe(1)
      const nothing = await runHere('evaluate', '--batch', '/dev/null')
      expect([nothing.out, nothing.err, nothing.code]).toEqual(['', '', 0])
    },
  )

  it.skipIf(process.platform === 'win32')(
    'a FIFO is never waited for, nor by a policy file; a pipe of the shell is as good as a file',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'iam-sync-batch-'))
      const fifo = join(folder, 'p.fifo')
      execFileSync('mkfifo', [fifo])
      writeFileSync(join(folder, 'ok.json'), '{"Version":"2012-10-17","Statement":[]}')
      const batch = await runHere('evaluate', '--batch', fifo)
      expect(batch.err).toContain(`error[cli.unreadable-file]: can't read \`${fifo}\` (it is a FIFO)`)
      const policy = await runHere('access', 'diff', fifo, join(folder, 'ok.json'))
      expect(policy.err).toContain(`error[cli.policy-file]: OLD \`${fifo}\` can't be read: it is a FIFO`)
      const piped = execFileSync(
        'bash',
        ['-c', '"$0" "$1" access diff <(cat ok.json) ok.json', process.execPath, BIN],
        { cwd: folder, encoding: 'utf8' },
      )
      expect(piped).toContain('no changes')
    },
  )
})

describe('evaluate --batch with references', () => {
  const folder = mkdtempSync(join(tmpdir(), 'iam-sync-batch-sets-'))
  const lines = (...asked: readonly object[]) =>
    writeFileSync(
      join(folder, 'requests.jsonl'),
      asked.map((each, index) => `${JSON.stringify({ id: `${index}`, ...each })}\n`).join(''),
    )
  const ask = { principal: 'arn:aws:iam::111122223333:user/alice', action: 's3:GetObject', resource: '*' }
  const batch = (...args: readonly string[]) =>
    runIn(folder, 'evaluate', '--batch', 'requests.jsonl', ...args)

  it('goes by the sets of a file, JSON or YAML', async () => {
    lines({ request: ask, policies: 'readers' }, { request: ask, policies: 'nobody' })
    const yaml =
      'sets:\n  readers:\n    identity:\n      - Statement: { Effect: Allow, Action: "s3:Get*", Resource: "*" }\n  nobody: {}\n'
    writeFileSync(join(folder, 'sets.yaml'), yaml)
    const identity = [{ Statement: { Effect: 'Allow', Action: 's3:Get*', Resource: '*' } }]
    writeFileSync(
      join(folder, 'sets.json'),
      JSON.stringify({ sets: { readers: { identity }, nobody: null } }),
    )
    for (const file of ['sets.yaml', 'sets.json']) {
      const ran = await batch('--policies', file)
      expect([ran.err, ran.code]).toEqual(['', 0])
      expect(linesOf(ran.out)).toEqual([
        { id: '0', decision: 'allow' },
        { id: '1', decision: 'implicit_deny' },
      ])
    }
  })

  it('shows every problem of the sets with its place, before any line is answered', async () => {
    writeFileSync(
      join(folder, 'bad.json'),
      `{
  "set": 1,
  "sets": {
    "project": {},
    "a": { "identiy": [] },
    "b": { "identity": [{ "Statement": [{ "Effect": "allow", "Action": "s3:*", "Resource": "*" }] }] },
    "c": { "scp": [{}] },
    "d": { "identity": [] }
  }
}
`,
    )
    const ran = await batch('--policies', 'bad.json')
    expect([ran.code, ran.out]).toEqual([1, ''])
    await expect(ran.err).toMatchFileSnapshot('golden/policy-sets.txt')
    const asJson = await batch('--policies', 'bad.json', '--json')
    expect(asJson.out.trimEnd().split('\n')).toHaveLength(1)
    expect(jsonOf(asJson).diagnostics).toMatchObject(
      [2, 4, 5, 6, 7].map((line) => ({ file: 'bad.json', start: { line } })),
    )
  })

  it('takes sets of several files, none of them twice', async () => {
    lines({ request: ask, policies: 'one' }, { request: ask, policies: 'two' })
    const set = { identity: [{ Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } }] }
    writeFileSync(join(folder, 'one.json'), JSON.stringify({ sets: { one: set } }))
    writeFileSync(join(folder, 'two.json'), JSON.stringify({ sets: { two: {}, three: {} } }))
    const ran = await batch('--policies', 'one.json', '--policies', 'two.json')
    expect(linesOf(ran.out)).toMatchObject([{ decision: 'allow' }, { decision: 'implicit_deny' }])
    writeFileSync(join(folder, 'again.yaml'), 'sets:\n  three: {}\n')
    const again = await batch('--policies', 'two.json', '--policies', 'again.yaml')
    expect(again.err).toContain('error[cli.policy-sets]: two sets are called `three`')
    expect(again.err).toContain('--> again.yaml:2:3')
    expect(again.err).toContain('two.json:1')
  })

  it('says what the sets lack, and where a document has no meaning that only compiling shows', async () => {
    writeFileSync(join(folder, 'none.json'), '{"formatVersion":"1.0"}')
    const none = await batch('--policies', 'none.json')
    expect(none.err).toContain('error[cli.policy-sets]: `sets` is missing')
    const text = `{"sets": {
  "d": {"scp": [[{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:x"}}]]}
}}`
    writeFileSync(join(folder, 'meaning.json'), text)
    const meaning = await batch('--policies', 'meaning.json')
    expect(meaning.err).toContain('--> meaning.json:2:')
    expect(meaning.err).toContain('`arn:x`')
    writeFileSync(join(folder, 'list.json'), '[]')
    expect((await batch('--policies', 'list.json')).err).toContain(
      'error[cli.policy-sets]: `list.json` holds no set of policies',
    )
    expect((await batch('--policies', 'nowhere.json')).err).toContain(
      "error[cli.policy-sets]: `--policies nowhere.json` can't be read: there is no such file",
    )
  })

  it('goes by the project of --dir, as `evaluate` does', async () => {
    const dir = join(process.cwd(), 'examples/organization')
    const principal = 'arn:aws:iam::222233334444:role/reporter'
    const resource = 'arn:aws:s3:::reports-lake/2026/sales.csv'
    const asked = ['eu-west-1', 'us-east-1'].map((region) => ({
      request: { principal, action: 's3:GetObject', resource, context: { 'aws:RequestedRegion': region } },
      policies: 'project',
    }))
    const nobody = {
      request: { ...ask, principal: 'arn:aws:iam::222233334444:role/nobody' },
      policies: 'project',
    }
    lines(...asked, nobody)
    const ran = await batch('--dir', dir, '--at', '2026-01-01')
    expect(linesOf(ran.out)).toEqual([
      { id: '0', decision: 'allow' },
      { id: '1', decision: 'explicit_deny' },
      { id: '2', error: { code: 'invalid_request', message: expect.stringContaining('nobody') } },
    ])
    const without = await batch('--at', '2026-01-01')
    expect(without.err).toContain('`--batch` and `--at` do not go together')
    lines(...asked)
    expect(linesOf((await batch()).out)).toMatchObject([
      { error: { code: 'invalid_request', message: '`policies` names `project`, and there is no such set' } },
      { error: { code: 'invalid_request' } },
    ])
  })

  it('takes --policies with --batch only', async () => {
    const ran = await runHere('evaluate', '--policies', 'sets.json', '--principal', 'root', '--action', 'a:b')
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('`--policies` goes with `--batch` only')])
  })
})
