import type { CommandSpec } from './command-spec.ts'
import { ACCOUNT, COMMON } from './flag-specs.ts'

/** The account as a service. */
export const SERVE_COMMAND: CommandSpec = {
  name: 'serve',
  results: [],
  emptyBody: {},
  summary: 'serve an account to AWS clients: IAM over HTTP',
  description:
    'Answers the IAM API over HTTP, as AWS does, with signatures verified and each call authorized. The first line on stdout is JSON: endpoint, account and, where one was just made, the root key, which is never shown again. What happens is logged to stderr, one JSON object a line. Ctrl-C ends it.',
  positional: 'folder',
  flags: [
    ACCOUNT,
    {
      flags: '--ephemeral',
      description: 'an account in memory (123456789012), with a root key; needs no project',
    },
    { flags: '--host <address>', description: 'where to listen', default: '127.0.0.1' },
    { flags: '--port <port>', description: 'on which port; 0: any that is free', default: '4566' },
    { flags: '--tls-cert <file>', description: 'serve HTTPS with this certificate (PEM)' },
    { flags: '--tls-key <file>', description: 'the private key of the certificate (PEM)' },
    {
      flags: '--allow-plain-http',
      description: 'listen to other machines without TLS: whoever reads along sees secrets that are made',
    },
    { flags: '--bootstrap', description: 'make the first root key, and show it this once' },
    {
      flags: '--replace-root-key',
      description: 'make another root key; the one before is refused from then on',
    },
    {
      flags: '--provider-keys <file>',
      description:
        'keys by which OIDC providers sign, by issuer (JSON); those of others are fetched from the providers',
    },
    {
      flags: '--imds <port>',
      description:
        'also answer as the metadata service of an EC2 instance does (IMDSv2), to this machine only; 0: on any port that is free',
    },
    {
      flags: '--imds-instance-profile <name>',
      description: 'with --imds: whose role the instance has',
    },
    {
      flags: '--partition-from-region',
      description:
        'calls signed for cn-… and us-gov-… are of the partitions aws-cn and aws-us-gov: an ephemeral account for each',
    },
    {
      flags: '--propagation-delay <duration>',
      description:
        'for how long what is written is not seen yet, to test clients against eventual consistency: `2s`',
      default: '0s',
    },
    {
      flags: '--root-sessions',
      description:
        'root access is centralized in the declared organization: its management account may assume root of the others',
    },
    {
      flags: '--rate-limit <rate>',
      description: 'calls a second of each key, and how many at once: `15`, `15:100` (default: any number)',
    },
    ...COMMON,
  ],
  examples: [
    ['iam-sync serve --ephemeral --port 0', 'an account for tests, on any free port'],
    ['iam-sync serve --account production --bootstrap', 'the account of a project, with its first root key'],
    ['iam-sync serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem', 'for other machines'],
  ],
}
