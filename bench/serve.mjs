// What `iam-sync serve` takes for a call, in turns (A B B A) with a plain `node:http` server that answers what it was sent, in the same run: processes of their own,
// asked the same requests by the same client. Ratios are of the processor's time that the servers take.
//
//   node bench/serve.mjs                an account at AWS's default quotas
//   node bench/serve.mjs --quick        a twentieth of it, fewer calls
//   node bench/serve.mjs --only calls   one part alone: `apply`, `calls`, `sessions`
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { median } from './figures.mjs'
import { FULL, generateAccount, QUICK, writeAccount } from './generate.mjs'
import { runNode } from './processes.mjs'
import { send, signed } from './signed-calls.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const cli = join(root, 'dist/bin/iam-sync.js')
const isQuick = process.argv.includes('--quick')
const onlyAt = process.argv.indexOf('--only')
const only = onlyAt < 0 ? null : process.argv[onlyAt + 1]
const sizes = isQuick ? QUICK : FULL
const ACCOUNT = '111122223333'
const CALLS = isQuick ? 500 : 4000
const TURNS = isQuick ? 2 : 6
const SESSIONS = isQuick ? 2000 : 100_000
/** Connections that a client keeps, each with a call under way. */
const AT_ONCE = 8
/** Milliseconds of the processor in one tick of `/proc`. */
const TICK = 10

if (!existsSync(cli) || !existsSync('/proc/self/stat')) {
  console.error('bench: wants a build (`npm run build`), and Linux, which tells what a process takes')
  process.exit(1)
}
const workplace = mkdtempSync(join(tmpdir(), 'iam-sync-serve-'))
process.on('exit', () => rmSync(workplace, { recursive: true, force: true }))
process.env.IAM_SYNC_CACHE = 'off'

/** A server in a process of its own, which tells where it is in its first line. */
async function started(args) {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'], cwd: root })
  process.on('exit', () => child.kill())
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return {
    ...JSON.parse(line),
    /** Milliseconds. */
    spent: () => {
      const [, , ...fields] = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
        .split(/(?<=\)) /)[1]
        .split(' ')
      return (Number(fields[9]) + Number(fields[10])) * TICK
    },
    /** In MiB. */
    resident: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024,
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

const ECHO = `
  const { createServer } = await import('node:http')
  const server = createServer((request, response) => {
    const chunks = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => response.end(Buffer.concat(chunks)))
  })
  server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ endpoint: 'http://127.0.0.1:' + server.address().port })))
`
const startEcho = () => started(['--input-type=module', '-e', ECHO])

const folderOf = (name, target) => {
  const folder = join(workplace, name)
  const files = generateAccount(sizes)
  writeAccount(folder, files)
  const project = join(folder, 'iam-sync.yaml')
  if (target !== null)
    writeFileSync(project, readFileSync(project, 'utf8').replace(/target: \{[^}]*\}/, `target: ${target}`))
  return folder
}

/**
 * @param requests sent one after the other on each connection, and again from the first
 * @returns calls a second, milliseconds of the processor that the server took for one, and how long each call took
 */
async function asked(server, requests, calls) {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const { hostname, port } = new URL(server.endpoint)
  const took = []
  let next = 0
  const before = server.spent()
  const start = performance.now()
  const one = async () => {
    while (next < calls) {
      const { options, body } = requests[next++ % requests.length]
      const sent = performance.now()
      const { status, text } = await send({ options: { ...options, hostname, port }, body }, agent)
      if (status !== 200) throw new Error(text)
      took.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  const seconds = (performance.now() - start) / 1000
  agent.destroy()
  return { rate: calls / seconds, spent: (server.spent() - before) / calls, took }
}

const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.floor(values.length * share)]

async function compared(name, ours, echo, requests) {
  const turns = { ours: [], echo: [] }
  // What the first call loads, and what V8 compiles, is no part of it.
  for (const server of [ours, echo]) await asked(server, requests(), Math.min(CALLS, 1000))
  for (let turn = 0; turn < TURNS; turn++)
    for (const which of turn % 2 === 0 ? ['ours', 'echo'] : ['echo', 'ours'])
      turns[which].push(await asked(which === 'ours' ? ours : echo, requests(), CALLS))
  const told = (all) => {
    const took = all.flatMap((each) => each.took)
    return `${median(all.map(({ rate }) => rate)).toFixed(0)} a second, ${(1000 * median(all.map(({ spent }) => spent))).toFixed(0)} µs of the processor, p50 ${quantile(took, 0.5).toFixed(2)} ms, p99 ${quantile(took, 0.99).toFixed(2)} ms`
  }
  const ratios = (of) => median(turns.ours.map((each, turn) => of(each) / of(turns.echo[turn]))).toFixed(1)
  console.log(`${name}: ${told(turns.ours)}`)
  console.log(`  the echo: ${told(turns.echo)}`)
  console.log(
    `  ratio: ${ratios(({ spent }) => spent)} × of the processor, p50 ${ratios(({ took }) => quantile(took, 0.5))} ×, p99 ${ratios(({ took }) => quantile(took, 0.99))} ×`,
  )
}

const told = (xml, name) => new RegExp(`<${name}>([^<]*)`).exec(xml)?.[1]
const serve = (folder) => started([cli, 'serve', '--dir', folder, '--port', '0', '--bootstrap'])
const keyOf = ({ accessKeyId, secretAccessKey }) => ({ accessKeyId, secretAccessKey })
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`

console.log(`load ${loadavg()[0].toFixed(1)} before; ${AT_ONCE} connections; ${sizes.users} users`)
const served = folderOf('served', null)
const here = runNode([cli, 'apply', served, '--yes', '--json'], { cwd: root })

if (only === null || only === 'apply') {
  const empty = await serve(folderOf('empty', null))
  const remote = folderOf('remote', `{ kind: aws, endpoint: "${empty.endpoint}" }`)
  const env = {
    AWS_ACCESS_KEY_ID: empty.accessKeyId,
    AWS_SECRET_ACCESS_KEY: empty.secretAccessKey,
    AWS_SESSION_TOKEN: '',
  }
  const before = empty.spent()
  const over = runNode([cli, 'apply', remote, '--yes', '--json'], { cwd: root, env })
  const serverSpent = empty.spent() - before
  const steps = JSON.parse(over.stdout).results[0].steps.length
  console.log(
    `apply from empty over HTTP, ${steps} steps: ${seconds(over.milliseconds)}, processor ${seconds(over.spent)} and, of the server, ${seconds(serverSpent)}; ` +
      `into a file: ${seconds(here.milliseconds)}, processor ${seconds(here.spent)}; ` +
      `ratio ${((over.spent + serverSpent) / here.spent).toFixed(2)} × of the processor, ${(over.milliseconds / here.milliseconds).toFixed(2)} × of the time`,
  )
  const again = runNode([cli, 'plan', remote, '--exit-code'], { cwd: root, env })
  console.log(
    `  a plan over HTTP, nothing to change: ${seconds(again.milliseconds)}, processor ${seconds(again.spent)}`,
  )
  await empty.stop()
}
if (only === 'apply') process.exit(0)

const server = await serve(served)
const access = (credentials) => ({ endpoint: server.endpoint, region: 'us-east-1', credentials })
const call = async (credentials, ...words) => {
  const { status, text } = await send(signed(access(credentials), ...words))
  if (status !== 200) throw new Error(text)
  return text
}
const rootKey = keyOf(server)
const names = async (operation, name) => {
  const listed = await call(rootKey, 'iam', operation, { MaxItems: '500' })
  return [...listed.matchAll(new RegExp(`<${name}>([^<]*)`, 'g'))].map(([, each]) => each)
}
const users = await names('ListUsers', 'UserName')
const [UserName] = users
const [RoleName] = await names('ListRoles', 'RoleName')
const statement = { Effect: 'Allow', Action: ['iam:GetUser', 'sts:AssumeRole'], Resource: '*' }
const Principal = { AWS: `arn:aws:iam::${ACCOUNT}:root` }
const documentOf = (Statement) => JSON.stringify({ Version: '2012-10-17', Statement })
const PolicyDocument = documentOf(statement)
// Both may have one that lets neither call through.
await call(rootKey, 'iam', 'DeleteUserPermissionsBoundary', { UserName }).catch(() => {})
await call(rootKey, 'iam', 'DeleteRolePermissionsBoundary', { RoleName }).catch(() => {})
await call(rootKey, 'iam', 'PutUserPolicy', { UserName, PolicyName: 'bench', PolicyDocument })
await call(rootKey, 'iam', 'PutRolePolicy', { RoleName, PolicyName: 'bench', PolicyDocument })
const trust = documentOf({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' })
await call(rootKey, 'iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument: trust })
const role = told(await call(rootKey, 'iam', 'GetRole', { RoleName }), 'Arn')
const key = await call(rootKey, 'iam', 'CreateAccessKey', { UserName })
const bench = { accessKeyId: told(key, 'AccessKeyId'), secretAccessKey: told(key, 'SecretAccessKey') }
const assume = (count) =>
  Array.from({ length: count }, (_, number) =>
    signed(access(bench), 'sts', 'AssumeRole', { RoleArn: role, RoleSessionName: `session-${number}` }),
  )
const echo = await startEcho()

if (only === null || only === 'calls') {
  const gets = (credentials) => () =>
    users.map((each) => signed(access(credentials), 'iam', 'GetUser', { UserName: each }))
  const xml = await call(bench, 'sts', 'AssumeRole', { RoleArn: role, RoleSessionName: 'session' })
  const session = {
    accessKeyId: told(xml, 'AccessKeyId'),
    secretAccessKey: told(xml, 'SecretAccessKey'),
    sessionToken: told(xml, 'SessionToken'),
  }
  await compared('GetUser, by a user’s key', server, echo, gets(bench))
  await compared('GetUser, by a session', server, echo, gets(session))
  await compared('AssumeRole', server, echo, () => assume(500))
}

if (only === null || only === 'sessions') {
  const memory = () => `${server.resident().toFixed(0)} MiB`
  await asked(server, assume(500), Math.min(SESSIONS, 2000))
  const sizesSoFar = [`before ${memory()}`]
  for (let part = 1; part <= 4; part++) {
    await asked(server, assume(500), SESSIONS / 4)
    sizesSoFar.push(`after ${(part * SESSIONS) / 4} ${memory()}`)
  }
  console.log(
    `memory of the process by AssumeRole calls, each of which makes a session: ${sizesSoFar.join(', ')}`,
  )
}
await echo.stop()
await server.stop()
