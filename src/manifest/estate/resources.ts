import {
  entryOf,
  errorOf,
  type Located,
  type LocatedEntry,
  nodeAt,
  plainOf,
} from '../../diagnostics/index.ts'
import { parseArn } from '../../model/index.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { DesiredResource } from '../desired.ts'
import { firstLineOf, isNothing } from '../entities/declared.ts'
import type { EntityContext } from '../entities/entity-reading.ts'
import { resource, resourceArn } from '../schema/estate-schema.ts'
import { describe, droppedKeys, schemaDiagnostics } from '../schema/schema-issues.ts'
import { readEstateDocument } from './estate-document.ts'

/** Reads one entry of `resources:`. @returns null when there are errors, which have been reported */
export function readResource(
  { key: arn, keySpan, value }: LocatedEntry,
  context: EntityContext,
): DesiredResource | null {
  const name: Located = { kind: 'scalar', value: arn, quoted: true, ...keySpan }
  const named = resourceArn.safeParse(arn)
  const subject = { title: `resource \`${shorten(arn)}\``, span: keySpan }
  if (!named.success) context.report(schemaDiagnostics(named.error.issues, resourceArn, name, subject))
  if (value.kind !== 'map' && !isNothing(value)) {
    context.report([
      errorOf({
        code: 'manifest.wrong-type',
        message: `a resource is a map, not ${describe(value)}`,
        help: 'write `{ account: …, policy: …, tags: … }`',
        span: firstLineOf(value),
      }),
    ])
    return null
  }
  const checked = resource.safeParse(isNothing(value) ? {} : plainOf(value))
  if (!checked.success) context.report(schemaDiagnostics(checked.error.issues, resource, value, subject))
  context.report(droppedKeys([nodeAt(value, ['tags'])], 'the key of a tag'))
  const policyNode = entryOf(value, 'policy')?.value
  const policy =
    policyNode === undefined || isNothing(policyNode)
      ? null
      : readEstateDocument(policyNode, 'resource', context, arn)
  if (!checked.success || !named.success) return null
  const { account, tags, blockPublicAccess } = checked.data
  const inArn = parseArn(arn)?.account ?? ''
  const known = /^\d{12}$/.test(inArn) ? inArn : null
  if (account !== undefined && known !== null && account !== known) {
    context.report([
      errorOf({
        code: 'manifest.resource-owner',
        message: `the ARN says that account ${known} owns it, \`account\` says ${account}`,
        help: 'leave `account` out',
        span: keySpan,
      }),
    ])
    return null
  }
  return {
    arn,
    account: account ?? known ?? context.names.account.id,
    ownerIsAssumed: account === undefined && known === null,
    policy,
    tags: new Map(Object.entries(tags ?? {})),
    ...(blockPublicAccess === true ? { publicAccessBlock: 'resource' } : {}),
    span: keySpan,
  }
}
