import { INPUT_PREFIXES, INPUT_WORDS } from '../../intake/inputs.ts'
import { PARTITIONS } from '../../model/arn.ts'

/** Flags as data, those of several commands among them. */
export interface FlagSpec {
  /** As commander reads it: `--account <name>`. */
  readonly flags: string
  readonly description: string
  /** May be given more than once. */
  readonly repeatable?: true
  readonly values?: readonly string[]
  /** What completion offers where other values may stand as well; a word that ends with a colon is gone on with. */
  readonly offers?: readonly string[]
  readonly default?: string
}

export const ACCOUNT: FlagSpec = {
  flags: '--account <name>',
  description: 'only this account of the project file (repeatable; default: all, in file order)',
  repeatable: true,
}
/** In which form the result is printed; the values are those that a command's results have. */
export const FORMAT: FlagSpec = {
  flags: '--format <format>',
  description: 'how the result is printed (default: text)',
}
/** Of commands that make pages from which entries are left out where there is no room for them. */
export const LINK: FlagSpec = {
  flags: '--link <url>',
  description: 'where all of it is, for what a page in Markdown has no room for: an artifact, or the job',
}
export const FORMAT_FLAGS: readonly FlagSpec[] = [
  FORMAT,
  { flags: '--json', description: 'short for --format json: one JSON document instead of text' },
]
export const COMMON: readonly FlagSpec[] = [
  { flags: '--dir <folder>', description: 'the IAM folder, like the positional' },
  ...FORMAT_FLAGS,
  { flags: '--no-color', description: 'no colour, even on a terminal' },
]
/** The same for commands whose positionals are other things. */
export const COMMON_BESIDE_POSITIONALS: readonly FlagSpec[] = [
  { flags: '--dir <folder>', description: 'the IAM folder (default: this one)' },
  ...COMMON.slice(1),
]
export const REF: FlagSpec = {
  flags: '--ref <ref>',
  description: 'read project file and manifests from this commit, branch or tag instead of the working tree',
}
export const ALLOW_WIDER: FlagSpec = {
  flags: '--allow-briefly-wider',
  description: 'agree to plans in which somebody may do more for a few calls than before and after',
}
export const OVERRIDE_GUARD: FlagSpec = {
  flags: '--override-guard <digest>',
  description:
    'apply the plan with this digest although the guard refuses it (repeatable, one for each account)',
  repeatable: true,
}
export const LOCK_TIMEOUT: FlagSpec = {
  flags: '--lock-timeout <duration>',
  description: 'how long to wait for another apply to end: 0s, 500ms, 30s, 2m',
  default: '0s',
}
export const SECRETS_TO: FlagSpec = {
  flags: '--secrets-to <place>',
  description:
    'where first passwords go: a folder (a file for each, encrypted for the `recipients:` of the user), or exec:PROGRAM (each to its stdin)',
  offers: ['exec:'],
}
export const BASE: FlagSpec = {
  flags: '--base <ref>',
  description: 'what this commit declared, and the YAML no longer does, may be deleted',
}
export const AGAINST: FlagSpec = {
  flags: '--against <state>',
  description:
    'target: what is applied (the default); git:REF: what a commit declares, as if that were applied: no target is opened, and nobody can apply the plan',
  offers: ['target', 'git:'],
}

export const CONTEXT: FlagSpec = {
  flags: '--context <key=value>',
  description: 'a key of the request context (repeatable; the same key again: several values)',
  repeatable: true,
}
export const SOURCE_IP: FlagSpec = {
  flags: '--source-ip <address>',
  description: 'short for --context aws:SourceIp=ADDRESS',
}
export const MFA: FlagSpec = {
  flags: '--mfa',
  description: 'short for --context aws:MultiFactorAuthPresent=true',
}
export const RESOURCE_POLICY: FlagSpec = {
  flags: '--resource-policy <file>',
  description: "the resource's own policy, in place of what `resources:` or the role says",
}
export const ENDPOINT_POLICY: FlagSpec = {
  flags: '--endpoint-policy <file>',
  description: 'the policy of the VPC endpoint that the request comes through (repeatable: united)',
  repeatable: true,
}
export const ENDPOINT_TYPE: FlagSpec = {
  flags: '--endpoint-type <type>',
  description: 'to a gateway endpoint an account as principal is its root user only',
  values: ['interface', 'gateway'],
  default: 'interface',
}
export const RESOURCE_ACCOUNT: FlagSpec = {
  flags: '--resource-account <id>',
  description: 'the account that owns the resource, where its ARN does not say',
}
export const ALLOW_UNKNOWN: FlagSpec = {
  flags: '--allow-unknown-actions',
  description: 'ask even if nothing is known by an action, service, key or form of ARN that is named',
}
export const AT: FlagSpec = {
  flags: '--at <time>',
  description: 'the time of the request, ISO 8601 (default: now)',
}
export const ASSUME: FlagSpec = {
  flags: '--assume <reading>',
  description:
    'strict: rules that AWS leaves open are read the way that grants less; otherwise what hangs on them is unknown',
  values: ['strict'],
}
export const AS_OF: FlagSpec = {
  flags: '--as-of <state>',
  description: `plan: what the YAML says, no target is opened (the default); target: what is applied; git:REF: what the YAML said in a commit; ${INPUT_WORDS.join(', ')}: what others wrote, no IAM folder needed`,
  offers: ['plan', 'target', 'git:', ...INPUT_PREFIXES],
}
/** What others wrote doesn't always say it. */
export const INPUT_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--on <export>',
    description:
      'gaad:FILE: the exported account that a plan (tfplan:FILE) is put on; all that the plan does not speak of is as exported',
    offers: ['gaad:'],
  },
  {
    flags: '--scps <file>',
    description:
      'service control policies of the account of what others wrote: a JSON file, or a folder with one for each level',
  },
  {
    flags: '--resource-policies <folder>',
    description:
      'policies of the resources of what others wrote: JSON files named by ARN, or maps of ARNs and policies',
  },
  {
    flags: '--credential-report <file>',
    description: 'the credential report of an exported account (gaad:FILE), as CSV or as `aws iam` prints it',
  },
  {
    flags: '--account-id <id>',
    description: 'the account of what others wrote, where it does not say',
  },
  {
    flags: '--partition <partition>',
    description: 'the partition of what others wrote, where it does not say',
    values: PARTITIONS,
  },
  {
    flags: '--region <region>',
    description: 'the region of what others wrote, where it does not say',
  },
  {
    flags: '--parameters <file>',
    description:
      'what the parameters of a template are, as JSON: as `aws cloudformation` takes them, or an object',
  },
]
