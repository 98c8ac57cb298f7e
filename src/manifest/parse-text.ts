import { isJsonFile } from './file-paths.ts'
import { parseJson } from './json.ts'
import { type ParsedYaml, parseYaml } from './yaml.ts'

/** A file by what its name says: `.json` is JSON, strictly; anything else YAML, in which JSON is well-formed too. */
export const parseText = (file: string, text: string): ParsedYaml =>
  isJsonFile(file) ? parseJson(file, text) : parseYaml(file, text)
