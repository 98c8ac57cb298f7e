import { spanOf } from '../diagnostics/index.ts'
import { valueDetail } from '../kinds/attributes/details.ts'
import { settingLeft } from '../kinds/attributes/setting.ts'
import { PASSWORD_POLICY_DEFAULTS, type PasswordPolicy, rootArn } from '../model/index.ts'
import type { WriteOperations } from '../model/operations.ts'
import { step } from '../model/step.ts'
import type { ChangeAction } from './plan.ts'
import { changeKey, type Planning } from './planning.ts'
import { RANK } from './step-drafts.ts'

/** What an account has one of: its password policy and its alias. */
export function planAccountSettings(planning: Planning): void {
  planPasswordPolicy(planning)
  planAlias(planning)
}

function planPasswordPolicy({ desired, observed, declaredBefore, changes, steps }: Planning): void {
  const before = observed.settings.passwordPolicy
  const after =
    desired.settings.passwordPolicy === undefined
      ? settingLeft(before, 'passwordPolicy', declaredBefore)
      : desired.settings.passwordPolicy.value
  const fields = Object.keys(PASSWORD_POLICY_DEFAULTS) as readonly (keyof PasswordPolicy)[]
  const details = fields.flatMap((field) =>
    valueDetail(`passwordPolicy.${field}`, before?.[field] ?? null, after?.[field] ?? null),
  )
  // A policy of nothing but defaults still differs from none.
  if (details.length === 0 && (before === null) === (after === null)) return
  const arn = rootArn(observed.account)
  const key = changeKey('passwordPolicy', arn)
  changes.push({
    key,
    action: actionOf(before, after),
    kind: 'passwordPolicy',
    name: observed.account.id,
    arn,
    span:
      after === null || desired.settings.passwordPolicy === undefined
        ? null
        : spanOf(desired.settings.passwordPolicy.span),
    details,
  })
  steps.push({
    change: key,
    rank: RANK.account,
    ...(after === null
      ? step('DeleteAccountPasswordPolicy', {})
      : step('UpdateAccountPasswordPolicy', passwordPolicyInput(after))),
    effects: [{ type: 'setting', kind: 'passwordPolicy', value: after }],
  })
}

/** An attribute that a call leaves out takes its default, so that all are given; "none" can only be said by leaving out. */
function passwordPolicyInput(
  policy: PasswordPolicy,
): WriteOperations['UpdateAccountPasswordPolicy']['input'] {
  return {
    MinimumPasswordLength: policy.minimumPasswordLength,
    RequireSymbols: policy.requireSymbols,
    RequireNumbers: policy.requireNumbers,
    RequireUppercaseCharacters: policy.requireUppercaseCharacters,
    RequireLowercaseCharacters: policy.requireLowercaseCharacters,
    AllowUsersToChangePassword: policy.allowUsersToChangePassword,
    ...(policy.maxPasswordAge === null ? {} : { MaxPasswordAge: policy.maxPasswordAge }),
    ...(policy.passwordReusePrevention === null
      ? {}
      : { PasswordReusePrevention: policy.passwordReusePrevention }),
    HardExpiry: policy.hardExpiry,
  }
}

/** @see IAM API Reference, CreateAccountAlias: an account has at most one alias, and a new one takes its place */
function planAlias({ desired, observed, declaredBefore, changes, steps }: Planning): void {
  const before = observed.settings.accountAlias
  const after =
    desired.settings.accountAlias === undefined
      ? settingLeft(before, 'accountAlias', declaredBefore)
      : desired.settings.accountAlias.value
  if (before === after) return
  const arn = rootArn(observed.account)
  const key = changeKey('accountAlias', arn)
  changes.push({
    key,
    action: actionOf(before, after),
    kind: 'accountAlias',
    name: after ?? before ?? '',
    arn,
    span:
      after === null || desired.settings.accountAlias === undefined
        ? null
        : spanOf(desired.settings.accountAlias.span),
    details: valueDetail('accountAlias', before, after),
  })
  steps.push({
    change: key,
    rank: RANK.account,
    ...(after === null
      ? step('DeleteAccountAlias', { AccountAlias: before ?? '' })
      : step('CreateAccountAlias', { AccountAlias: after })),
    effects: [{ type: 'setting', kind: 'accountAlias', value: after }],
  })
}

const actionOf = (before: unknown, after: unknown): ChangeAction =>
  before === null ? 'create' : after === null ? 'delete' : 'update'
