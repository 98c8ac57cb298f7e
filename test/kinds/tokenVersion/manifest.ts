import { z } from 'zod'
import { spanOf } from '../../../src/diagnostics/index.ts'
import { settingManifestOf } from '../../../src/manifest/setting-form.ts'
import { type DesiredTokenVersion, TOKEN_VERSION, type TokenVersion } from './kind.ts'

export const tokenVersion = settingManifestOf<TokenVersion, DesiredTokenVersion>({
  facts: TOKEN_VERSION,
  place: { in: 'manifest', key: TOKEN_VERSION.section },
  told: 'The version of tokens.',
  schema: z.enum(['v1', 'v2']),
  desired: (value, { keySpan }) => ({ value, span: spanOf(keySpan) }),
})
