import { parseArn, type StateDocument } from '../../model/index.ts'
import { openUrlStatement, PERMISSION_CONDITIONS, permissionStatement } from '../function-permission.ts'
import { generatedName } from './made-up-names.ts'
import { type Resolved, scalarText, unknownIn } from './resolved.ts'
import { resourcesOf, type StackContext, type StackResource } from './stack-context.ts'
import { propertyOf } from './stack-names.ts'

/**
 * The policies of functions, by their ARNs: each `AWS::Lambda::Permission` is one statement.
 * @see AWS Lambda API Reference, AddPermission
 */
export function functionPoliciesOf(
  context: StackContext,
): ReadonlyMap<string, { readonly policy: StateDocument; readonly address: string }> {
  const byFunction = new Map<string, StackResource[]>()
  for (const resource of resourcesOf(context, (type) => type === PERMISSION || type === SERVERLESS)) {
    if (resource.type === SERVERLESS && !isOpen(resource)) continue
    const arn = functionArn(resource, context)
    byFunction.set(arn, [...(byFunction.get(arn) ?? []), decided(resource, context)])
  }
  return new Map(
    [...byFunction].map(([arn, resources]) => [
      arn,
      { policy: policyOf(arn, resources, context), address: resources[0]?.id ?? arn },
    ]),
  )
}

const PERMISSION = 'AWS::Lambda::Permission'
const SERVERLESS = 'AWS::Serverless::Function'

/** Without the source where it is a pattern that may match what is made up. */
function decided(resource: StackResource, { documents }: StackContext): StackResource {
  const { own } = resource
  if (own?.kind !== 'map') return resource
  const entries = own.entries.map((entry) =>
    entry.key === 'SourceArn' ? { ...entry, value: documents.decided(entry.value, 'Condition') } : entry,
  )
  return { ...resource, own: { ...own, entries } }
}

/** SAM lets in everybody where a URL asks for no credentials; CloudFormation alone doesn't. */
const isOpen = ({ own }: StackResource): boolean =>
  scalarText(propertyOf(own, 'FunctionUrlConfig', 'AuthType')) === 'NONE'

function policyOf(
  arn: string,
  resources: readonly StackResource[],
  { documents }: StackContext,
): StateDocument {
  const holds = `\`${arn}\``
  const statements = resources.map((each) => (each.hangsOn === null ? statementOf(each, arn) : null))
  const known = statements.filter((each) => each !== null)
  const address = resources[0]?.id ?? ''
  const read = documents.made({ Version: '2012-10-17', Statement: known }, 'resource', address, holds)
  const open = resources[statements.indexOf(null)]
  if (open === undefined) return read
  const value: Resolved = open.hangsOn ?? open.own ?? { kind: 'map', entries: [], ...open.span }
  const unknown = unknownIn(value) ?? {
    kind: 'unknown',
    of: 'what is of no form that can be read',
    basis: '',
    ...open.span,
  }
  return documents.notYet(
    value,
    unknown,
    open.id,
    holds,
    'unknown' in read || known.length === 0 ? null : read,
  )
}

function functionArn({ own, id, type }: StackResource, context: StackContext): string {
  const { names, template } = context
  const resource = type === SERVERLESS ? template.resources.get(id) : undefined
  if (resource !== undefined) return names.nameOf(resource)?.arn ?? id
  const text = scalarText(propertyOf(own, 'FunctionName'))
  if (text !== null && parseArn(text) !== null) return text
  // Without the beginning of an ARN, it is a name, perhaps with that of an account before it.
  const name = text?.replace(/^\d{12}:function:/, '') ?? generatedName(id)
  return names.arnOf('AWS::Lambda::Function', name) ?? name
}

/** null: something of it isn't known. */
function statementOf({ own, id, type }: StackResource, arn: string): object | null {
  if (type === SERVERLESS) return openUrlStatement(arn)
  const [action, principal] = ['Action', 'Principal'].map((each) => scalarText(propertyOf(own, each)))
  if (action == null || principal == null) return null
  const conditions: [operator: string, key: string, value: string][] = []
  for (const { property, operator, key } of PERMISSION_CONDITIONS) {
    const value = propertyOf(own, property)
    const text = scalarText(value)
    if (value !== null && text === null) return null
    if (text !== null) conditions.push([operator, key, text])
  }
  return permissionStatement({ sid: id, action, principal, arn, conditions })
}
