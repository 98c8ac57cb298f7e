import { createHash } from 'node:crypto'
import { infoOf, SourceTexts, warningOf } from '../../diagnostics/index.ts'
import type { Unseen } from '../../model/index.ts'
import { EstateDraft } from '../estate-draft.ts'
import type { GivenInput, Intake } from '../intake.ts'
import { ATTACHMENT_TYPES, readAttachments } from './attachments.ts'
import { Configuration } from './configuration.ts'
import { Holdings } from './holdings.ts'
import { readIdentities } from './identities.ts'
import { PERMISSION_SET_TYPES, readPermissionSets } from './permission-sets.ts'
import { PlanAccounts } from './plan-accounts.ts'
import type { PlanContext } from './plan-context.ts'
import { PlanDocuments } from './plan-documents.ts'
import { type PlanFile, planFileOf } from './plan-file.ts'
import { kindOfType, PlanNames } from './plan-names.ts'
import { planValues } from './plan-text.ts'
import { ReferredInstances } from './referred.ts'
import { RESOURCE_TYPES, readResources } from './resource-policies.ts'
import { type PlanSide, sidesOf } from './sides.ts'
import { isOfAccess } from './types-of-access.ts'

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
    region: null,
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
    return { context, holdings }
  }
  const before = read('before', new Set())
  const after = read('after', before.context.separate)
  const [own, other] = wanted === 'before' ? [before, after] : [after, before]
  const { draft, side, documents } = own.context
  own.holdings.addElsewhereOf(other.holdings, (text) => documents.notHeld(text))
  own.holdings.putInto(draft, file)
  for (const note of accounts.notes) draft.find(note)
  if (wanted === 'after') findUnfinished(plan, file, draft)
  findUnread(side, draft)
  draft.find(
    infoOf({
      code: 'intake.not-held',
      message: `\`${file}\` holds what Terraform manages there, and nothing else of the account: answers are by what it holds`,
    }),
  )
  const intake = draft.finish(file, [], false)
  const sameBeyond = createHash('sha256').update(input.bytes).digest('hex')
  return { ...intake, estate: { ...intake.estate, unseen: UNSEEN, sameBeyond } }
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

function findUnfinished({ isErrored, deferred }: PlanFile, file: string, draft: EstateDraft): void {
  if (isErrored)
    draft.find(
      warningOf({
        code: 'intake.incomplete',
        message: `\`${file}\` is a plan that Terraform couldn't finish`,
        help: 'mend what `terraform plan` says, and write it again',
      }),
    )
  if (deferred.length > 0)
    draft.find(
      warningOf({
        code: 'intake.incomplete',
        message: `\`${file}\` leaves ${deferred.length} resources for a later plan: ${listed(deferred)}`,
        help: 'what they grant or deny is in no answer',
      }),
    )
}

const isRead = (type: string): boolean =>
  kindOfType(type) !== null ||
  ATTACHMENT_TYPES.includes(type) ||
  PERMISSION_SET_TYPES.includes(type) ||
  RESOURCE_TYPES.includes(type)

/** What speaks of access and isn't looked at is named, the rest counted. */
function findUnread({ instances }: PlanSide, draft: EstateDraft): void {
  const named = new Map<string, string[]>()
  let rest = 0
  for (const { type, mode, address } of instances) {
    if (mode === 'data' || isRead(type)) continue
    if (isOfAccess(type)) named.set(type, [...(named.get(type) ?? []), address])
    else rest++
  }
  for (const [type, addresses] of named)
    draft.find(
      warningOf({
        code: 'intake.not-modelled',
        message: `\`${type}\` speaks of access and is not looked at: ${listed(addresses)}`,
        help: 'what it grants or denies is in no answer',
      }),
    )
  if (rest > 0)
    draft.find(
      infoOf({
        code: 'intake.passed-over',
        message: `${rest} resources say nothing of access, and were not looked at`,
      }),
    )
}

const MOST_LISTED = 5

const listed = (addresses: readonly string[]): string =>
  addresses
    .slice(0, MOST_LISTED)
    .map((each) => `\`${each}\``)
    .join(', ') + (addresses.length > MOST_LISTED ? ` and ${addresses.length - MOST_LISTED} more` : '')
