import { spanOf } from '../diagnostics/index.ts'
import { settingLeft } from '../kinds/attributes/setting.ts'
import { type DesiredSetting, keysOf, rootArn, type SettingKind, type StateOf } from '../model/index.ts'
import type { ChangeAction } from './plan.ts'
import { changeKey, type Planning, type WholePlanning } from './planning.ts'
import type { SettingPlan } from './setting-plan.ts'
import { RANK } from './steps/step-drafts.ts'

/** What an account has one of each. */
export function planAccountSettings(planning: WholePlanning): void {
  for (const kind of keysOf(planning.settings)) planSetting(planning, kind)
}

function planSetting<K extends SettingKind>(planning: WholePlanning, kind: K): void {
  const { observed, changes, steps } = planning
  const of: SettingPlan<StateOf<K>> = planning.settings[kind]
  const { before, after, declared } = settingOf(planning, kind)
  const details = of.details(before, after)
  // A value of nothing but defaults still differs from none.
  if (details.length === 0 && (before === null) === (after === null)) return
  const value = after ?? before
  if (value === null) return
  const arn = rootArn(observed.account)
  const key = changeKey(kind, arn)
  changes.push({
    key,
    action: actionOf(before, after),
    kind,
    name: of.nameOf(value, observed.account),
    arn,
    span: after === null || declared === undefined ? null : spanOf(declared.span),
    details,
  })
  steps.push({
    change: key,
    rank: RANK.account,
    ...(after === null ? of.delete(value) : of.put(after)),
    effects: [{ type: 'setting', kind, value: after }],
  })
}

/** What is there, and declared; where nobody declares it: what stays and belongs to somebody else. */
export function noteUnmanagedSettings(planning: Planning): void {
  for (const kind of keysOf(planning.settings)) noteUnmanagedSetting(planning, kind)
}

function noteUnmanagedSetting<K extends SettingKind>(planning: Planning, kind: K): void {
  const { account } = planning.observed
  const of: SettingPlan<StateOf<K>> = planning.settings[kind]
  const { after, declared } = settingOf(planning, kind)
  if (declared !== undefined || after === null) return
  const name = of.nameOf(after, account)
  planning.unmanaged.push({ kind, name, arn: rootArn(account), why: 'is not declared' })
}

interface PlannedSetting<Value> {
  readonly before: Value | null
  readonly after: Value | null
  /** undefined: nobody says anything of it. */
  readonly declared: DesiredSetting<Value> | undefined
}

function settingOf<K extends SettingKind>(
  { desired, observed, declaredBefore }: Planning,
  kind: K,
): PlannedSetting<StateOf<K>> {
  const states: { readonly [S in SettingKind]: StateOf<S> | null } = observed.settings
  const before: StateOf<K> | null = states[kind]
  const all: { readonly [S in SettingKind]?: DesiredSetting<StateOf<S>> } = desired.settings
  const declared: DesiredSetting<StateOf<K>> | undefined = all[kind]
  const after = declared === undefined ? settingLeft(before, kind, declaredBefore) : declared.value
  return { before, after, declared }
}

const actionOf = (before: unknown, after: unknown): ChangeAction =>
  before === null ? 'create' : after === null ? 'delete' : 'update'
