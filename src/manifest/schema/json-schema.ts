import { z } from 'zod'
import type { ManifestKinds } from '../manifest-kind.ts'
import { documentOrFile } from './document-schema.ts'
import { manifestSchema } from './manifest-schema.ts'
import { projectSchemas } from './project-schema.ts'

export interface JsonSchemas {
  /** Of `iam-sync.yaml`. */
  readonly project: Readonly<Record<string, unknown>>
  readonly manifest: Readonly<Record<string, unknown>>
}

/** JSON Schemas (draft 2020-12) of the two kinds of file, made from what loading checks them with. */
export function jsonSchemas(kinds: ManifestKinds): JsonSchemas {
  return {
    project: jsonSchema(projectSchemas(kinds).project, 'iam-sync project file'),
    manifest: withVariables(withDocuments(jsonSchema(manifestSchema(kinds), 'iam-sync manifest'))),
  }
}

type Json = Record<string, unknown>

function jsonSchema(schema: z.ZodType, title: string): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    // What a custom check tests can't be said in JSON Schema; it is checked when the file is loaded.
    unrepresentable: 'any',
    io: 'input',
  }) as Json
  return { $schema, title, ...rest }
}

/** Loading takes a document as any object and leaves it to `src/policy`; editors get its grammar instead. */
function withDocuments(schema: Json): Json {
  const {
    $schema: _,
    $defs,
    ...document
  } = z.toJSONSchema(documentOrFile, {
    target: 'draft-2020-12',
    io: 'input',
  }) as Json
  return {
    ...schema,
    $defs: { ...(schema.$defs as Json), document, ...($defs as Json) },
  }
}

/** Editors see texts before `{{ variables }}` are substituted, so a text with one in it fits every pattern. */
const withVariables = (schema: Json): Json =>
  JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === 'pattern' && typeof value === 'string' ? `(?:${value})|\\{\\{` : value,
  ) as Json
