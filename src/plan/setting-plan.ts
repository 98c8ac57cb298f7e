import type { Detail } from '../model/detail.ts'
import type { Account, SettingKind, StateOf } from '../model/index.ts'
import type { WriteOperations } from '../model/operations.ts'
import type { StepCall } from '../model/step.ts'

/** Of every setting, in the order in which a plan reads them. */
export type SettingPlans = { readonly [K in SettingKind]: SettingPlan<StateOf<K>> }

/** What plans have to know of what an account has one of. */
export interface SettingPlan<Value, W = WriteOperations> {
  /** What changes and what is left alone call it. */
  readonly nameOf: (value: Value, account: Account) => string
  /** What differs between two values; null: there is none. Equal ones have none, but both ends of a creation may. */
  readonly details: (before: Value | null, after: Value | null) => readonly Detail[]
  /** The call that puts it in place, whatever was there before. */
  readonly put: (value: Value) => StepCall<W>
  /** @param value as it was observed */
  readonly delete: (value: Value) => StepCall<W>
}
