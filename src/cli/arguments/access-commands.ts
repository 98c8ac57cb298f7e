import { PRINCIPAL_FORMS } from '../../model/identities.ts'
import type { CommandSpec } from './command-spec.ts'
import {
  ACCOUNT,
  ALLOW_UNKNOWN,
  AS_OF,
  ASSUME,
  COMMON,
  COMMON_BESIDE_POSITIONALS,
  type FlagSpec,
  INPUT_FLAGS,
  REF,
} from './flag-specs.ts'

/** What `access check` may be asked to prove. */
export const GATES: readonly FlagSpec[] = [
  { flags: '--no-new-access <ref>', description: 'nobody has access that this commit did not give' },
  {
    flags: '--no-new-escalation <ref>',
    description:
      'nobody can come to power that they could not come to in this commit, or another state (`observed`)',
  },
  {
    flags: '--not-granted <actions>',
    description:
      'nobody may do any of these: one action, or several with commas; `*` and `?` match (repeatable)',
    repeatable: true,
  },
  {
    flags: '--resource <pattern>',
    description: 'with --not-granted: only on these resources, with `*` and `?` (repeatable; default: any)',
    repeatable: true,
  },
  {
    flags: '--no-public-access',
    description:
      "nothing is public: nobody anonymous, of an account that no policy names, or of a provider that anybody can join has access, and S3 calls no bucket or access point public; by roles' trust policies and declared resource policies",
  },
  {
    flags: '--no-outside-access',
    description:
      'no account and no federated identity outside of the project and its organization has access, nor anybody anonymous, by the same policies; services are notes',
  },
  {
    flags: '--trust <who>',
    description:
      'with --no-outside-access: who may have it: an account or organization id, the ARN or host of a provider, a service (repeatable)',
    repeatable: true,
  },
  {
    flags: '--untrusted-services',
    description: 'with --no-outside-access: a service that may be made to act for anybody breaks it as well',
  },
]

export const ACCESS_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'access diff',
    results: ['access diff'],
    emptyBody: { accounts: [] },
    summary: 'who gains and loses which access between two states or policies',
    description:
      'Compares two states of the accounts, or two policy files. A state is `desired` (what the YAML says; what it does not manage counts as empty), `observed` (what is applied), `git:REF` (what the YAML said in a commit), or what others wrote: `gaad:FILE` (an export of an account), `tfplan:FILE` (a plan of Terraform; alone: before and after). Exit code: 0, whatever changes; with --exit-code 2 when access changes.',
    positional: 'comparison',
    flags: [
      { flags: '--exit-code', description: 'exit 2 when access changes, or may change; 0 when it does not' },
      ...INPUT_FLAGS,
      ACCOUNT,
      ...COMMON_BESIDE_POSITIONALS,
    ],
    examples: [
      ['iam-sync access diff git:main desired --exit-code', 'what this branch changes'],
      ['iam-sync access diff observed desired --account production', 'what is applied, and what is declared'],
      ['iam-sync access diff gaad:monday.json gaad:friday.json', 'two exports of an account'],
      ['iam-sync access diff tfplan:plan.json', 'what a plan of Terraform changes'],
      ['iam-sync access diff before.json after.json', 'two policies, whoever holds them'],
    ],
  },
  {
    name: 'access escalations',
    results: ['access escalations'],
    emptyBody: { accounts: [] },
    summary: 'every way to more power, the most dangerous first',
    description:
      'Lists who may become somebody with more power, and how: each step with a request that the evaluator allows. By weight, then the shortest way first. Exit code: 0, whatever there is; with --exit-code 4 when there is any, or that is not known.',
    positional: 'folder',
    flags: [
      {
        flags: '--from <principal>',
        description: `only of this principal: an ARN, ${PRINCIPAL_FORMS.join(', ')}, or any name that a finding gives`,
      },
      { flags: '--exit-code', description: 'exit 4 when there is an escalation, or may be one' },
      ALLOW_UNKNOWN,
      ASSUME,
      AS_OF,
      ...INPUT_FLAGS,
      ACCOUNT,
      REF,
      ...COMMON,
    ],
    examples: [
      ['iam-sync access escalations iam', 'by what the YAML says'],
      ['iam-sync access escalations --from user/alice --as-of target', 'of one user, by what is applied'],
      ['iam-sync access escalations --exit-code --json', 'for a program'],
    ],
  },
  {
    name: 'access check',
    results: ['access check'],
    emptyBody: { holds: null, violations: [], unknown: [] },
    summary: 'prove that nobody has, or gets, some access',
    description:
      'Proves what the flags ask, all of it. What is allowed is shown with a request that the evaluator has decided; what can not be decided is never taken to hold. Exit code: 0 it holds, 4 it does not or is not known.',
    positional: 'folder',
    flags: [...GATES, ALLOW_UNKNOWN, ASSUME, AS_OF, ...INPUT_FLAGS, ACCOUNT, REF, ...COMMON],
    examples: [
      ['iam-sync access check --no-new-access main', 'a branch takes access away at most'],
      ['iam-sync access check --no-new-escalation main', 'a branch opens no way to more power'],
      [
        'iam-sync access check --not-granted iam:CreateUser,iam:CreateAccessKey --no-public-access',
        'two things at once',
      ],
      [
        'iam-sync access check --no-outside-access --trust 444455556666 --trust o-a1b2c3d4e5',
        'a partner and a sister organization, and nobody else',
      ],
      [
        'iam-sync access check --not-granted "s3:Delete*" --resource "arn:aws:s3:::acme-audit/*" --as-of target',
        'by what is applied',
      ],
    ],
  },
]
