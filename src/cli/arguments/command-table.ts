import { PRINCIPAL_FORMS } from '../../model/identities.ts'
import { ACCESS_COMMANDS } from './access-commands.ts'
import { AUDIT_COMMANDS } from './audit-commands.ts'
import type { CommandSpec } from './command-spec.ts'
import { COMMENT_COMMAND } from './comment-command.ts'
import { LISTS } from './completed-words.ts'
import {
  ACCOUNT,
  AGAINST,
  ALLOW_UNKNOWN,
  ALLOW_WIDER,
  AS_OF,
  ASSUME,
  AT,
  BASE,
  COMMON,
  COMMON_BESIDE_POSITIONALS,
  CONTEXT,
  ENDPOINT_POLICY,
  ENDPOINT_TYPE,
  FORMAT_FLAGS,
  INPUT_FLAGS,
  LOCK_TIMEOUT,
  MFA,
  OVERRIDE_GUARD,
  REF,
  RESOURCE_ACCOUNT,
  RESOURCE_POLICY,
  SECRETS_TO,
  SOURCE_IP,
} from './flag-specs.ts'
import { withItsFormats } from './format-flag.ts'
import { MFA_COMMANDS } from './mfa-commands.ts'
import { REVOKE_COMMAND } from './revoke-command.ts'
import { SERVE_COMMAND } from './serve-command.ts'

const SPECS: readonly CommandSpec[] = [
  {
    name: 'init',
    results: ['init'],
    emptyBody: { created: [] },
    summary: 'write a small project to start from',
    description:
      'Writes iam-sync.yaml, an example manifest, the JSON Schemas of both for editors, and an entry in .gitignore. Overwrites nothing: if one of the files is there, nothing is written.',
    positional: 'folder',
    flags: COMMON,
    examples: [
      ['iam-sync init', 'in this folder'],
      ['iam-sync init iam && iam-sync plan iam', 'in a new folder, and see what it would create'],
    ],
  },
  {
    name: 'validate',
    results: ['validate'],
    emptyBody: {},
    summary: 'check project file, manifests and policies',
    description:
      'Checks everything that can be checked without a target, and reports every problem of every file in one run.',
    positional: 'folder',
    flags: [ACCOUNT, REF, ...COMMON],
    examples: [
      ['iam-sync validate examples/acme', 'the working tree'],
      ['iam-sync validate --ref main --json', 'what is on main, for a program'],
    ],
  },
  {
    name: 'plan',
    results: ['plan'],
    emptyBody: { plans: [] },
    summary: 'show what apply would change',
    description:
      'Compares the YAML with the target, and writes nothing. The tests and invariants of the project are checked on the desired state.',
    positional: 'folder',
    flags: [
      ACCOUNT,
      REF,
      BASE,
      AGAINST,
      {
        flags: '--out <file>',
        description:
          'save the plan, to be applied later with `apply --plan`: sealed, without secrets, for you only to read',
      },
      { flags: '--exit-code', description: 'exit 2 when there are changes, 0 when there are none' },
      ALLOW_WIDER,
      SECRETS_TO,
      ASSUME,
      ...COMMON,
    ],
    examples: [
      ['iam-sync plan examples/acme', 'the whole plan'],
      [
        'iam-sync plan --account production --exit-code',
        'one account; the exit code says whether it changes',
      ],
      ['iam-sync plan --ref v1.2.0 --json', 'what a tag would change, for a program'],
      ['iam-sync plan --against git:origin/main', 'in a pull request: what it changes, without a target'],
    ],
  },
  {
    name: 'apply',
    results: ['apply'],
    emptyBody: { results: [] },
    summary: 'make the target what the YAML says',
    description:
      'Shows the plan, asks, makes the changes, and verifies that a second plan is empty. A failure stops before the next account.',
    positional: 'folder',
    flags: [
      ACCOUNT,
      { flags: '--yes', description: 'do not ask' },
      {
        flags: '--plan <file>',
        description:
          'apply what `plan --out` saved, and nothing else; if what it touches has changed, nothing is written',
      },
      {
        flags: '--expect-digest <digest>',
        description:
          'apply only the plan with this digest, as it was reviewed (repeatable, one for each account)',
        repeatable: true,
      },
      OVERRIDE_GUARD,
      REF,
      BASE,
      LOCK_TIMEOUT,
      ALLOW_WIDER,
      SECRETS_TO,
      ASSUME,
      ...COMMON,
    ],
    examples: [
      ['iam-sync apply', 'show the plan, ask, apply'],
      ['iam-sync plan --out plan.json && iam-sync apply --plan plan.json', 'save, read, and apply just that'],
      ['iam-sync apply --yes --lock-timeout 2m', 'in CI: do not ask, and let another apply end first'],
      ['iam-sync apply --ref main --account production', 'one account, as main has it'],
    ],
  },
  {
    name: 'adopt',
    results: ['adopt'],
    emptyBody: { adopted: [], files: [], written: false },
    summary: 'write into the YAML what somebody holds beside what it declares',
    description:
      'Finds grants on declared entities that the project does not manage, and adds them to their declarations: comments and all other lines stay as they are. Shows the difference, and asks. Nothing is applied: a plan is empty for them then.',
    positional: 'entities',
    flags: [
      { flags: '--all', description: 'all that is declared' },
      { flags: '--dry-run', description: 'only show what would be written' },
      { flags: '--yes', description: 'do not ask' },
      ACCOUNT,
      ...COMMON_BESIDE_POSITIONALS,
    ],
    examples: [
      ['iam-sync adopt user/alice role/deploy', 'show what would be written, and ask'],
      ['iam-sync adopt --all --dry-run', 'of everybody, and write nothing'],
      ['iam-sync adopt --all --yes && iam-sync plan', 'write it, and see that nothing is left alone'],
    ],
  },
  {
    name: 'watch',
    results: ['watch'],
    emptyBody: { plans: [] },
    summary: 'plan again on every save',
    description:
      'Prints a plan, then after each save what changed since the one before. An error is printed and does not end it. Ctrl-C does.',
    positional: 'folder',
    flags: [
      ACCOUNT,
      {
        flags: '--apply',
        description: 'apply on every save (asks for nothing: local targets only without --yes)',
      },
      { flags: '--yes', description: 'with --apply: any target' },
      ALLOW_WIDER,
      SECRETS_TO,
      ASSUME,
      ...COMMON,
    ],
    examples: [
      ['iam-sync watch examples/acme', 'plan while editing'],
      ['iam-sync watch --apply', 'keep a local account in step with the YAML'],
      ['iam-sync watch --json', 'one JSON document a line'],
    ],
  },
  {
    name: 'history',
    results: ['history'],
    emptyBody: { entries: [] },
    summary: 'list what was applied when, from which commit, by whom',
    description: 'Reads the journal of each account, newest first.',
    positional: 'folder',
    flags: [ACCOUNT, ...COMMON],
    examples: [['iam-sync history --account production', 'one account']],
  },
  {
    name: 'backup',
    results: ['backup'],
    emptyBody: { backup: null },
    summary: "copy an account's database into a file",
    description:
      'Copies the database of one local account as it is at this moment, also while it is in use, into a new file that only you may read. The copy is checked, and on the disk, before it gets its name. Overwrites nothing.',
    positional: 'file',
    flags: [ACCOUNT, ...COMMON_BESIDE_POSITIONALS],
    examples: [
      ['iam-sync backup before-migration.db', 'the only account of the project'],
      ['iam-sync backup --account production "$(date +%F).db"', 'one of several, by date'],
    ],
  },
  {
    name: 'rollback',
    results: ['apply'],
    emptyBody: { results: [] },
    summary: 'apply what an earlier commit, or an earlier apply, declared',
    description:
      'Shows the plan that leads back, asks, and applies it as any other: the guard and the tests of that commit stand against it. What was declared since is deleted, within the scope.',
    positional: 'folder',
    flags: [
      ACCOUNT,
      {
        flags: '--to <commit>',
        description: 'a commit, branch or tag, or the id of an entry of `history --json`',
      },
      { flags: '--yes', description: 'do not ask' },
      OVERRIDE_GUARD,
      LOCK_TIMEOUT,
      ALLOW_WIDER,
      SECRETS_TO,
      ASSUME,
      ...COMMON,
    ],
    examples: [
      ['iam-sync rollback --to HEAD~1', 'show the plan that leads back, ask, apply'],
      ['iam-sync rollback --to v1.2.0 --account production --yes', 'one account, as a tag has it'],
    ],
  },
  {
    name: 'restore',
    results: ['restore'],
    emptyBody: { restored: null },
    summary: "put a backup in the place of an account's database",
    description:
      'Checks that the file is a sound backup of this account, asks, and puts it in the place of the database, while no apply is under way. The database from before is kept beside it, as DATABASE.before-restore.',
    positional: 'file',
    flags: [ACCOUNT, { flags: '--yes', description: 'do not ask' }, ...COMMON_BESIDE_POSITIONALS],
    examples: [
      ['iam-sync restore before-migration.db --account production', 'ask, then replace the database'],
      [
        'iam-sync restore before-migration.db --account production --yes && iam-sync plan',
        'and see what differs',
      ],
    ],
  },
  {
    name: 'evaluate',
    results: ['evaluate'],
    emptyBody: { decision: null, reasons: [] },
    summary: 'may this principal do this, and why',
    description:
      'Decides one request and names the statements that decide it. Exit code: 0 allowed, 2 denied, 1 error.',
    positional: 'folder',
    flags: [
      {
        flags: '--principal <principal>',
        description: `ARN, ${PRINCIPAL_FORMS.join(', ')}, role/NAME/SESSION, federated-user/NAME, root, a service principal, a provider, canonical:ID, id:UNIQUE-ID, or * (anonymous)`,
      },
      { flags: '--action <action>', description: 'service:Action' },
      {
        flags: '--resource <arn>',
        description: 'an ARN, or * for actions without one (repeatable: allowed only if each is; default: *)',
        repeatable: true,
      },
      CONTEXT,
      SOURCE_IP,
      MFA,
      {
        flags: '--session-policy <file>',
        description: 'a policy that was passed when the session began (repeatable: united)',
        repeatable: true,
      },
      RESOURCE_POLICY,
      RESOURCE_ACCOUNT,
      ENDPOINT_POLICY,
      ENDPOINT_TYPE,
      {
        flags: '--parent <user>',
        description: "who asked for a federated user's credentials: user/NAME or an ARN",
      },
      { flags: '--explain', description: 'also what every layer and statement said' },
      AT,
      AS_OF,
      ...INPUT_FLAGS,
      {
        flags: '--batch <file>',
        description:
          'answer JSON lines with JSON lines, no IAM folder needed (- reads standard input); with --dir, lines may name the project',
      },
      {
        flags: '--policies <file>',
        description: 'with --batch: sets of policies that a line names in place of its own (repeatable)',
        repeatable: true,
      },
      ACCOUNT,
      REF,
      ...COMMON,
    ],
    examples: [
      [
        'iam-sync evaluate --principal user/alice --action s3:GetObject --resource arn:aws:s3:::acme-data/x',
        'one decision',
      ],
      [
        'iam-sync evaluate --principal role/deploy --action iam:PassRole --resource "*" --as-of target',
        'by what is applied',
      ],
      [
        'iam-sync evaluate --principal user/alice --action ec2:RunInstances --context aws:RequestedRegion=eu-west-1 --mfa',
        'in a context',
      ],
      [
        'iam-sync evaluate --principal role/deploy/ci --action s3:PutObject --resource arn:aws:s3:::acme-data/x --session-policy narrow.json --explain',
        'a session that was limited when it began, layer by layer',
      ],
      ['iam-sync evaluate --batch requests.jsonl', 'many decisions, each line with its own policies'],
      [
        'iam-sync evaluate --batch requests.jsonl --policies sets.json',
        'many decisions, by sets of policies that lines name',
      ],
    ],
  },
  {
    name: 'who-can',
    results: ['who-can', 'who-can of a pattern'],
    emptyBody: { grants: [] },
    summary: 'who may do this, or anything of a form, and by which statements',
    description:
      'Lists every principal of the project, and whoever else the resource names, that may do an action on a resource: always, in some contexts only, or not known. Both may be patterns with `*` and `?`; then it is proved who may do anything that matches. Exit code: 0, whoever may; 1 error, or something could not be decided.',
    positional: 'request',
    flags: [
      CONTEXT,
      SOURCE_IP,
      MFA,
      RESOURCE_POLICY,
      RESOURCE_ACCOUNT,
      ALLOW_UNKNOWN,
      AT,
      AS_OF,
      ...INPUT_FLAGS,
      ACCOUNT,
      REF,
      ...COMMON_BESIDE_POSITIONALS,
    ],
    examples: [
      ['iam-sync who-can s3:GetObject arn:aws:s3:::acme-data/x', 'everybody'],
      ['iam-sync who-can "s3:Delete*" "arn:aws:s3:::acme-data/*"', 'anything that deletes there'],
      ['iam-sync who-can iam:CreateUser "*" --mfa --as-of target', 'by what is applied, with MFA'],
      ['iam-sync who-can sts:AssumeRole arn:aws:iam::111122223333:role/deploy --dir examples/acme', 'a role'],
    ],
  },
  ...ACCESS_COMMANDS,
  {
    name: 'test',
    results: ['test'],
    emptyBody: { tests: [] },
    summary: 'run the tests and prove the invariants of the project',
    description:
      'Runs `tests:` of the manifests and proves `invariants:` on what the YAML says, or on another state; no target is opened unless `--as-of target` asks for it. Exit code: 4 if one fails or could not be decided.',
    positional: 'folder',
    flags: [ASSUME, AS_OF, ...INPUT_FLAGS, ACCOUNT, REF, ...COMMON],
    examples: [
      ['iam-sync test examples/acme', 'all tests and invariants of all accounts'],
      [
        'iam-sync test --dir policies --as-of gaad:account.json',
        'those of a folder, on what others wrote of its accounts',
      ],
    ],
  },
  COMMENT_COMMAND,
  REVOKE_COMMAND,
  ...MFA_COMMANDS,
  SERVE_COMMAND,
  ...AUDIT_COMMANDS,
  {
    name: 'completion',
    results: ['completion script', 'completed words'],
    emptyBody: { script: null },
    summary: 'print a completion script for a shell',
    description:
      'Prints a script that completes commands and flags in bash, zsh or fish, and the names of accounts, principals and refs. The script asks for those with --list.',
    positional: 'shell',
    flags: [
      {
        flags: '--list <what>',
        description: 'print the names that the project has instead, one a line; none where it has errors',
        values: LISTS,
      },
      { flags: '--dir <folder>', description: 'with --list: the IAM folder (default: this one)' },
      ...FORMAT_FLAGS,
    ],
    examples: [
      ['source <(iam-sync completion bash)', 'in ~/.bashrc'],
      ['iam-sync completion zsh > ~/.zfunc/_iam-sync', 'once, with ~/.zfunc in fpath'],
      ['iam-sync completion fish > ~/.config/fish/completions/iam-sync.fish', 'once'],
    ],
  },
]

export const COMMANDS: readonly CommandSpec[] = SPECS.map(withItsFormats)

/** First words of commands of two: `access`. */
export const FAMILIES: readonly string[] = [
  ...new Set(COMMANDS.flatMap(({ name }) => (name.includes(' ') ? [name.split(' ')[0] ?? name] : []))),
]

/** The second words that a family has. */
export const membersOf = (family: string): readonly string[] =>
  COMMANDS.flatMap(({ name }) => (name.startsWith(`${family} `) ? [name.slice(family.length + 1)] : []))

/** Named in the design, and still to come: refused by name rather than as unknown. */
export const COMMANDS_TO_COME = ['drift', 'import', 'lint'] as const
