import { z } from 'zod'
import { CONDITION_OPERATORS } from '../../policy/operators.ts'

/**
 * The grammar of policy documents for editors, in the JSON Schema alone: `src/policy` reads documents,
 * with more checks and better words than a schema can have.
 * @see IAM User Guide, "Grammar of the IAM JSON policy language"
 */
const oneOrMany = (text: string) => z.union([z.string(), z.array(z.string())]).meta({ description: text })

const principal = z
  .union([
    z.literal('*'),
    z.strictObject({
      AWS: oneOrMany('Account ids, ARNs, or `*`.').optional(),
      Service: oneOrMany('`lambda.amazonaws.com` and the like.').optional(),
      Federated: oneOrMany('ARNs of identity providers.').optional(),
      CanonicalUser: oneOrMany('Canonical user ids.').optional(),
    }),
  ])
  .meta({ description: 'Who. In trust policies only.' })

const conditionValue = z.union([z.string(), z.number(), z.boolean()])
const PREFIXES = 'ForAllValues:|ForAnyValue:'

const condition = z
  .record(
    z.string().regex(new RegExp(`^(${PREFIXES})?(${CONDITION_OPERATORS.join('|')})(IfExists)?$`)),
    z.record(z.string(), z.union([conditionValue, z.array(conditionValue)])),
  )
  .meta({ description: 'Operators, and for each the condition keys with their values: all must match.' })

const statement = z
  .strictObject({
    Sid: z
      .string()
      .regex(/^[A-Za-z0-9]*$/)
      .optional()
      .meta({ description: 'Names the statement; letters and digits, unique in the document.' }),
    Effect: z.enum(['Allow', 'Deny']).meta({ description: 'A Deny beats every Allow.' }),
    Principal: principal.optional(),
    NotPrincipal: principal.optional(),
    Action: oneOrMany('`service:Name`, with `*` and `?` in the name; or `*`.').optional(),
    NotAction: oneOrMany('Every action but these.').optional(),
    Resource: oneOrMany('ARNs, with `*` and `?`; or `*`.').optional(),
    NotResource: oneOrMany('Every resource but these.').optional(),
    Condition: condition.optional(),
  })
  .meta({ id: 'statement', description: 'One statement of a policy document.' })

const policyDocument = z
  .strictObject({
    Version: z.enum(['2012-10-17', '2008-10-17']).optional().meta({
      description: 'Write 2012-10-17: without it, variables in the document are plain text.',
    }),
    Id: z.string().optional(),
    Statement: z.union([statement, z.array(statement)]),
  })
  .meta({ id: 'policyDocument', description: "A policy document in AWS's own grammar." })

const documentFile = z
  .strictObject({
    file: z.string().min(1).meta({ description: 'Relative to this manifest, or else to the IAM folder.' }),
  })
  .meta({ id: 'documentFile', description: 'A JSON or YAML file that holds the document.' })

export const documentOrFile = z.union([policyDocument, documentFile])
