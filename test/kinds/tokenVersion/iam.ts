import type { IamKind } from '../../../src/iam/iam-kind.ts'
import { refused } from '../../../src/iam/refusals.ts'
import type { StoredEntities } from '../../../src/kinds/kind.ts'
import type { TokenVersionReads, TokenVersionWrites, ToySettings } from './kind.ts'

const missing = () => refused('NoSuchEntity', 'The account has no token version.')

export const tokenVersion = {
  reads: {
    GetSecurityTokenServicePreferences: async ({ rows }) => {
      const version = await rows.setting('tokenVersion')
      if (version === null) throw missing()
      return { GlobalEndpointTokenVersion: `${version}Token` }
    },
  },
  writes: {
    SetSecurityTokenServicePreferences: ({ rows }, { GlobalEndpointTokenVersion }) =>
      rows.putSetting('tokenVersion', GlobalEndpointTokenVersion === 'v2Token' ? 'v2' : 'v1'),
    DeleteSecurityTokenServicePreferences: async ({ rows }) => {
      if ((await rows.setting('tokenVersion')) === null) throw missing()
      await rows.putSetting('tokenVersion', null)
    },
  },
} satisfies IamKind<TokenVersionReads, TokenVersionWrites, StoredEntities, ToySettings>
