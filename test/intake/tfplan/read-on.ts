import { SourceTexts } from '../../../src/diagnostics/index.ts'
import type { Intake } from '../../../src/intake/intake.ts'
import { readTfplan } from '../../../src/intake/tfplan/read-tfplan.ts'
import type { AccountState } from '../../../src/model/index.ts'
import { gaadIn } from '../read-back.ts'
import { detailsOf } from '../write-gaad.ts'
import { type Planned, planBytes, planJson } from './plan-json.ts'

/** One side of a plan of these resources, put on what is exported. */
export function readOn(
  exported: readonly AccountState[] | string,
  resources: readonly Planned[],
  side: 'before' | null = null,
  account: string | null = null,
  parts: Parameters<typeof planJson>[1] = {},
): Intake {
  const text = typeof exported === 'string' ? exported : JSON.stringify(detailsOf(exported))
  const texts = new SourceTexts()
  return readTfplan({
    file: 'plan.json',
    bytes: planBytes(planJson(resources, parts)),
    side,
    account: { id: account, partition: null },
    on: { file: 'account.json', bytes: new TextEncoder().encode(text), intake: gaadIn(text, texts) },
    texts,
  })
}
