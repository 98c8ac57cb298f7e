import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import { DEFAULT_QUOTAS } from '../../src/catalog/quotas.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import { applyAccount } from '../../src/reconcile/apply-account.ts'
import { planAccount } from '../../src/reconcile/plan-account.ts'
import { readDirectory } from '../../src/source/directory.ts'
import { openSdkIam } from '../../src/target/aws/sdk-iam.ts'
import { openWritable } from '../../src/target/local/open-local-target.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { applyOptions, intentOf } from '../reconcile/world.ts'
import { IS_WHOLE } from '../sample-size.ts'
import { served } from '../server/http/served.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'

/** A thousand calls of the one take seconds: `test/soak/whole-samples.mjs` makes them. */
const EXAMPLE = IS_WHOLE ? 'acme' : 'quickstart'

it(`examples/${EXAMPLE} is applied over HTTP by AWS’s client: the second plan is empty`, async () => {
  const facts = await loadManagedPolicies()
  const files = readDirectory(`examples/${EXAMPLE}`).files
  const { project } = loadProject({ kinds: MANIFEST_KINDS, files, facts })
  const [first] = project.accounts
  if (first?.desired == null) throw new Error('the example has no account')
  const { account, desired } = first
  const server = await served({}, account)
  const iam = await openSdkIam({ region: 'us-east-1', endpoint: server.endpoint, credentials: server.root })
  const clock = () => Date.UTC(2026, 0, 2)
  // AWS's API has no place for the journal: it is kept here.
  const database = join(temporaryFolder(), 'journal.db')
  const kept = await openWritable({ database, account, facts, clock, randomBytes: fixedBytes })
  const target = { iam, journal: kept.journal }
  try {
    const intent = { ...intentOf(desired), quotas: DEFAULT_QUOTAS }
    const { plan } = await planAccount(intent, target)
    expect(plan.steps.length).toBeGreaterThan(IS_WHOLE ? 500 : 2)
    const applied = await applyAccount(
      {
        intent,
        target,
        consented: plan,
        entry: { id: 'e-1', commit: null, dirty: null, actor: 'a@b' },
        process: { pid: 1, host: 'b' },
        lockTimeout: 0,
      },
      { ...applyOptions(), clock },
    )
    expect(applied).toMatchObject({
      type: 'applied',
      outcome: 'complete',
      summary: { failed: 0, skipped: 0 },
      verification: { type: 'verified' },
    })
    const again = await planAccount(intent, target)
    expect(again.plan.steps.map(({ operation }) => operation)).toEqual([])
  } finally {
    iam.close()
    await kept.close()
    await server.stop()
  }
}, 60_000)
