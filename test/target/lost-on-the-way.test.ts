// What a target makes of answers that never come: a proxy before a real server loses them.

import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import { DEFAULT_QUOTAS } from '../../src/catalog/quotas.ts'
import { totpCode } from '../../src/credentials/totp.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { OBSERVE_KINDS } from '../../src/kinds/observe.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import type { ChildState } from '../../src/model/index.ts'
import { orWhenMissing } from '../../src/reconcile/api-values.ts'
import { applyAccount } from '../../src/reconcile/apply-account.ts'
import { observe } from '../../src/reconcile/observe.ts'
import { allParents } from '../../src/reconcile/observe-children.ts'
import { type Intent, planAccount } from '../../src/reconcile/plan-account.ts'
import type { SecretPorts } from '../../src/reconcile/secret-supply.ts'
import { openSdkIam } from '../../src/target/aws/sdk-iam.ts'
import { openWritable } from '../../src/target/local/open-local-target.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { SAMPLE_PORTS } from '../kinds/listed.ts'
import { AWS } from '../manifest/sample.ts'
import { now } from '../real-clock.ts'
import { applyOptions, intentOf } from '../reconcile/world.ts'
import { IS_WHOLE, sampleOf } from '../sample-size.ts'
import { type Served, served } from '../server/http/served.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'
import { STATES, sentWrites } from './every-write.ts'
import { type Fate, losingProxy } from './losing-proxy.ts'

const FATES: readonly Fate[] = [
  'dropped after',
  'cut off after',
  'a 500 after',
  'dropped before',
  ...(IS_WHOLE
    ? ([
        'a 503 after',
        'a 504 after',
        'a page after',
        'a 500 before',
        'a 503 before',
        'a page before',
        'throttled before',
      ] as const)
    : []),
]

const INTENTS = STATES.map(({ alias, manifest }): Intent => {
  const { project } = loadProject({
    kinds: MANIFEST_KINDS,
    facts: AWS,
    files: new Map([
      ['iam-sync.yaml', `version: 1\naccounts: { all: ${JSON.stringify({ id: ACCOUNT.id, alias })} }\n`],
      ['main.json.yaml', JSON.stringify(manifest)],
    ]),
  })
  const desired = project.accounts[0]?.desired ?? null
  if (desired === null) throw new Error(project.diagnostics.map(({ message }) => message).join('\n'))
  return { ...intentOf(desired), quotas: DEFAULT_QUOTAS, allowBrieflyWider: true }
})
const WRITES = sentWrites()
/** What calls meet: of whole samples each all of it, otherwise each two of it, and one or the other comes after it was done. */
const ROUNDS = IS_WHOLE
  ? FATES.map((fate) => ({ name: fate, fateOf: () => fate }))
  : [0, 2].map((turn) => ({
      name: `one of ${FATES.length} fates, from ${FATES[turn]} on`,
      fateOf: (operation: string) => FATES[(WRITES.indexOf(operation) + turn) % FATES.length] ?? 'passed',
    }))
/** Of whole samples each. */
const ALONE = sampleOf(WRITES.length) === WRITES.length ? WRITES : []

/** An app of somebody's, which no declaration makes and which goes with its user. */
async function enrolAda({ opened }: Served): Promise<void> {
  const { iam } = opened.current()
  const { VirtualMFADevice } = await iam.write('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' })
  const seed = new TextDecoder().decode(VirtualMFADevice?.Base32StringSeed)
  const step = Math.floor(now() / 30_000)
  await iam.write('EnableMFADevice', {
    UserName: 'ada',
    SerialNumber: VirtualMFADevice?.SerialNumber,
    AuthenticationCode1: totpCode(seed, step),
    AuthenticationCode2: totpCode(seed, step + 1),
  })
}

/** What a user has that AWS made and told the secret of once. */
async function idsOf({ opened }: Served, UserName: string): Promise<readonly (string | undefined)[]> {
  const { iam } = opened.current()
  const ids = async () => [
    ...((await iam.read('ListAccessKeys', { UserName })).AccessKeyMetadata ?? []).map(
      ({ AccessKeyId }) => AccessKeyId,
    ),
    ...(
      (await iam.read('ListServiceSpecificCredentials', { UserName })).ServiceSpecificCredentials ?? []
    ).map(({ ServiceSpecificCredentialId }) => ServiceSpecificCredentialId),
  ]
  return orWhenMissing([], ids())
}

/** What AWS alone names is known by its id. */
const withoutId = ({ id, identity, created, expires, lastUsed, ...one }: ChildState): string =>
  JSON.stringify(identity === id ? one : { identity, ...one })

/** What an account has, whatever the ids that were given, and when. */
async function contentOf({ opened }: Served): Promise<unknown> {
  const { children, ...rest } = await observe(opened.current().iam, ACCOUNT, OBSERVE_KINDS, allParents)
  const unidentified = Object.entries(children).map(([kind, all]) => [
    kind,
    [...all].map(([parent, each]) => [parent, each.map(withoutId).toSorted()]),
  ])
  return JSON.parse(
    JSON.stringify({ ...rest, children: unidentified }, (_, value: unknown) =>
      value instanceof Map ? [...value].toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)) : value,
    ),
  )
}

/** Made again they make another, or are refused. */
const makes = (operation: string) => /^(?:Create(?!AccountAlias)|Upload|AddRole)/.test(operation)

function countsOf(operations: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const operation of operations) counts[operation] = (counts[operation] ?? 0) + 1
  return counts
}

interface Led {
  /** What was planned. */
  readonly operations: readonly string[]
  readonly content: unknown
}

/** Leads an account through all states, over HTTP, where the first call of each operation meets its fate. */
async function led(fateOf: (operation: string) => Fate): Promise<readonly Led[]> {
  const server = await served({}, ACCOUNT)
  const database = join(temporaryFolder(), 'journal.db')
  const clock = now
  const kept = await openWritable({
    database,
    account: ACCOUNT,
    facts: await loadManagedPolicies(),
    clock,
    randomBytes: fixedBytes,
  })
  const states: Led[] = []
  /** Ids of credentials that somebody was given. */
  const given = new Set<string>()
  const secrets: SecretPorts = {
    ...SAMPLE_PORTS,
    sink: {
      objection: async () => null,
      take: async ({ id }) => {
        if (id !== undefined) given.add(id)
        return { withdraw: async () => true }
      },
    },
  }
  try {
    for (const [index, intent] of INTENTS.entries()) {
      if (index === INTENTS.length - 1) await enrolAda(server)
      const proxy = await losingProxy(server.port, ({ operation, times }) =>
        times === 0 && WRITES.includes(operation) ? fateOf(operation) : 'passed',
      )
      const iam = await openSdkIam({
        region: 'us-east-1',
        endpoint: proxy.endpoint,
        credentials: server.root,
      })
      const target = { iam, journal: kept.journal }
      try {
        const { plan } = await planAccount(intent, target)
        const applied = await applyAccount(
          {
            intent,
            target,
            consented: plan,
            entry: { id: `e-${index}`, commit: null, dirty: null, actor: 'a@b' },
            process: { pid: process.pid, host: 'b' },
            lockTimeout: 0,
          },
          { ...applyOptions(), secrets, clock },
        )
        if (applied.type !== 'applied') throw new Error(JSON.stringify(applied))
        const undone = applied.results.flatMap(({ status, error, step: { operation } }) =>
          status === 'done' ? [] : [{ operation, status, error }],
        )
        expect(undone).toEqual([])
        expect(applied.verification).toEqual({ type: 'verified' })
        expect((await planAccount(intent, target)).plan.steps).toEqual([])
        const told = new Set(
          plan.steps.flatMap(({ operation, tells }) => (tells ? [operation as string] : [])),
        )
        const makesOnce = (operation: string) => makes(operation) && !told.has(operation)
        const done = proxy.calls.filter(({ status }) => status === 200).map(({ operation }) => operation)
        expect(countsOf(done.filter(makesOnce))).toEqual(
          countsOf(plan.steps.map(({ operation }) => operation).filter(makesOnce)),
        )
        for (const UserName of ['ada', 'bob'])
          for (const id of await idsOf(server, UserName)) expect(given).toContain(id)
        states.push({
          operations: plan.steps.map(({ operation }) => operation),
          content: await contentOf(server),
        })
      } finally {
        iam.close()
        await proxy.stop()
      }
    }
  } finally {
    await kept.close()
    await server.stop()
  }
  return states
}

let undisturbed: readonly Led[]
beforeAll(async () => {
  undisturbed = await led(() => 'passed')
}, 60_000)

const contents = (states: readonly Led[]) => states.map(({ content }) => content)

describe('over HTTP', () => {
  it('every operation that changes an account and that plans make is called on the way', () => {
    const called = new Set(undisturbed.flatMap(({ operations }) => operations))
    expect(WRITES.filter((operation) => !called.has(operation))).toEqual([])
    expect(WRITES.length).toBeGreaterThan(80)
  })

  it.each(ROUNDS)(
    'an apply of which each call meets $name is whole, and does nothing twice',
    async ({ fateOf }) => {
      expect(contents(await led(fateOf))).toEqual(contents(undisturbed))
    },
    60_000,
  )

  // One at a time: what is wrong with one may hide behind another.
  it.each(ALONE)(
    '%s alone is done, and not twice, when its answer is lost',
    async (operation) => {
      expect(contents(await led((each) => (each === operation ? 'dropped after' : 'passed')))).toEqual(
        contents(undisturbed),
      )
    },
    60_000,
  )
})
