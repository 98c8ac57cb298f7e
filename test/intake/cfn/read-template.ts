import { loadManagedPolicies } from '../../../src/catalog/managed-policies.ts'
import { SourceTexts } from '../../../src/diagnostics/index.ts'
import { readCfn } from '../../../src/intake/cfn/read-cfn.ts'
import type { Intake } from '../../../src/intake/intake.ts'
import type { AccountState, Estate } from '../../../src/model/index.ts'

const awsPolicies = await loadManagedPolicies()

interface Given {
  readonly file?: string
  readonly account?: string | null
  readonly region?: string
  readonly parameters?: Readonly<Record<string, string>>
  readonly texts?: SourceTexts
}

/** @param template its text, or its value, which becomes JSON */
export function readTemplate(template: unknown, given: Given = {}): Intake {
  const text = typeof template === 'string' ? template : JSON.stringify(template, null, 2)
  return readCfn(
    {
      file: given.file ?? 'template.yaml',
      bytes: new TextEncoder().encode(text),
      side: null,
      account: {
        id: given.account === undefined ? '111122223333' : given.account,
        partition: null,
        ...(given.region === undefined ? {} : { region: given.region }),
      },
      texts: given.texts ?? new SourceTexts(),
      parameters: new Map(Object.entries(given.parameters ?? {})),
    },
    awsPolicies,
  )
}

/** The only account of an estate. */
export function accountIn({ accounts: [state, second] }: Estate): AccountState {
  if (state === undefined || second !== undefined) throw new Error('one account was expected')
  return state
}
