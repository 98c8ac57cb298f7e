// What it takes to know of everybody's credentials: the credential report of an account in which every user has two access keys,
// a service-specific credential and a virtual MFA device, and the listings of everybody's. In process, over a database in memory, by the processor's time.
// Beside each figure stands the same for a quarter of the users: what is linear takes four times as much.
// Needs the build. Run alone: `node bench/credentials.mjs [--quick]`.
import { pathToFileURL } from 'node:url'
import { median } from './figures.mjs'
import { FULL, QUICK } from './generate.mjs'
import { randomSource } from './random.mjs'

const RUNS = 5

/** @returns figures of the bench's form */
export async function measureCredentials({ quick = false } = {}) {
  const { users } = quick ? QUICK : FULL
  const few = await measured(Math.ceil(users / 4))
  const all = await measured(users)
  return all.flatMap(({ name, values }, index) => [
    { name: `${name}, ${users.toLocaleString('en')} users`, values },
    { name: '… of a quarter of them', values: [median(values) / median(few[index].values)], unit: '×' },
  ])
}

async function measured(users) {
  const { openIam } = await import('../dist/src/iam/embedded-iam.js')
  const { openWritableSqlite } = await import('../dist/src/store/sqlite/open.js')
  const { IAM_KINDS } = await import('../dist/src/kinds/iam.js')
  const { STORE_KINDS } = await import('../dist/src/kinds/store.js')
  const account = { id: '111122223333', partition: 'aws' }
  const store = await openWritableSqlite({ file: ':memory:', account, kinds: STORE_KINDS })
  const { below } = randomSource(1)
  const iam = openIam({
    account,
    kinds: IAM_KINDS,
    store: store.iam,
    awsPolicies: { has: () => false, document: () => null, versionOf: () => null },
    clock: () => Date.UTC(2026, 0, 1),
    randomBytes: (count) => Uint8Array.from({ length: count }, () => below(256)),
  })
  for (let index = 0; index < users; index++) {
    const UserName = `user-${index}`
    await iam.write('CreateUser', { UserName })
    await iam.write('CreateAccessKey', { UserName })
    await iam.write('CreateAccessKey', { UserName })
    await iam.write('CreateServiceSpecificCredential', { UserName, ServiceName: 'codecommit.amazonaws.com' })
    await iam.write('CreateVirtualMFADevice', { VirtualMFADeviceName: UserName })
  }
  const pagesOf = async (operation, input) => {
    for (let Marker; ; ) {
      const page = await iam.read(operation, { ...input, MaxItems: 1000, ...(Marker && { Marker }) })
      if (page.IsTruncated !== true) return
      Marker = page.Marker
    }
  }
  const questions = [
    ['credential report', () => iam.read('GetCredentialReport', {})],
    [
      'service-specific credentials of everybody',
      () => pagesOf('ListServiceSpecificCredentials', { AllUsers: true }),
    ],
    ['virtual MFA devices of everybody', () => pagesOf('ListVirtualMFADevices', {})],
  ]
  const figures = []
  for (const [name, ask] of questions) {
    const values = []
    for (let run = 0; run < RUNS; run++) {
      const begun = process.cpuUsage()
      await ask()
      const { user, system } = process.cpuUsage(begun)
      values.push((user + system) / 1000)
    }
    figures.push({ name, values })
  }
  await store.close()
  return figures
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  for (const { name, values, unit = 'ms' } of await measureCredentials({
    quick: process.argv.includes('--quick'),
  }))
    console.log(`${name}: ${median(values).toPrecision(3)} ${unit}`)
