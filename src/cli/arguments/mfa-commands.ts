import type { CommandSpec } from './command-spec.ts'
import { ACCOUNT, COMMON_BESIDE_POSITIONALS, LOCK_TIMEOUT } from './flag-specs.ts'

/** What only somebody who holds a device can do. */
export const MFA_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'mfa enroll',
    results: ['mfa enroll'],
    emptyBody: { device: null },
    summary: 'give a user a virtual MFA device: its QR code in the terminal, then two codes',
    description:
      'Makes a virtual MFA device at the target, shows its QR code and its seed on the terminal, asks for two codes that follow each other, and enables it. Codes that are wrong three times, Ctrl-C or the end of input: it is deleted again. Only on a terminal: the seed is shown nowhere else.',
    positional: 'person',
    flags: [
      { flags: '--device <name>', description: "the name of the device (default: the user's)" },
      ACCOUNT,
      LOCK_TIMEOUT,
      ...COMMON_BESIDE_POSITIONALS,
    ],
    examples: [
      ['iam-sync mfa enroll alice', 'scan, then type two codes'],
      [
        'iam-sync mfa enroll alice examples/acme --account production --device alice-phone',
        'one of several accounts, and a second device',
      ],
    ],
  },
]
