import { z } from 'zod'
import { type EntityKind, keysOf, type SettingKind } from '../../model/index.ts'
import type { EntityManifests, ManifestKinds } from '../manifest-kind.ts'
import { entityName } from './entity-schema.ts'
import { organization, resource, resourceArn } from './estate-schema.ts'
import { ruled } from './rules.ts'
import { settingsIn } from './setting-schemas.ts'

const contextValue = (rule: 'testContext' | 'invariantContext') =>
  z.union([z.string(), z.number(), z.boolean()], ruled(rule))
const requestContext = (rule: 'testContext' | 'invariantContext') =>
  z.record(z.string(), z.union([contextValue(rule), z.array(contextValue(rule))], ruled(rule)))
const allowUnknown = z.boolean().meta({
  description:
    'Whether it may name an action, service or condition key that nothing is known by. Default: false.',
})
const ACTION = /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9]+)$/

/** An ARN with `*` and `?` anywhere after its first colon, or `*`. */
export const RESOURCE_PATTERN = /^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:.+)$/s
const testResource = z.string().regex(RESOURCE_PATTERN, ruled('testResource'))

export const policyTest = z
  .strictObject({
    name: z.string(ruled('testName')).min(1, ruled('testName')),
    principal: z.string(ruled('testPrincipal')).min(1, ruled('testPrincipal')),
    action: z.union(
      [
        z.string().regex(ACTION, ruled('testAction')),
        z.array(z.string().regex(ACTION, ruled('testAction'))).min(1, ruled('testAction')),
      ],
      ruled('testAction'),
    ),
    resource: z
      .union([testResource, z.array(testResource).min(1, ruled('testResource'))], ruled('testResource'))
      .optional()
      .meta({ description: 'Default: `*`.' }),
    context: requestContext('testContext')
      .optional()
      .meta({ description: 'Condition keys of the request and their values.' }),
    expect: z.enum(['allow', 'deny'], ruled('expect')),
    allowUnknown: allowUnknown.optional(),
  })
  .meta({ description: 'A decision that must hold in the desired state.' })

/** An action with `*` and `?` in its name, or `*`. */
export const ACTION_PATTERN = /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/
const actionPattern = z.string().regex(ACTION_PATTERN, ruled('invariantAction'))
const resourcePattern = z.string().regex(RESOURCE_PATTERN, ruled('invariantResource'))
const principals = z
  .array(z.string(ruled('invariantPrincipal')).min(1, ruled('invariantPrincipal')))
  .min(1, ruled('invariantPrincipals'))

/** The keys that say what must hold; an invariant has one of them. */
export const INVARIANT_RULES = ['onlyPrincipals', 'neverPrincipals', 'expect'] as const

export const invariant = z
  .strictObject({
    name: z.string(ruled('invariantName')).min(1, ruled('invariantName')),
    action: z
      .union(
        [actionPattern, z.array(actionPattern).min(1, ruled('invariantAction'))],
        ruled('invariantAction'),
      )
      .meta({ description: 'Actions, with `*` and `?` in the name; or `*`.' }),
    resource: z
      .union(
        [resourcePattern, z.array(resourcePattern).min(1, ruled('invariantResource'))],
        ruled('invariantResource'),
      )
      .optional()
      .meta({ description: 'ARNs, with `*` and `?`. Default: `*`, any resource.' }),
    context: requestContext('invariantContext')
      .optional()
      .meta({ description: 'Condition keys that are given; all others may have any value, or none.' }),
    onlyPrincipals: principals.optional().meta({ description: 'Nobody but these may.' }),
    neverPrincipals: principals.optional().meta({ description: 'None of these may.' }),
    expect: z.literal('deny', ruled('expectDeny')).optional().meta({ description: 'Nobody at all may.' }),
    allowUnknown: allowUnknown.optional(),
  })
  .meta({
    description: 'What no request may come to, whatever its context.',
    oneOf: INVARIANT_RULES.map((rule) => ({ required: [rule] })),
  })

/**
 * The structure of one manifest. Loading goes through it section by section and entity by entity,
 * so that one bad entity hides no other; the JSON Schema is made of it as a whole.
 */
export const manifestSchema = (kinds: ManifestKinds) =>
  z
    .strictObject({
      ...entitySections(kinds.entities),
      ...settingsIn('manifest', kinds.settings),
      ...OTHER_SECTIONS,
    })
    .meta({ description: 'What an account should hold. Any manifest may hold any kinds.' })

const entitySections = (kinds: EntityManifests) =>
  Object.fromEntries(
    Object.values(kinds).map(({ facts, schema }) => {
      // Who needs no key may stand there as `NAME:`.
      const entity = schema.safeParse({}).success ? schema.nullable() : schema
      return [facts.section, z.record(entityName(facts), entity).nullable().optional()]
    }),
  )

/** What is no kind. */
const OTHER_SECTIONS = {
  organization: organization.nullable().optional(),
  resources: z
    .record(resourceArn, resource.nullable())
    .nullable()
    .optional()
    .meta({ description: 'Resources of other services, by ARN: facts for decisions, never applied.' }),
  tests: z.array(policyTest).nullable().optional(),
  invariants: z.array(invariant).nullable().optional(),
}

type OtherSection = keyof typeof OTHER_SECTIONS

/** What may stand at the top of a manifest: a kind of entity, a setting of the account, or something else. */
type Section =
  | { readonly is: 'entities'; readonly kind: EntityKind }
  | { readonly is: 'setting'; readonly kind: SettingKind }
  | { readonly is: OtherSection }

/** By their keys, in the order in which people are told of them. */
export type Sections = ReadonlyMap<string, Section>

export const sectionsOf = ({ entities, settings }: ManifestKinds): Sections =>
  new Map([
    ...keysOf(entities).map((kind): [string, Section] => [
      entities[kind].facts.section,
      { is: 'entities', kind },
    ]),
    ...keysOf(settings).flatMap((kind): readonly [string, Section][] => {
      const { place } = settings[kind]
      return place.in === 'manifest' ? [[place.key, { is: 'setting', kind }]] : []
    }),
    ...keysOf(OTHER_SECTIONS).map((section): [string, Section] => [section, { is: section }]),
  ])
