import { z } from 'zod'
import type { ChildReading } from '../../manifest/entities/child-reading.ts'
import type { ChildManifest } from '../../manifest/manifest-kind.ts'
import { statusSchema } from '../../manifest/schema/child-schema.ts'
import { ruled } from '../../manifest/schema/rules.ts'
import type { Rotation } from '../../model/child.ts'
import { USUAL_GRACE } from '../attributes/duration.ts'
import {
  CREDENTIAL_AGE,
  CREDENTIAL_SERVICES,
  type DesiredServiceSpecificCredential,
  SERVICE_SPECIFIC_CREDENTIAL,
} from './kind.ts'

const SERVICES = new Map(
  Object.entries(CREDENTIAL_SERVICES).flatMap(([service, { short }]) => [
    [service, service],
    [short, service],
  ]),
)

export const SERVICE_SPECIFIC_CREDENTIAL_MANIFEST: ChildManifest<DesiredServiceSpecificCredential> = {
  facts: SERVICE_SPECIFIC_CREDENTIAL,
  told: 'Exactly these credentials for single services, each under a name of your own. `{}` = none; absent = not managed here. Their secrets go where `apply --secrets-to` says.',
  schema: z.strictObject({
    serviceName: z
      .enum([...SERVICES.keys()], ruled('credentialService'))
      .meta({ description: 'The only service that it is good for: `codecommit`, or its whole name.' }),
    credentialAgeDays: z
      .int(ruled('credentialAge'))
      .min(CREDENTIAL_AGE.least, ruled('credentialAge'))
      .max(CREDENTIAL_AGE.most, ruled('credentialAge'))
      .optional()
      .meta({
        description:
          'After how many days a key for Bedrock or CloudWatch Logs ends. Another one is made before that. Default: never.',
      }),
    status: statusSchema,
  }),
  read: (reading) => {
    const service = SERVICES.get(reading.text('serviceName')?.text ?? '')
    if (service === undefined) return null
    const age = ageOf(reading, service)
    return {
      ...reading.child(reading.name.text),
      variety: service,
      credentialAgeDays: age,
      ...(age === null ? {} : { rotation: rotationOf(age) }),
    }
  },
}

function ageOf(reading: ChildReading, service: string): number | null {
  const age = reading.number('credentialAgeDays')
  if (age === null) return null
  if (CREDENTIAL_SERVICES[service]?.isApiKey === true) return age.value
  reading.report({
    code: 'manifest.bad-credential-age',
    message: `credentials for ${service} don't end by themselves`,
    help: 'remove `credentialAgeDays`: Bedrock and CloudWatch Logs alone have such',
    span: age.span,
  })
  return null
}

const DAY = 86_400_000

/** Another one is made while the one before is good still; that one goes when it would end. */
function rotationOf(age: number): Rotation {
  const grace = Math.min(USUAL_GRACE, (age * DAY) / 2)
  return { after: age * DAY - grace, grace }
}
