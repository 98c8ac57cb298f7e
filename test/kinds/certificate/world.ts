import { join } from 'node:path'
import { openIam } from '../../../src/iam/embedded-iam.ts'
import { IAM_KINDS } from '../../../src/kinds/iam.ts'
import type { StoredSettings } from '../../../src/kinds/kind.ts'
import { OBSERVE_KINDS } from '../../../src/kinds/observe.ts'
import { PLAN_KINDS } from '../../../src/kinds/plan.ts'
import { REPORT_KINDS } from '../../../src/kinds/report.ts'
import { STORE_KINDS } from '../../../src/kinds/store.ts'
import type { DesiredState } from '../../../src/manifest/desired.ts'
import { readSecretSource } from '../../../src/manifest/entities/secret-sources.ts'
import type { ReadOperations, WriteOperations } from '../../../src/model/operations.ts'
import type { PlanKinds } from '../../../src/plan/planning.ts'
import { type ApplyPorts, type ApplyRequest, applyAccount } from '../../../src/reconcile/apply-account.ts'
import type { ObserveKinds } from '../../../src/reconcile/observe-kind.ts'
import { type Intent, planAccount } from '../../../src/reconcile/plan-account.ts'
import type { ReportKind, ReportKinds } from '../../../src/report/report-kind.ts'
import { openWritableSqlite } from '../../../src/store/sqlite/open.ts'
import { LocalJournal } from '../../../src/target/local/journal.ts'
import type { IamWriter, WritableTarget } from '../../../src/target/ports.ts'
import { parseYaml } from '../../../src/yaml/yaml.ts'
import { ACCOUNT } from '../../arbitraries/policy.ts'
import { desiredOf } from '../../arbitraries/state.ts'
import { Random } from '../../evaluator/random-cases.ts'
import { applyOptions, FACTS, intentOf } from '../../reconcile/world.ts'
import { temporaryFolder } from '../../store/temporary-folder.ts'
import { type CertificateReads, type CertificateWrites, certificateIam } from './iam.ts'
import { CERTIFICATE, type DesiredCertificate, type WithCertificates } from './kind.ts'
import { certificate as certificateOfObserve } from './observe.ts'
import { certificateArn, certificate as certificateOfPlan } from './plan.ts'
import { certificate as certificateOfStore } from './store.ts'

// The lists of `src` are typed by its own kinds: one more is more than they ask for, and no less.
const planKinds = { ...PLAN_KINDS, certificate: certificateOfPlan }
const kinds: PlanKinds = planKinds
const observeKinds: ObserveKinds = {
  ...OBSERVE_KINDS,
  entities: Object.assign({ ...OBSERVE_KINDS.entities }, { certificate: certificateOfObserve }),
}

const certificateOfReport: ReportKind = {
  facts: CERTIFICATE,
  isNamed: true,
  namedIn: [CERTIFICATE.nameField],
  replacementNote: null,
}
export const reportKinds: ReportKinds = Object.assign(
  { ...REPORT_KINDS },
  { certificate: certificateOfReport },
)

export interface CertificateWorld {
  readonly target: Pick<WritableTarget, 'iam' | 'journal'>
  readonly folder: string
  /** What was given as private keys, in the order of calls. */
  readonly delivered: readonly string[]
  close(): Promise<void>
}

/** An account in a database of its own that has certificates. Two of them do the same, byte for byte. */
export async function openCertificates(): Promise<CertificateWorld> {
  const folder = temporaryFolder()
  const file = join(folder, 'a.db')
  const store = await openWritableSqlite<WithCertificates, StoredSettings>({
    file,
    account: ACCOUNT,
    kinds: { ...STORE_KINDS, certificate: certificateOfStore },
  })
  const delivered: string[] = []
  const random = new Random(7)
  const iam = openIam<
    ReadOperations & CertificateReads,
    WriteOperations & CertificateWrites,
    WithCertificates,
    StoredSettings
  >({
    account: ACCOUNT,
    kinds: { ...IAM_KINDS, certificate: certificateIam(delivered) },
    store: store.iam,
    awsPolicies: FACTS,
    clock: () => Date.UTC(2026, 0, 1),
    randomBytes: (count) => Uint8Array.from({ length: count }, () => random.below(256)),
  })
  const journal = new LocalJournal(store.journal, { database: file })
  return {
    target: { iam, journal },
    folder,
    delivered,
    close: async () => {
      await journal.close()
      await store.close()
    },
  }
}

/** @param declared the text of `certificates:`: of each its `body` and where its `privateKey` comes from */
export function certificatesIn(declared: string): DesiredState {
  const state = desiredOf({ policies: {}, groups: {}, users: {}, roles: {} })
  const [root] = parseYaml('certificates.yaml', declared).roots
  const certificates = new Map<string, DesiredCertificate>()
  for (const { key: name, keySpan, value: node } of root?.kind === 'map' ? root.entries : []) {
    if (node.kind !== 'map') throw new Error('no map')
    const of = (key: string) => node.entries.find((entry) => entry.key === key)?.value
    const body = of('body')
    const key = of('privateKey')
    const privateKey =
      key === undefined
        ? null
        : readSecretSource(key, ({ code, message }) => {
            throw new Error(`${code}: ${message}`)
          })
    certificates.set(name, {
      kind: 'certificate',
      name,
      path: '/',
      arn: certificateArn(ACCOUNT, '/', name),
      span: keySpan,
      node,
      body: body?.kind === 'scalar' ? String(body.value) : '',
      ...(privateKey === null ? {} : { privateKey }),
    })
  }
  return { ...state, entities: Object.assign({ ...state.entities }, { certificate: certificates }) }
}

export const intentFor = (desired: DesiredState): Intent => ({
  ...intentOf(desired),
  kinds,
  observeKinds,
  scopes: Object.assign({ ...intentOf(desired).scopes }, { certificate: { type: 'all' } }),
})

let entries = 0

/** Plans, and applies that plan. @param write in place of the target's own */
export async function applyCertificates(
  { target }: CertificateWorld,
  desired: DesiredState,
  ports: Partial<ApplyPorts>,
  write: IamWriter['write'] = target.iam.write,
) {
  const intent = intentFor(desired)
  const planned = await planAccount(intent, target)
  const request: ApplyRequest = {
    intent,
    target: { ...target, iam: { read: target.iam.read, write } },
    consented: planned.plan,
    entry: { id: `entry-${++entries}`, commit: 'c0ffee', dirty: false, actor: 'ada@laptop' },
    process: { pid: process.pid, host: 'laptop' },
    lockTimeout: 0,
  }
  const { secrets: _, ...options } = applyOptions()
  const applied = await applyAccount(request, {
    ...options,
    clock: () => Date.UTC(2026, 0, 2),
    ...ports,
  })
  return { planned, applied }
}
