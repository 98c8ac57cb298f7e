import type { DiagnosticParts } from '../diagnostics/diagnostic.ts'
import { invalid, type Parsing, type Place, spanOfPlace } from './parsing.ts'

/** @see IAM User Guide, "Amazon Resource Names (ARNs)"; AWS General Reference: the partitions of isolated regions and of the European Sovereign Cloud */
export const ALL_PARTITIONS: readonly string[] = [
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
  'aws-eusc',
]

/** What ARNs of IAM begin with behind their account, in the words of its refusal; `root` is taken to be stored. */
const IAM_RESOURCES: readonly string[] = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
  'root',
]

/** The ARNs that IAM doesn't store in policies of its own, however they are meant. @param text of six segments */
export function checkStoredArn(parsing: Parsing, text: string, place: Place): void {
  if (parsing.mode !== 'validate' || (parsing.use !== 'identity' && parsing.use !== 'boundary')) return
  const span = spanOfPlace(place)
  for (const problem of unstorableArn(text)) invalid(parsing, { ...problem, span })
}

/** Why IAM stores no identity policy with such an ARN; empty: it does. */
export function unstorableArn(text: string): readonly DiagnosticParts[] {
  const [, partition = '', service = '', region = '', account = '', ...rest] = text
    .replace(/\$\{[^}]*\}/g, '*')
    .split(':')
  const problems: DiagnosticParts[] = []
  if (!/[*?]/.test(partition) && !ALL_PARTITIONS.includes(partition))
    problems.push({
      code: 'policy.partition',
      message: `\`${partition}\` is no partition, in \`${text}\``,
      help: `write \`${['arn', 'aws', ...text.split(':').slice(2)].join(':')}\`, or \`*\` for any partition`,
    })
  const hasRegion = region !== '' && !/^[*?]+$/.test(region)
  if (hasRegion && (service === 'iam' || (service === 's3' && account === '')))
    problems.push({
      code: 'policy.arn-region',
      message: `\`${text}\` has a region, and ARNs of ${service === 'iam' ? 'IAM' : 'S3 buckets'} have none`,
      help: `write \`${withoutRegion(text)}\``,
    })
  const resource = rest.join(':')
  if (service === 'iam' && !IAM_RESOURCES.some((begin) => mayBegin(resource, begin)))
    problems.push({
      code: 'policy.iam-resource',
      message: `\`${text}\` is nothing that IAM has`,
      help: 'behind the account stands `user/NAME`, `role/NAME`, `group/NAME`, `policy/NAME`, …, or `*`',
    })
  return problems
}

const withoutRegion = (text: string): string => {
  const parts = text.split(':')
  return [...parts.slice(0, 3), '', ...parts.slice(4)].join(':')
}

/** Whether what a pattern stands for may begin with a text: up to its first wildcard it is that text, or begins so. */
function mayBegin(pattern: string, begin: string): boolean {
  const wildcard = pattern.search(/[*?]/)
  const literal = wildcard === -1 ? pattern : pattern.slice(0, wildcard)
  return literal.startsWith(begin) || (wildcard !== -1 && begin.startsWith(literal))
}
