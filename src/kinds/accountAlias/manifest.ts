import { z } from 'zod'
import { spanOf } from '../../diagnostics/index.ts'
import { ruled } from '../../manifest/schema/rules.ts'
import { settingManifestOf } from '../../manifest/setting-form.ts'
import { ACCOUNT_ALIAS, type DesiredAlias } from './kind.ts'

const ALIAS = /^(?!\d{12}$)[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]$/

export const ACCOUNT_ALIAS_MANIFEST = settingManifestOf<string, DesiredAlias>({
  facts: ACCOUNT_ALIAS,
  place: { in: 'account', key: 'alias' },
  told: 'The account alias. `null` = none; absent = not managed here.',
  schema: z.string(ruled('alias')).regex(ALIAS, ruled('alias')),
  desired: (value, declared) => ({ value, span: spanOf(declared.value) }),
})
