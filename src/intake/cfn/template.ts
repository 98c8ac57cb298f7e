import {
  DiagnosticError,
  entryOf,
  errorOf,
  type Located,
  type LocatedMap,
  plainOf,
  type Span,
} from '../../diagnostics/index.ts'
import { namedOtherwise } from '../other-input.ts'
import { Loops } from './loops.ts'
import { ParameterValues } from './parameters.ts'

/** A resource as a template has it. */
export interface TemplateResource {
  /** Its logical id. */
  readonly id: string
  /** `AWS::IAM::Role` */
  readonly type: string
  readonly span: Span
  /** null: it has none. */
  readonly properties: Located | null
  /** The name of the condition that it is there on; null: it is there. */
  readonly condition: string | null
}

/** A template of CloudFormation, with nothing of it carried out. */
export interface Template {
  readonly file: string
  readonly parameters: ReadonlyMap<string, LocatedMap>
  readonly mappings: Located | null
  readonly conditions: ReadonlyMap<string, Located>
  readonly resources: ReadonlyMap<string, TemplateResource>
  /** What has another form than a resource: its key, what tells it from others, which is never shown, and where it stands. */
  readonly unread: readonly { readonly id: string; readonly basis: string; readonly span: Span }[]
  /** Macros that the whole template is given to; a name that is no text is the empty text. */
  readonly transforms: readonly { readonly name: string; readonly span: Span }[]
  /** What all functions of a serverless application have. */
  readonly globals: Located | null
}

/** The macro that carries out loops, and some functions. */
export const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions'

/**
 * @param given what parameters are
 * @throws DiagnosticError `intake.not-a-template`
 */
export function templateOf(
  file: string,
  written: Located | undefined,
  given: ReadonlyMap<string, string>,
): Template {
  const root = written === undefined ? undefined : withoutLoops(written, given)
  const resources = entryOf(root, 'Resources')?.value
  if (root?.kind !== 'map' || resources?.kind !== 'map')
    throw new DiagnosticError(
      errorOf({
        code: 'intake.not-a-template',
        message: `\`${file}\` is no template of CloudFormation: it has no \`Resources\``,
        help:
          (root?.kind === 'map' && resources === undefined
            ? namedOtherwise(file, Object.fromEntries(root.entries.map(({ key }) => [key, true])))
            : null) ?? 'name a template, in JSON or YAML; of the CDK what `cdk synth` writes into `cdk.out`',
        ...(root === undefined
          ? {}
          : { span: { file, start: root.start, end: Math.min(root.end, root.start + 1) } }),
      }),
    )
  const unread: Template['unread'][number][] = []
  const found = new Map<string, TemplateResource>()
  for (const { key: id, keySpan: span, value } of resources.entries) {
    const resource = resourceOf(id, span, value)
    if (resource === null) unread.push({ id, basis: JSON.stringify(plainOf(value)), span })
    else found.set(id, resource)
  }
  return {
    file,
    parameters: new Map(mapsIn(root, 'Parameters')),
    mappings: entryOf(root, 'Mappings')?.value ?? null,
    conditions: new Map(entriesIn(root, 'Conditions').map(({ key, value }) => [key, value])),
    resources: found,
    unread,
    transforms: transformsOf(root),
    globals: entryOf(root, 'Globals')?.value ?? null,
  }
}

/** With the template's loops carried out, as far as what they go over is known. */
function withoutLoops(root: Located, given: ReadonlyMap<string, string>): Located {
  if (root.kind !== 'map' || !transformsOf(root).some(({ name }) => name === LANGUAGE_EXTENSIONS)) return root
  return new Loops(new ParameterValues(new Map(mapsIn(root, 'Parameters')), given)).in(root)
}

const transformsOf = (root: Located): Template['transforms'] =>
  ['Transform', 'Fn::Transform'].flatMap((key) => transformsIn(entryOf(root, key)?.value ?? null))

function resourceOf(id: string, span: Span, node: Located): TemplateResource | null {
  const type = entryOf(node, 'Type')?.value
  if (type?.kind !== 'scalar' || typeof type.value !== 'string') return null
  const condition = entryOf(node, 'Condition')?.value
  return {
    id,
    type: type.value,
    span,
    properties: entryOf(node, 'Properties')?.value ?? null,
    condition: condition?.kind === 'scalar' && condition.value !== null ? String(condition.value) : null,
  }
}

const entriesIn = (root: LocatedMap, section: string): LocatedMap['entries'] => {
  const value = entryOf(root, section)?.value
  return value?.kind === 'map' ? value.entries : []
}

const mapsIn = (root: LocatedMap, section: string): readonly (readonly [string, LocatedMap])[] =>
  entriesIn(root, section).flatMap(({ key, value }) => (value.kind === 'map' ? [[key, value] as const] : []))

function transformsIn(node: Located | null): Template['transforms'] {
  if (node === null) return []
  return (node.kind === 'list' ? node.items : [node]).map((each) => {
    const name = each.kind === 'map' ? entryOf(each, 'Name')?.value : each
    return {
      name: name?.kind === 'scalar' && typeof name.value === 'string' ? name.value : '',
      span: { file: each.file, start: each.start, end: each.end },
    }
  })
}
