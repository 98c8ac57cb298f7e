import { type Estate, parseArn } from '../model/index.ts'

/** The partitions of the accounts and resources of some states. */
export const partitionsIn = (...estates: readonly Estate[]): readonly string[] => [
  ...new Set(
    estates.flatMap(({ accounts, resources }) => [
      ...accounts.map(({ account }) => account.partition),
      ...[...resources.keys()].map(partitionOf),
    ]),
  ),
]

/** What of an estate lies in a partition: nothing else is reached from there. */
export function inPartition(estate: Estate, partition: string): Estate {
  const accounts = estate.accounts.filter(({ account }) => account.partition === partition)
  const resources = [...estate.resources].filter(([arn]) => partitionOf(arn) === partition)
  const isWhole = accounts.length === estate.accounts.length && resources.length === estate.resources.size
  return isWhole ? estate : { ...estate, accounts, resources: new Map(resources) }
}

const partitionOf = (arn: string): string => parseArn(arn)?.partition ?? 'aws'
