import type { PlacedDocument } from '../../model/index.ts'

/** What the inline policy is called that `mfa: { enforce: true }` makes. No user's own may be. */
export const MFA_POLICY = 'iam-sync-generated-mfa'

/** What is left to whoever has not shown a code: to get a device of their own, another password, and a session by it. */
const ABOUT_OWN_USER = [
  'iam:ChangePassword',
  'iam:EnableMFADevice',
  'iam:GetMFADevice',
  'iam:GetUser',
  'iam:ListMFADevices',
  'iam:ResyncMFADevice',
]
const ABOUT_DEVICES = ['iam:CreateVirtualMFADevice', 'iam:ListVirtualMFADevices']
const ABOUT_NOTHING = ['iam:GetAccountPasswordPolicy', 'sts:GetCallerIdentity', 'sts:GetSessionToken']

/**
 * Denies a user whatever is asked without MFA, but for what getting there takes. `BoolIfExists`: requests by long-term keys don't have
 * the key at all, and are denied as well. Of the user's own name alone: who has taken a password may not enrol for somebody else.
 * `iam:DeactivateMFADevice` is never spared: who has a password could take the second factor off with it.
 * @see IAM User Guide, "AWS: Allows MFA-authenticated IAM users to manage their own credentials"
 */
export function mfaPolicy(arn: string): PlacedDocument {
  const without = { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }
  return {
    located: null,
    json: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'DenyWithoutMfa',
          Effect: 'Deny',
          NotAction: [...ABOUT_OWN_USER, ...ABOUT_DEVICES, ...ABOUT_NOTHING],
          Resource: '*',
          Condition: without,
        },
        {
          Sid: 'DenyForOthersWithoutMfa',
          Effect: 'Deny',
          Action: ABOUT_OWN_USER,
          NotResource: arn,
          Condition: without,
        },
      ],
    },
  }
}
