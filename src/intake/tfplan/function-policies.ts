import { parseArn } from '../../model/index.ts'
import { openUrlStatement, PERMISSION_CONDITIONS, permissionStatement } from '../function-permission.ts'
import { type Instance, readAt, textAt } from './instance.ts'
import { namedArn, ownedArn } from './owned-resources.ts'
import type { PlanContext } from './plan-context.ts'
import { hasValue, madeUpName } from './plan-names.ts'
import type { FoundResource } from './target-arn.ts'

/**
 * The policies of functions: each `aws_lambda_permission` is one statement.
 * @see AWS Lambda API Reference, AddPermission
 */
export function functionPolicies(context: PlanContext): readonly FoundResource[] {
  const byFunction = new Map<string, Instance[]>()
  for (const instance of context.side.instances) {
    if (instance.mode !== 'managed') continue
    if (instance.type !== 'aws_lambda_permission' && !isOpenUrl(instance)) continue
    const arn = functionArn(instance, context)
    if (byFunction.get(arn)?.push(instance) === undefined) byFunction.set(arn, [instance])
  }
  return [...byFunction].map(([arn, instances]) => {
    const first = instances[0]
    const address = first?.address ?? arn
    const account = parseArn(arn)?.account ?? ''
    const statements = instances.map((each) => statementOf(each, arn))
    const document = { Version: '2012-10-17', Statement: statements.filter((each) => each !== null) }
    const read = context.documents.read(document, 'resource', address, `\`${arn}\``)
    const known = 'unknown' in read ? null : read
    const policy = statements.includes(null) ? context.documents.notYet(address, `\`${arn}\``, known) : read
    return { facts: { arn, account, policy, tags: new Map() }, address }
  })
}

/** The provider lets in everybody where a URL asks for no credentials. */
const isOpenUrl = (instance: Instance): boolean =>
  instance.type === 'aws_lambda_function_url' && textAt(instance, 'authorization_type') === 'NONE'

function functionArn(instance: Instance, { accounts, referred }: PlanContext): string {
  const place = accounts.placeOf(instance)
  const qualifier = textAt(instance, 'qualifier')
  const known = textAt(instance, 'function_name')
  const target =
    known === null ? referred.behind(instance, ['function_name'], ['function_name', 'arn', 'id']) : null
  const arn =
    (target === null ? null : ownedArn(target, accounts.placeOf(target))) ??
    (known !== null && parseArn(known) !== null ? known : null) ??
    namedArn('aws_lambda_function', known ?? madeUpName(instance), place) ??
    ''
  return qualifier === null ? arn : `${arn}:${qualifier}`
}

/** null: something of it isn't known. */
function statementOf(instance: Instance, arn: string): object | null {
  if (isOpenUrl(instance)) return openUrlStatement(arn)
  const [action, principal] = [textAt(instance, 'action'), textAt(instance, 'principal')]
  const isOpen = PERMISSION_CONDITIONS.some(
    ({ attribute }) => hasValue(instance, attribute) && valueAt(instance, attribute) === null,
  )
  if (action === null || principal === null || isOpen) return null
  const conditions = PERMISSION_CONDITIONS.flatMap(({ attribute, operator, key }) => {
    const value = valueAt(instance, attribute)
    return value === null ? [] : [[operator, key, value] as const]
  })
  return permissionStatement({ sid: textAt(instance, 'statement_id'), action, principal, arn, conditions })
}

/** A text, or a truth value as one. null: there is none, or it isn't known. */
function valueAt(instance: Instance, attribute: string): string | null {
  const reading = readAt(instance, attribute)
  return reading.is === 'known' && typeof reading.value === 'boolean'
    ? String(reading.value)
    : textAt(instance, attribute)
}
