import type { ReadOperations } from '../../../src/model/operations.ts'
import { orWhenMissing } from '../../../src/reconcile/api-values.ts'
import type { SettingObservation } from '../../../src/reconcile/observe-kind.ts'
import type { TokenVersion, TokenVersionReads } from './kind.ts'

export const tokenVersion: SettingObservation<TokenVersion, ReadOperations & TokenVersionReads> = {
  read: async (reader) => {
    const answer = await orWhenMissing(null, reader.read('GetSecurityTokenServicePreferences', {}))
    if (answer === null) return null
    return answer.GlobalEndpointTokenVersion === 'v2Token' ? 'v2' : 'v1'
  },
}
