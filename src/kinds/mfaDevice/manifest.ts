import { z } from 'zod'
import { entryOf, type Located, spanOf } from '../../diagnostics/index.ts'
import type { RequirementManifest } from '../../manifest/manifest-kind.ts'
import { ruled } from '../../manifest/schema/rules.ts'
import { MFA_POLICY, mfaPolicy } from '../attributes/mfa-policy.ts'
import { MFA_DEVICE } from './kind.ts'

const REQUIRED = 'required'

const schema = z.union(
  [
    z.literal(REQUIRED),
    z
      .strictObject({
        required: z.literal(true),
        enforce: z.boolean().optional(),
        keysWithoutMfa: z.literal('deny').optional(),
      })
      .refine(({ enforce, keysWithoutMfa }) => keysWithoutMfa === undefined || enforce === true),
  ],
  ruled('required'),
)

export const MFA_DEVICE_MANIFEST: RequirementManifest = {
  facts: MFA_DEVICE,
  key: 'mfa',
  told: '`required`: a plan says so where the user has no MFA device. Who holds one assigns it. With `enforce: true`, a generated policy denies what is asked without MFA.',
  schema,
  isRequired: (value) => {
    if (value.kind === 'scalar') return value.value === REQUIRED ? spanOf(value) : null
    const required = entryOf(value, 'required')
    return required?.value.kind === 'scalar' && required.value.value === true ? spanOf(required.value) : null
  },
  adds: (value, { arn }) => {
    const enforce = entryOf(value, 'enforce')
    if (enforce === null || !isScalar(enforce.value, true)) return {}
    const keys = entryOf(value, 'keysWithoutMfa')
    return {
      generated: new Map([[MFA_POLICY, mfaPolicy(arn)]]),
      ...(keys !== null && isScalar(keys.value, 'deny') ? {} : { onlyWithMfa: spanOf(enforce.value) }),
    }
  },
}

const isScalar = (node: Located, value: unknown): boolean => node.kind === 'scalar' && node.value === value
