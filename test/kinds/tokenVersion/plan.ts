import { valueDetail } from '../../../src/kinds/attributes/details.ts'
import { stepsOf } from '../../../src/model/step.ts'
import type { SettingPlan } from '../../../src/plan/setting-plan.ts'
import type { TokenVersion, TokenVersionWrites } from './kind.ts'

const step = stepsOf<TokenVersionWrites>()

export const tokenVersion: SettingPlan<TokenVersion, TokenVersionWrites> = {
  nameOf: (value) => value,
  details: (before, after) => valueDetail('tokenVersion', before, after),
  put: (version) =>
    step('SetSecurityTokenServicePreferences', { GlobalEndpointTokenVersion: `${version}Token` }),
  delete: () => step('DeleteSecurityTokenServicePreferences', {}),
}
