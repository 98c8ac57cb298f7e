import type { z } from 'zod'
import { QUOTA_NAMES } from '../../catalog/quotas.ts'
import {
  type Diagnostic,
  didYouMean,
  entryOf,
  errorOf,
  type Located,
  nodeAt,
  spanOf,
  warningOf,
} from '../../diagnostics/index.ts'
import type { Account } from '../../model/index.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { Target } from '../desired.ts'
import type { anyTarget } from './declared-targets.ts'
import { isAtAws } from './endpoint.ts'

/** Where calls of a partition are signed for. @see AWS General Reference, "AWS Identity and Access Management endpoints" */
const REGIONS: Readonly<Record<Account['partition'], string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
}

/** @param declared undefined: the account's is the local one, under its name */
export function targetOf(
  name: string,
  { partition }: Account,
  declared: z.infer<typeof anyTarget> | undefined,
): Target {
  if (declared?.kind === 'aws')
    return {
      kind: 'aws',
      endpoint: declared.endpoint,
      region: declared.region ?? REGIONS[partition],
      quotas: declared.quotas ?? {},
    }
  return {
    kind: 'local',
    database: declared?.database ?? `.iam-sync/${name}.db`,
    quotas: declared?.quotas ?? {},
  }
}

/** Keys of accounts at AWS itself. */
const LATE_KEYS = ['profile', 'roleArn']

/** Targets, and what is said of them, that are known and still to come. */
export function lateTargets(account: Located, title: string): readonly Diagnostic[] {
  const target = nodeAt(account, ['target'])
  const kind = nodeAt(account, ['target', 'kind'])
  if (kind?.kind !== 'scalar') return []
  if (kind.value === 'postgres')
    return [
      late('the target kind `postgres` is not supported yet', `write \`kind: local\` for ${title}`, kind),
    ]
  if (kind.value !== 'aws') return []
  const endpoint = nodeAt(account, ['target', 'endpoint'])
  const isElsewhere = endpoint?.kind === 'scalar' && !isAtAws(String(endpoint.value))
  const keys = LATE_KEYS.flatMap((key) => {
    const entry = entryOf(target, key)
    return entry === null
      ? []
      : [
          errorOf({
            code: 'manifest.not-supported-yet',
            message: `\`target.${key}\` is not supported yet`,
            help: `remove \`${key}\`: credentials come from the environment, \`AWS_ACCESS_KEY_ID\` and \`AWS_SECRET_ACCESS_KEY\``,
            span: entry.keySpan,
          }),
        ]
  })
  if (endpoint !== null && (endpoint.kind !== 'scalar' || isElsewhere)) return keys
  return [
    late(
      'accounts at AWS itself are not supported yet',
      `name what answers in its place, as \`iam-sync serve\` does, by \`endpoint: http://127.0.0.1:PORT\`, or write \`kind: local\` for ${title}`,
      endpoint ?? kind,
    ),
    ...keys,
  ]
}

const late = (message: string, help: string, at: Located): Diagnostic =>
  errorOf({ code: 'manifest.not-supported-yet', message, help, span: spanOf(at) })

/** What an account lacks whose target has no place for it. */
export function journalWarnings(account: Located, title: string): readonly Diagnostic[] {
  const kind = nodeAt(account, ['target', 'kind'])
  if (kind?.kind !== 'scalar' || kind.value !== 'aws') return []
  return [
    warningOf({
      code: 'manifest.no-journal',
      message: `${title} keeps no journal: two applies at once don't exclude each other, no history is kept, and nothing counts as declared before`,
      help: 'let one apply run at a time, and name the commit that was applied before by `--base REF`: without it nothing of the scope `declared` is deleted',
      span: spanOf(kind),
    }),
  ]
}

/** Quotas that there are none of. */
export function quotaErrors(account: Located): readonly Diagnostic[] {
  const quotas = nodeAt(account, ['target', 'quotas'])
  // Not the parsed ones: of those zod has left out `__proto__`.
  const named = quotas?.kind === 'map' ? quotas.entries.map(({ key }) => key) : []
  const unknown = named.filter((name) => !(QUOTA_NAMES as readonly string[]).includes(name))
  return unknown.map((name) =>
    errorOf({
      code: 'manifest.unknown-key',
      message: `\`${shorten(name)}\` is not a quota`,
      help: didYouMean(
        name,
        QUOTA_NAMES,
        `the quotas are ${QUOTA_NAMES.map((each) => `\`${each}\``).join(', ')}`,
      ),
      span: entryOf(quotas, name)?.keySpan ?? spanOf(account),
    }),
  )
}
