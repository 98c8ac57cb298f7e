import { z } from 'zod'
import { type Diagnostic, entryOf, errorOf, type Located, spanOf } from '../../diagnostics/index.ts'
import {
  CHILD_KINDS,
  CHILDREN,
  type DesiredEntity,
  type IgnoredGrant,
  parseEntityArn,
} from '../../model/index.ts'
import { shorten } from '../../yaml/shorten.ts'
import { described } from '../schema/attribute-schemas.ts'
import { ruled } from '../schema/rules.ts'
import type { EntityReading } from './entity-reading.ts'
import { policyArnOf } from './policy-names.ts'

const DATE = /^\d{4}-\d\d-\d\d$/
const isDate = (text: string): boolean =>
  DATE.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true

/** What is held beside a declaration, and is to be left alone without a word for a while. */
export const ignoreSchema = z
  .array(
    z
      .strictObject({
        grant: z.string(ruled('ignoredGrant')).min(1, ruled('ignoredGrant')).optional(),
        credential: z.string(ruled('ignoredCredential')).min(1, ruled('ignoredCredential')).optional(),
        reason: z.string(ruled('ignoredReason')).min(1, ruled('ignoredReason')),
        until: z.string(ruled('ignoredUntil')).refine(isDate, ruled('ignoredUntil')),
      })
      .refine(
        ({ grant, credential }) => (grant === undefined) !== (credential === undefined),
        ruled('ignoredWhat'),
      ),
    ruled('ignored'),
  )
  .nullable()
  .optional()
  .meta(
    described(
      'Grants and credentials that nobody declares here, and that plans do not tell until a day is over: `{ grant: managedPolicies/NAME, reason: …, until: 2027-01-31 }`, `{ credential: accessKeys/ID, … }`.',
    ),
  )

/** What one may have many of, or one. */
interface Ignorable {
  readonly name: string
  readonly refersTo: { readonly by: 'name' | 'arn' } | null
}

/** @param attributes of the kind. @param kind under which credentials may be named */
export function readIgnored(
  reading: EntityReading,
  attributes: readonly Ignorable[],
  kind: string,
): Pick<DesiredEntity, 'ignored'> {
  const value = reading.value('ignore')
  if (value?.kind !== 'list') return {}
  const ignored = value.items.flatMap((item) => [
    ...ignoredIn(item, reading, attributes),
    ...ignoredCredential(item, reading, kind),
  ])
  return ignored.length === 0 ? {} : { ignored }
}

/** One that is named under the entity, by the id that AWS gave it: another one that comes later is told. */
function ignoredCredential(item: Located, reading: EntityReading, kind: string): readonly IgnoredGrant[] {
  const credential = textAt(item, 'credential')
  const [reason, until] = [textAt(item, 'reason'), textAt(item, 'until')]
  if (credential === null || reason === null || until === null || !isDate(until.text)) return []
  const sections = CHILD_KINDS.filter((child) => CHILDREN[child].parent === kind).map(
    (child) => CHILDREN[child].section,
  )
  const [section = '', ...id] = credential.text.split('/')
  if (!sections.includes(section) || id.join('/') === '') {
    reading.report(unknownCredential(credential, sections))
    return []
  }
  const declared = reading.value(section)
  if (declared !== null) {
    reading.report(isDeclared(credential, section, declared))
    return []
  }
  return [{ key: credential.text, reason: reason.text, until: until.text, span: spanOf(item) }]
}

function ignoredIn(
  item: Located,
  reading: EntityReading,
  attributes: readonly Ignorable[],
): readonly IgnoredGrant[] {
  const grant = textAt(item, 'grant')
  const [reason, until] = [textAt(item, 'reason'), textAt(item, 'until')]
  if (grant === null || reason === null || until === null || !isDate(until.text)) return []
  const slash = grant.text.indexOf('/')
  const name = slash === -1 ? grant.text : grant.text.slice(0, slash)
  const attribute = attributes.find((each) => each.name === name)
  if (attribute === undefined || name === 'path') {
    reading.report(unknownGrant(grant, attributes))
    return []
  }
  const declared = reading.value(name)
  if (declared !== null) {
    reading.report(isDeclared(grant, name, declared))
    return []
  }
  const member = slash === -1 ? null : grant.text.slice(slash + 1)
  const resolved = member === null ? null : resolve(member, grant, attribute, reading)
  if (member !== null && resolved === null) return []
  const key = resolved === null ? name : `${name}/${resolved}`
  return [{ key, reason: reason.text, until: until.text, span: spanOf(item) }]
}

const resolve = (
  member: string,
  { node }: TextAt,
  { refersTo }: Ignorable,
  reading: EntityReading,
): string | null => {
  if (refersTo?.by === 'arn') return reading.resolved(member, spanOf(node), policyArnOf)
  return refersTo?.by === 'name' ? (parseEntityArn(member)?.name ?? member) : member
}

interface TextAt {
  readonly text: string
  readonly node: Located
}

function textAt(item: Located, key: string): TextAt | null {
  const node = entryOf(item, key)?.value
  return node?.kind === 'scalar' && typeof node.value === 'string' ? { text: node.value, node } : null
}

const unknownGrant = ({ text, node }: TextAt, attributes: readonly Ignorable[]): Diagnostic =>
  errorOf({
    code: 'manifest.bad-ignore',
    message: `\`${shorten(text)}\` names no grant`,
    help: `write the key under which it would stand, and its name or ARN: ${attributes
      .filter(({ name }) => name !== 'path')
      .map(({ name }) => `\`${name}/…\``)
      .join(', ')}`,
    span: spanOf(node),
  })

const unknownCredential = ({ text, node }: TextAt, sections: readonly string[]): Diagnostic =>
  errorOf({
    code: 'manifest.bad-ignore',
    message: `\`${shorten(text)}\` names no credential`,
    help:
      sections.length === 0
        ? 'only users have credentials'
        : `write where it would stand, and the id that plans show: ${sections.map((section) => `\`${section}/…\``).join(', ')}`,
    span: spanOf(node),
  })

const isDeclared = ({ text, node }: TextAt, name: string, declared: Located): Diagnostic =>
  errorOf({
    code: 'manifest.bad-ignore',
    message: `\`${shorten(text)}\` is to be ignored, and \`${name}\` is declared: whatever it doesn't have goes`,
    help: `remove one of the two, or add it to \`${name}\``,
    span: spanOf(node),
    related: [{ message: 'declared here', span: spanOf(declared) }],
  })
