import { nearest } from '../../diagnostics/index.ts'
import { type Account, parseArn } from '../../model/index.ts'
import { ALL_PARTITIONS } from '../../policy/stored-arn.ts'
import { meant, type NameProblem } from './name-problem.ts'

interface AskedAbout {
  readonly accounts: readonly { readonly account: Account }[]
  /** By ARN. */
  readonly resources: ReadonlyMap<string, unknown>
}

/** Those in which somebody may be asked about: of the accounts, and of the resources that are declared. */
export const partitionsOf = ({ accounts, resources }: AskedAbout): ReadonlySet<string> =>
  new Set([
    ...accounts.map(({ account }) => account.partition),
    ...[...resources.keys()].flatMap((arn) => parseArn(arn)?.partition ?? []),
  ])

/**
 * Whether an ARN, with wildcards and variables, is of a partition, and of one that is meant: nobody in a partition reaches
 * anything in another.
 * @param partitions those that may be asked about; null: they aren't known
 * @see IAM User Guide, "Amazon Resource Names (ARNs)"
 */
export function partitionProblem(arn: string, partitions: ReadonlySet<string> | null): NameProblem | null {
  const [, partition = ''] = /^arn:([^:]*):/.exec(arn) ?? []
  if (partition === '' || /[*?$]/.test(partition)) return null
  const inPartition = (other: string) => `arn:${other}${arn.slice('arn:'.length + partition.length)}`
  if (!ALL_PARTITIONS.includes(partition))
    return {
      code: 'names.partition',
      message: `there is no partition \`${partition}\`, as in \`${arn}\``,
      help: meant(inPartition(nearest(partition, ALL_PARTITIONS) ?? 'aws')),
    }
  if (partitions === null || partitions.has(partition)) return null
  const [other = 'aws'] = partitions
  return {
    code: 'names.partition',
    message: `\`${arn}\` is of the partition \`${partition}\`, and the project is in \`${[...partitions].join('`, `')}\``,
    help: `write \`${inPartition(other)}\``,
  }
}
