import { createHash } from 'node:crypto'
import { infoOf, SourceTexts } from '../../diagnostics/index.ts'
import { parseArn, type Unseen } from '../../model/index.ts'
import { EstateDraft } from '../estate-draft.ts'
import type { GivenInput, Intake } from '../intake.ts'
import { readAttachments } from './attachments.ts'
import { Configuration } from './configuration.ts'
import { Holdings } from './holdings.ts'
import { readIdentities } from './identities.ts'
import { controlLevels, readControls } from './organization-controls.ts'
import { readPermissionSets } from './permission-sets.ts'
import { PlanAccounts } from './plan-accounts.ts'
import type { PlanContext } from './plan-context.ts'
import { PlanDocuments } from './plan-documents.ts'
import { planFileOf } from './plan-file.ts'
import { PlanNames } from './plan-names.ts'
import { planValues } from './plan-text.ts'
import { ReferredInstances } from './referred.ts'
import { readResources } from './resource-policies.ts'
import { type PlanSide, sidesOf } from './sides.ts'
import { changesUnread, findUnfinished, findUnread, isUnfinished } from './unread.ts'

/**
 * Reads what `terraform show -json` printed of a plan, as it is before or after it.
 * @throws DiagnosticError `intake.…` when it is something else, or can't be read at all
 */
export function readTfplan(input: GivenInput): Intake {
  const { file } = input
  const wanted = input.side === 'before' ? 'before' : 'after'
  const plan = planFileOf(file, planValues(file, input.bytes))
  const configuration = new Configuration(plan.configuration.root)
  const sides = sidesOf(plan, configuration)
  const accounts = new PlanAccounts(plan, [sides.before, sides.after], {
    account: input.account.id,
    partition: input.account.partition,
    region: input.account.region ?? null,
  })
  const read = (name: PlanSide['name'], earlier: ReadonlySet<string>) => {
    const draft = new EstateDraft(name === wanted ? input.texts : new SourceTexts())
    const referred = new ReferredInstances(sides[name].instances, configuration)
    const context: PlanContext = {
      file,
      side: sides[name],
      draft,
      accounts,
      referred,
      names: new PlanNames(accounts, referred),
      documents: new PlanDocuments(file, draft, referred),
      earlier,
      separate: new Set(),
    }
    for (const account of accounts.all) draft.account(account)
    const holdings = new Holdings()
    readIdentities(context, holdings)
    readAttachments(context, holdings)
    readPermissionSets(context, holdings)
    readResources(context)
    return { context, holdings, controls: readControls(context) }
  }
  const before = read('before', new Set())
  const after = read('after', before.context.separate)
  const [own, other] = wanted === 'before' ? [before, after] : [after, before]
  const { draft, side, documents } = own.context
  own.holdings.addElsewhereOf(other.holdings, (text) => documents.notHeld(text))
  own.holdings.putInto(draft, file)
  for (const note of accounts.notes) draft.find(note)
  if (wanted === 'after') findUnfinished(plan, file, draft)
  findUnread(side, draft, own.controls.unread)
  draft.find(
    infoOf({
      code: 'intake.not-held',
      message: `\`${file}\` holds what Terraform manages there, and nothing else of the account: answers are by what it holds`,
    }),
  )
  const intake = draft.finish(file, [], false)
  const regionNotes = [...intake.estate.resources.keys()].some(
    (arn) => parseArn(arn)?.region === accounts.assumedRegion,
  )
    ? [
        infoOf({
          code: 'intake.region-assumed',
          message: `nothing in the plan says which region its resources are in: it is taken to be ${accounts.assumedRegion}`,
          help: 'say it with `--region REGION`',
        }),
      ]
    : []
  const isOpen =
    isUnfinished(plan) ||
    changesUnread(sides) ||
    JSON.stringify(before.controls.open) !== JSON.stringify(after.controls.open)
  const levels = controlLevels(own.controls, other.controls)
  return {
    ...intake,
    findings: [...intake.findings, ...regionNotes],
    estate: {
      ...intake.estate,
      accounts: intake.estate.accounts.map((state) => {
        const controls = levels.get(state.account.id)
        return controls === undefined ? state : { ...state, controls }
      }),
      unseen: isOpen ? new Set([...UNSEEN, 'changes'] as const) : UNSEEN,
      sameBeyond: createHash('sha256').update(input.bytes).digest('hex'),
    },
  }
}

/** All that there may be beside what Terraform manages. */
const UNSEEN: ReadonlySet<Unseen> = new Set<Unseen>([
  'principals',
  'resourcePolicies',
  'controlPolicies',
  'providers',
  'accessKeys',
  'passwords',
])
