import type * as sdk from '@aws-sdk/client-iam'
import type { StoredSettings } from '../../../src/kinds/kind.ts'
import type { DesiredSetting } from '../../../src/model/entity.ts'
import type { SettingFacts } from '../../../src/model/kind-facts.ts'
import type { Nothing, Operation } from '../../../src/model/operation.ts'

// A setting that the source knows nothing of: the version of the tokens of IAM's global endpoint, as if an account could be
// without one.

export type TokenVersion = 'v1' | 'v2'
export type DesiredTokenVersion = DesiredSetting<TokenVersion>

/** What a store keeps where accounts may have one. */
export interface ToySettings extends StoredSettings {
  readonly tokenVersion: TokenVersion
}

export const TOKEN_VERSION = {
  family: 'setting',
  section: 'tokenVersion',
  label: 'token version',
} as const satisfies SettingFacts

type Preferences = sdk.SetSecurityTokenServicePreferencesRequest

export interface TokenVersionReads {
  readonly GetSecurityTokenServicePreferences: Operation<Nothing, Preferences>
}

export interface TokenVersionWrites {
  readonly SetSecurityTokenServicePreferences: Operation<Preferences>
  readonly DeleteSecurityTokenServicePreferences: Operation<Nothing>
}
