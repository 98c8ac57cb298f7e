import { GATES } from './access-commands.ts'
import type { CommandSpec } from './command-spec.ts'
import { ACCOUNT, ALLOW_UNKNOWN, ALLOW_WIDER, ASSUME, COMMON, INPUT_FLAGS, LINK } from './flag-specs.ts'

export const COMMENT_COMMAND: CommandSpec = {
  name: 'comment',
  results: ['comment'],
  emptyBody: { comment: null },
  summary: 'say in a pull request what it changes, in one comment that is kept',
  description:
    'Makes the plan of a pull request against the commit that it goes out from, and keeps one comment, labels and a check of GitHub or GitLab that say what it comes to. Which pull request it is, the environment of GitHub Actions and GitLab CI tells. Tokens are taken from GITHUB_TOKEN or GITLAB_TOKEN. Exit code: that of the result; a comment that could not be written is a warning.',
  positional: 'folder',
  flags: [
    {
      flags: '--against <state>',
      description:
        'git:REF: what the plan is compared with (default: the commit that the pull request goes out from); target: what is applied',
      offers: ['target', 'git:', 'cfn:git:'],
    },
    {
      flags: '--as-of <state>',
      description:
        'plan: what the YAML says (the default); tfplan:FILE: a plan of Terraform; cfn:FILE, with what it was: --against cfn:git:REF:FILE',
      offers: ['plan', 'tfplan:', 'cfn:'],
    },
    {
      flags: '--from <file>',
      description:
        'comment on the JSON that `plan` or `access diff` printed in a run that is not trusted; it sets neither a label nor anything that passes',
    },
    {
      flags: '--tag <name>',
      description: 'keeps a comment of its own: for each job of a matrix another name',
    },
    { flags: '--dry-run', description: 'send nothing: print the comment, labels and calls' },
    {
      flags: '--code-quality <file>',
      description: "write what is said of lines as a report of GitLab's Code Quality",
    },
    { flags: '--strict', description: 'exit 1 when the comment, labels or check could not be written' },
    { flags: '--exit-code', description: 'exit 2 when there are changes' },
    {
      flags: '--service <service>',
      description: 'where the pull request is, where the environment does not say',
      values: ['github', 'gitlab'],
    },
    {
      flags: '--repository <name>',
      description:
        'OWNER/NAME, or the path or number of a project of GitLab, where the environment does not say',
    },
    {
      flags: '--pull-request <number>',
      description: 'number of the pull request or merge request, where the environment does not say',
    },
    {
      flags: '--commit <commit>',
      description: 'the commit that is proposed, where the environment does not say',
    },
    { ...LINK, description: 'where all of it is, in place of the job' },
    ...GATES,
    ALLOW_UNKNOWN,
    ALLOW_WIDER,
    ASSUME,
    ...INPUT_FLAGS,
    ACCOUNT,
    ...COMMON,
  ],
  examples: [
    ['iam-sync comment iam', 'in a job of a pull request'],
    [
      'iam-sync comment iam --no-new-escalation origin/main --no-public-access',
      'with gates: the comment names what breaks them, and the job fails',
    ],
    ['iam-sync comment --as-of tfplan:plan.json --tag network', 'a plan of Terraform, one of several'],
    ['iam-sync comment --against git:main --dry-run', 'see it before a job is made of it'],
    [
      'iam-sync comment --from result.json --pull-request 7 --commit "$HEAD"',
      "what a fork's own run came to",
    ],
  ],
}
