import { z } from 'zod'
import { spanOf } from '../../diagnostics/index.ts'
import { ruled } from '../../manifest/schema/rules.ts'
import { settingManifestOf } from '../../manifest/setting-form.ts'
import {
  type DesiredPasswordPolicy,
  PASSWORD_POLICY,
  PASSWORD_POLICY_DEFAULTS,
  type PasswordPolicy,
} from './kind.ts'

const schema = z
  .strictObject({
    minimumPasswordLength: z
      .int(ruled('passwordLength'))
      .min(6, ruled('passwordLength'))
      .max(128, ruled('passwordLength'))
      .optional(),
    requireSymbols: z.boolean().optional(),
    requireNumbers: z.boolean().optional(),
    requireUppercaseCharacters: z.boolean().optional(),
    requireLowercaseCharacters: z.boolean().optional(),
    allowUsersToChangePassword: z.boolean().optional(),
    maxPasswordAge: z
      .int(ruled('passwordAge'))
      .min(1, ruled('passwordAge'))
      .max(1095, ruled('passwordAge'))
      .nullable()
      .optional()
      .meta({ description: 'Days; `null` = passwords do not expire.' }),
    passwordReusePrevention: z
      .int(ruled('passwordReuse'))
      .min(1, ruled('passwordReuse'))
      .max(24, ruled('passwordReuse'))
      .nullable()
      .optional()
      .meta({ description: 'How many earlier passwords are refused; `null` = none.' }),
    hardExpiry: z.boolean().optional(),
  })
  .meta({
    description: 'The password policy of the account. What is left out takes the default of the IAM API.',
  })

export const PASSWORD_POLICY_MANIFEST = settingManifestOf<z.infer<typeof schema>, DesiredPasswordPolicy>({
  facts: PASSWORD_POLICY,
  place: { in: 'manifest', key: PASSWORD_POLICY.section },
  told: '`null` = none; absent = not managed here.',
  schema,
  desired: (said, { keySpan, value: node }) => ({
    value: said === null ? null : withDefaults(said),
    span: spanOf(keySpan),
    node: node.kind === 'map' ? node : null,
  }),
})

function withDefaults(said: z.infer<typeof schema>): PasswordPolicy {
  const declared = Object.entries(said).filter(([, value]) => value !== undefined)
  return { ...PASSWORD_POLICY_DEFAULTS, ...Object.fromEntries(declared) }
}
