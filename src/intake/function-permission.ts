const VIA_URL = 'lambda:InvokedViaFunctionUrl'

/** Conditions that a permission of a function may carry: as CloudFormation calls them, as Terraform does, and what they ask. */
export const PERMISSION_CONDITIONS = [
  { property: 'SourceArn', attribute: 'source_arn', operator: 'ArnLike', key: 'AWS:SourceArn' },
  {
    property: 'SourceAccount',
    attribute: 'source_account',
    operator: 'StringEquals',
    key: 'AWS:SourceAccount',
  },
  {
    property: 'PrincipalOrgID',
    attribute: 'principal_org_id',
    operator: 'StringEquals',
    key: 'aws:PrincipalOrgID',
  },
  {
    property: 'EventSourceToken',
    attribute: 'event_source_token',
    operator: 'StringEquals',
    key: 'lambda:EventSourceToken',
  },
  {
    property: 'FunctionUrlAuthType',
    attribute: 'function_url_auth_type',
    operator: 'StringEquals',
    key: 'lambda:FunctionUrlAuthType',
  },
  {
    property: 'InvokedViaFunctionUrl',
    attribute: 'invoked_via_function_url',
    operator: 'Bool',
    key: VIA_URL,
  },
] as const

/** What a permission says, whoever wrote it. */
interface Permission {
  /** null: it has none. */
  readonly sid: string | null
  readonly action: string
  readonly principal: string
  /** The function's ARN. */
  readonly arn: string
  /** Operator, key and value of each condition. */
  readonly conditions: readonly (readonly [operator: string, key: string, value: string])[]
}

/**
 * The statement that Lambda writes into a function's policy for a permission.
 * @see AWS Lambda API Reference, AddPermission
 */
export function permissionStatement({ sid, action, principal, arn, conditions }: Permission): object {
  const condition: Record<string, Record<string, string>> = {}
  // That a call needn't come by the URL is no condition.
  const asked = conditions.filter(([, key, value]) => key !== VIA_URL || value !== 'false')
  for (const [operator, key, value] of asked) condition[operator] = { ...condition[operator], [key]: value }
  return {
    ...(sid === null ? {} : { Sid: sid }),
    Effect: 'Allow',
    Principal: principalOf(principal),
    Action: action,
    Resource: arn,
    ...(asked.length === 0 ? {} : { Condition: condition }),
  }
}

/** What is written for a URL that asks for no credentials, where everybody is let in. */
export const openUrlStatement = (arn: string): object => ({
  Sid: 'FunctionURLAllowPublicAccess',
  Effect: 'Allow',
  Principal: '*',
  Action: 'lambda:InvokeFunctionUrl',
  Resource: arn,
  Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
})

const principalOf = (text: string): '*' | Readonly<Record<string, string>> =>
  text === '*' ? '*' : /^\d{12}$|^arn:/.test(text) ? { AWS: text } : { Service: text }
