import type { OneOrMany, PolicyDocument, PolicyStatement } from '../../model/index.ts'
import { isPolicyDocument } from '../../policy/document-form.ts'
import { type Instance, knownTextsAt, lengthAt, readAt, textAt } from './instance.ts'

/** What is known of a document while parts of it aren't. */
interface KnownPart {
  readonly document: PolicyDocument
  /** Whether that is all of it. */
  readonly isWhole: boolean
}

/**
 * The document that `data.aws_iam_policy_document` makes, as far as its statements are known. A statement of which anything isn't
 * known is left out, and so is one that an unknown one may take the place of.
 * @see Terraform Registry, hashicorp/aws, "aws_iam_policy_document": Sids of overriding documents replace earlier ones
 */
export function knownPartOf(instance: Instance): KnownPart {
  const own = ownStatements(instance)
  const sources = documentsAt(instance, 'source_policy_documents', 'source_json')
  const overrides = documentsAt(instance, 'override_policy_documents', 'override_json')
  const merged: PolicyStatement[] = [...sources.statements]
  const put = (statement: PolicyStatement): void => {
    const { Sid: sid } = statement
    const at = sid === undefined || sid === '' ? -1 : merged.findIndex((each) => each.Sid === sid)
    if (at === -1) merged.push(statement)
    else merged[at] = statement
  }
  for (const each of own.statements) put(each)
  for (const each of overrides.statements) put(each)
  const stays = ({ Sid: sid }: PolicyStatement): boolean =>
    sid === undefined ||
    sid === '' ||
    (overrides.isWhole && !own.unknownSids.has(sid) && !own.unknownSids.has(null))
  const version = textAt(instance, 'version')
  const id = textAt(instance, 'policy_id')
  return {
    document: {
      Version: version ?? '2012-10-17',
      ...(id === null ? {} : { Id: id }),
      Statement: merged.filter(stays),
    },
    isWhole: own.unknownSids.size === 0 && own.isWhole && sources.isWhole && overrides.isWhole,
  }
}

interface OwnStatements {
  readonly statements: readonly PolicyStatement[]
  /** Of statements that aren't known; null: not even that is. */
  readonly unknownSids: ReadonlySet<string | null>
  /** Whether it is known how many there are. */
  readonly isWhole: boolean
}

function ownStatements(instance: Instance): OwnStatements {
  const length = lengthAt(instance, 'statement')
  const unknownSids = new Set<string | null>()
  const statements: PolicyStatement[] = []
  for (let index = 0; index < (length ?? 0); index++) {
    const statement = statementAt(instance, index)
    if (statement !== null) statements.push(statement)
    else {
      const isSidKnown = ['known', 'absent'].includes(readAt(instance, 'statement', index, 'sid').is)
      unknownSids.add(isSidKnown ? (textAt(instance, 'statement', index, 'sid') ?? '') : null)
    }
  }
  if (length === null) unknownSids.add(null)
  return { statements, unknownSids, isWhole: length !== null }
}

/** null: something of it isn't known. */
function statementAt(instance: Instance, index: number): PolicyStatement | null {
  const at = (...path: readonly (string | number)[]) => ['statement', index, ...path] as const
  const effect = readAt(instance, ...at('effect'))
  const sid = readAt(instance, ...at('sid'))
  if (isOpen(effect.is) || isOpen(sid.is)) return null
  const elements: Record<string, unknown> = {}
  for (const [attribute, element] of LISTS) {
    const { texts, isWhole } = knownTextsAt(instance, ...at(attribute))
    if (!isWhole) return null
    if (texts.length > 0)
      elements[element] = oneOrMany(element.endsWith('Resource') ? texts.map(withVariables) : texts)
  }
  for (const [attribute, element] of PRINCIPALS) {
    const principals = principalsAt(instance, at(attribute))
    if (principals === null) return null
    if (principals !== 'none') elements[element] = principals
  }
  const condition = conditionAt(instance, at('condition'))
  if (condition === null) return null
  if (Object.keys(condition).length > 0) elements.Condition = condition
  const sidText = textAt(instance, ...at('sid'))
  const made: unknown = {
    ...(sidText === null ? {} : { Sid: sidText }),
    Effect: textAt(instance, ...at('effect')) ?? 'Allow',
    ...elements,
  }
  const document: unknown = { Statement: [made] }
  // Hostile values may have any form.
  return isPolicyDocument(document) ? ([document.Statement].flat()[0] ?? null) : null
}

const LISTS = [
  ['actions', 'Action'],
  ['not_actions', 'NotAction'],
  ['resources', 'Resource'],
  ['not_resources', 'NotResource'],
] as const

const PRINCIPALS = [
  ['principals', 'Principal'],
  ['not_principals', 'NotPrincipal'],
] as const

const isOpen = (is: string): boolean => is === 'unknown' || is === 'hidden'

const oneOrMany = (texts: readonly string[]): OneOrMany<string> =>
  texts.length === 1 && texts[0] !== undefined ? texts[0] : texts

/** Terraform's own variables are written `${…}`, so IAM's are written `&{…}`. */
const withVariables = (text: string): string => text.replaceAll('&{', '${')

type Path = readonly (string | number)[]

function principalsAt(
  instance: Instance,
  path: Path,
): Record<string, OneOrMany<string>> | '*' | 'none' | null {
  const length = lengthAt(instance, ...path)
  if (length === null) return null
  const byType = new Map<string, string[]>()
  for (let index = 0; index < length; index++) {
    const type = textAt(instance, ...path, index, 'type')
    const { texts, isWhole } = knownTextsAt(instance, ...path, index, 'identifiers')
    if (type === null || !isWhole) return null
    byType.set(type, [...(byType.get(type) ?? []), ...texts.map(withVariables)])
  }
  if (byType.size === 0) return 'none'
  if (byType.has('*')) return '*'
  return Object.fromEntries([...byType].map(([type, texts]) => [type, oneOrMany(texts)]))
}

function conditionAt(
  instance: Instance,
  path: Path,
): Record<string, Record<string, readonly string[]>> | null {
  const length = lengthAt(instance, ...path)
  if (length === null) return null
  const block = new Map<string, Map<string, string[]>>()
  for (let index = 0; index < length; index++) {
    const test = textAt(instance, ...path, index, 'test')
    const variable = textAt(instance, ...path, index, 'variable')
    const { texts, isWhole } = knownTextsAt(instance, ...path, index, 'values')
    if (test === null || variable === null || !isWhole) return null
    const keys = block.get(test) ?? new Map<string, string[]>()
    keys.set(variable, [...(keys.get(variable) ?? []), ...texts.map(withVariables)])
    block.set(test, keys)
  }
  return Object.fromEntries([...block].map(([test, keys]) => [test, Object.fromEntries(keys)]))
}

/** Statements of documents that are put together: a list of them, or the older single one. */
function documentsAt(
  instance: Instance,
  list: string,
  single: string,
): { readonly statements: readonly PolicyStatement[]; readonly isWhole: boolean } {
  const { texts, isWhole } = knownTextsAt(instance, list)
  const isSingleOpen = isOpen(readAt(instance, single).is)
  const documents = [...texts, textAt(instance, single) ?? ''].filter((text) => text !== '').map(documentIn)
  return {
    statements: documents.flatMap((document) => (document === null ? [] : [document.Statement].flat())),
    isWhole: isWhole && !isSingleOpen && documents.every((document) => document !== null),
  }
}

function documentIn(text: string): PolicyDocument | null {
  try {
    const json: unknown = JSON.parse(text)
    return isPolicyDocument(json) ? json : null
  } catch {
    return null
  }
}
