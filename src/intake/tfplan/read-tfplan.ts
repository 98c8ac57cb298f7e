import { createHash } from 'node:crypto'
import { type Diagnostic, infoOf, SourceTexts } from '../../diagnostics/index.ts'
import { parseArn, type Unseen } from '../../model/index.ts'
import { withBeside } from '../beside-policies.ts'
import { EstateDraft } from '../estate-draft.ts'
import type { GivenInput, Intake } from '../intake.ts'
import { withThings } from '../running-things.ts'
import { readAttachments } from './attachments.ts'
import { readBeside } from './beside-policies.ts'
import { Configuration } from './configuration.ts'
import { exportedAccount, refuseAnotherAccount } from './exported-account.ts'
import { Holdings } from './holdings.ts'
import { readIdentities } from './identities.ts'
import type { Instance } from './instance.ts'
import { onAccount } from './on-account.ts'
import { areAlike, controlLevels, readControls, withControls } from './organization-controls.ts'
import { readPermissionSets } from './permission-sets.ts'
import { PlanAccounts } from './plan-accounts.ts'
import type { PlanContext } from './plan-context.ts'
import { PlanDocuments } from './plan-documents.ts'
import { type PlanFile, planFileOf } from './plan-file.ts'
import { PlanNames } from './plan-names.ts'
import { planValues } from './plan-text.ts'
import { ReferredInstances } from './referred.ts'
import { readResources } from './resource-policies.ts'
import { readThings } from './running-things.ts'
import { type PlanSide, sidesOf } from './sides.ts'
import { changesUnread, deletesSomewhere, findUnfinished, findUnread, isUnfinished } from './unread.ts'

/**
 * Reads what `terraform show -json` printed of a plan, as it is before or after it.
 * @throws DiagnosticError `intake.…` when it is something else, or can't be read at all
 */
export function readTfplan(input: GivenInput): Intake {
  const { file } = input
  const wanted = input.side === 'before' ? 'before' : 'after'
  const plan = planIn(file, input.bytes)
  const configuration = new Configuration(plan.configuration.root)
  const sides = sidesOf(plan, configuration)
  const accounts = new PlanAccounts(plan, [sides.before, sides.after], {
    account: input.account.id,
    partition: input.account.partition,
    region: input.account.region ?? null,
    fallback: input.on === undefined ? null : exportedAccount(input.on),
  })
  if (input.on !== undefined) refuseAnotherAccount(file, accounts.all, input.on)
  const read = (name: PlanSide['name'], past: PastSide | null) => {
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
      earlier: past?.context.separate ?? new Set(),
      separate: new Set(),
      lookedUp: new Set(),
    }
    for (const account of accounts.all) draft.account(account)
    const holdings = new Holdings()
    readIdentities(context, holdings)
    readAttachments(context, holdings)
    const unassigned = readPermissionSets(context, holdings)
    readResources(context)
    const beside = readBeside(context, past?.beside ?? null)
    const controls = readControls(context)
    return { context, holdings, unassigned, controls, beside, things: readThings(context) }
  }
  const before = read('before', null)
  const after = read('after', before)
  const [own, other] = wanted === 'before' ? [before, after] : [after, before]
  const { draft, side, documents } = own.context
  own.holdings.addElsewhereOf(other.holdings, (text) => documents.notHeld(text))
  own.holdings.putInto(draft, file)
  for (const note of accounts.notes) draft.find(note)
  for (const note of regionNotes(draft, accounts)) draft.find(note)
  if (wanted === 'after') findUnfinished(plan, file, draft)
  const unplaced = [
    ...own.controls.unread,
    ...own.beside.unread.keys(),
    ...own.unassigned.map(({ address }) => address),
  ]
  findUnread(side, draft, new Set(unplaced))
  const isOpen =
    isUnfinished(plan) ||
    changesUnread(sides) ||
    valuesOf(before.unassigned) !== valuesOf(after.unassigned) ||
    unplacedIn(before.beside) !== unplacedIn(after.beside) ||
    JSON.stringify(before.controls.open) !== JSON.stringify(after.controls.open)
  const controls = controlLevels(own.controls, other.controls)
  if (input.on !== undefined) {
    other.holdings.putInto(other.context.draft, file)
    return onAccount(own, other, {
      file,
      on: input.on,
      controls,
      beside: own.beside.beside,
      changesControls: !areAlike(controls, controlLevels(other.controls, own.controls)),
      isOpen: isOpen || (accounts.all.length > 1 && deletesSomewhere(sides.before)),
      sameBeyond: digestOf(input.bytes, input.on.bytes),
    })
  }
  draft.find(
    infoOf({
      code: 'intake.not-held',
      message: `\`${file}\` holds what Terraform manages there, and nothing else of the account: answers are by what it holds`,
    }),
  )
  const alone = withBeside(draft.finish(file, [], false), own.beside.beside)
  const intake = withThings(alone, own.things)
  return {
    ...intake,
    estate: {
      ...intake.estate,
      accounts: intake.estate.accounts.map((state) => withControls(state, controls)),
      unseen: isOpen ? new Set([...UNSEEN, 'changes'] as const) : UNSEEN,
      sameBeyond: digestOf(input.bytes),
    },
  }
}

/** What is before a plan, as far as what is after it hangs on it. */
interface PastSide {
  readonly context: Pick<PlanContext, 'separate'>
  readonly beside: ReturnType<typeof readBeside>
}

const unplacedIn = ({ unread }: PastSide['beside']): string => [...unread.values()].toSorted().join()

/** By what they are, not where: what has only moved is the same. */
const valuesOf = (instances: readonly Instance[]): string =>
  JSON.stringify(
    instances
      .map(({ type, values }) => [type, values].map((each) => JSON.stringify(each)).join(' '))
      .toSorted(),
  )

const plans = new WeakMap<Uint8Array, PlanFile>()

/** Read once for both sides of a plan, as long as somebody has its bytes. @throws DiagnosticError `intake.…` */
function planIn(file: string, bytes: Uint8Array): PlanFile {
  const plan = plans.get(bytes) ?? planFileOf(file, planValues(file, bytes))
  plans.set(bytes, plan)
  return plan
}

/** Where a resource that has a policy is in a region that nothing tells. */
const regionNotes = (draft: EstateDraft, { assumedRegion }: PlanAccounts): readonly Diagnostic[] =>
  draft.resourceArns.some((arn) => parseArn(arn)?.region === assumedRegion)
    ? [
        infoOf({
          code: 'intake.region-assumed',
          message: `nothing in the plan says which region its resources are in: it is taken to be ${assumedRegion}`,
          help: 'say it with `--region REGION`',
        }),
      ]
    : []

function digestOf(...files: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const each of files) hash.update(`${each.length} `).update(each)
  return hash.digest('hex')
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
