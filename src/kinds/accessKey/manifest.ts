import { z } from 'zod'
import type { ChildReading } from '../../manifest/entities/child-reading.ts'
import type { ChildManifest } from '../../manifest/manifest-kind.ts'
import { durationSchema, statusSchema } from '../../manifest/schema/child-schema.ts'
import type { Rotation } from '../../model/child.ts'
import { durationOf, USUAL_GRACE } from '../attributes/duration.ts'
import { ACCESS_KEY, type DesiredAccessKey } from './kind.ts'

export const ACCESS_KEY_MANIFEST: ChildManifest<DesiredAccessKey> = {
  facts: ACCESS_KEY,
  told: 'Exactly these access keys, each under a name of your own. `{}` = none; absent = not managed here. Their secrets go where `apply --secrets-to` says.',
  schema: z
    .strictObject({
      status: statusSchema,
      rotateAfter: durationSchema('After how long a new key takes its place: `90d`. Default: never.'),
      grace: durationSchema(
        'How long the key before stays in use once the new one was handed over; shorter than `rotateAfter`. Default: `7d`, or half of `rotateAfter` where that is less.',
      ),
    })
    .nullable(),
  read: (reading) => {
    const rotation = rotationOf(reading)
    return { ...reading.child(reading.name.text), ...(rotation === null ? {} : { rotation }) }
  },
}

function rotationOf(reading: ChildReading): Rotation | null {
  const declared = { rotateAfter: reading.text('rotateAfter'), grace: reading.text('grace') }
  const after = declared.rotateAfter === null ? null : durationOf(declared.rotateAfter.text)
  const grace = declared.grace === null ? null : durationOf(declared.grace.text)
  if (declared.grace !== null && declared.rotateAfter === null)
    reading.report({
      code: 'manifest.bad-rotation',
      message: '`grace` says how long the key before is left, and nothing says when another one is made',
      help: 'declare `rotateAfter` as well, or remove `grace`',
      span: declared.grace.span,
    })
  if (after === null) return null
  if (declared.grace !== null && grace !== null && grace >= after)
    reading.report({
      code: 'manifest.bad-rotation',
      message: `\`grace\` (${declared.grace.text}) is not shorter than \`rotateAfter\` (${declared.rotateAfter?.text ?? ''})`,
      help: 'a user has two keys at most: the key before goes before the next one is made',
      span: declared.grace.span,
    })
  return { after, grace: grace ?? Math.min(USUAL_GRACE, after / 2) }
}
