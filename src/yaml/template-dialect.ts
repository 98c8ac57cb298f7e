import type { CollectionTag, ScalarTag } from 'yaml'

/** How YAML is read that is no manifest of ours. */
export interface YamlDialect {
  /** Tags of the dialect, as the `yaml` package takes them: the values stay what they are. */
  readonly tags: readonly (ScalarTag | CollectionTag)[]
  /** What a tagged value is the value of, in a map of one key; null: the tag means nothing. */
  readonly keyOf: (tag: string) => string | null
}

/**
 * Intrinsic functions that have a short form: `!Ref X` is `{ Ref: X }`, `!Sub X` is `{ "Fn::Sub": X }`.
 * @see AWS CloudFormation Template Reference, "Intrinsic functions"
 */
const SHORT_FORMS = new Map(
  [
    'And',
    'Base64',
    'Cidr',
    'Contains',
    'EachMemberEquals',
    'EachMemberIn',
    'Equals',
    'FindInMap',
    'ForEach',
    'GetAtt',
    'GetAZs',
    'GetStackOutput',
    'If',
    'ImportValue',
    'Join',
    'Length',
    'Not',
    'Or',
    'RefAll',
    'Select',
    'Split',
    'Sub',
    'ToJsonString',
    'Transform',
    'ValueOf',
    'ValueOfAll',
  ].map((name) => [`!${name}`, `Fn::${name}`]),
)
  .set('!Ref', 'Ref')
  .set('!Condition', 'Condition')

/** YAML as templates of CloudFormation have it. */
export const TEMPLATES: YamlDialect = {
  tags: [...SHORT_FORMS.keys()].flatMap((tag): readonly (ScalarTag | CollectionTag)[] => [
    { tag, resolve: (text) => text },
    { tag, collection: 'seq' },
    { tag, collection: 'map' },
  ]),
  keyOf: (tag) => SHORT_FORMS.get(tag) ?? null,
}

/**
 * What a plain scalar of a template is: YAML 1.1 has more words for yes and no, and a number is kept as it is written where
 * a number would not be (`012345678901`).
 * @param text as the file has it
 * @see AWS CloudFormation User Guide, "Template format": YAML 1.1
 */
export function templateScalar(value: unknown, text: string): unknown {
  if (typeof value === 'number') return String(value) === text ? value : text
  if (typeof value !== 'string') return value
  if (/^(?:yes|Yes|YES|on|On|ON)$/.test(value)) return true
  return /^(?:no|No|NO|off|Off|OFF)$/.test(value) ? false : value
}
