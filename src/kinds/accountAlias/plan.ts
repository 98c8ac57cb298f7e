import { step } from '../../model/step.ts'
import type { SettingPlan } from '../../plan/setting-plan.ts'
import { valueDetail } from '../attributes/details.ts'

/** @see IAM API Reference, CreateAccountAlias: an account has at most one alias, and a new one takes its place */
export const accountAlias: SettingPlan<string> = {
  nameOf: (alias) => alias,
  details: (before, after) => valueDetail('accountAlias', before, after),
  put: (AccountAlias) => step('CreateAccountAlias', { AccountAlias }),
  delete: (AccountAlias) => step('DeleteAccountAlias', { AccountAlias }),
}
