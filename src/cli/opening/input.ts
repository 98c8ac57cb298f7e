import { readdirSync, statSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { DiagnosticError, errorOf, type SourceTexts } from '../../diagnostics/index.ts'
import type { InputName } from '../../intake/inputs.ts'
import type { GivenExport, Intake } from '../../intake/intake.ts'
import { noting } from '../../intake/not-held.ts'
import { type PolicyFile, withResourcePolicies } from '../../intake/resource-policies.ts'
import { type ControlFile, withServiceControls } from '../../intake/service-controls.ts'
import { readCommittedFile } from '../../source/git/committed-file.ts'
import { hiddenLink } from '../../source/named-file.ts'
import type { InputOptions } from '../arguments/state-words.ts'
import { FailedWith } from '../command.ts'
import { fileBytes, unreadReason } from './file-bytes.ts'

/** A plan of 20,000 resources has a third of it. */
const MOST_BYTES = 300 * 1024 * 1024
/** A resource policy has 20 KB at most; a file may hold those of an account. */
const MOST_POLICY_BYTES = 64 * 1024 * 1024

/** Bytes of inputs that are read for several states: of each file once. */
export class InputBytes {
  readonly #read = new Map<string, Promise<Uint8Array>>()

  /** @throws DiagnosticError `cli.input-file` */
  of(input: InputName): Promise<Uint8Array> {
    const key = `${input.kind.word}:${input.file}`
    const bytes = this.#read.get(key) ?? bytesOf(input)
    this.#read.set(key, bytes)
    return bytes
  }
}

/**
 * Reads what others wrote.
 * @param texts takes the texts of its documents
 * @param files where several states are of one file, for all of them; they are kept as long as it is
 * @throws DiagnosticError `cli.input-file` when a file can't be read; FailedWith an `intake.…` when it is no such input
 */
export async function openInput(
  { kind, file, side }: InputName,
  options: InputOptions,
  texts: SourceTexts,
  files: InputBytes = new InputBytes(),
): Promise<Intake> {
  // What a folder says of resources and control policies is of the account, and a plan changes it.
  const on =
    kind.on === 'change' && options.on !== null ? await openExport(options.on, options, texts, files) : null
  const { account, parameters: parametersFile, credentialReport } = options
  const [resourcePolicies, scps] = on === null ? [options.resourcePolicies, options.scps] : [null, null]
  const bytes = await files.of({ kind, file, side })
  const read = await kind.load()
  const parameters =
    parametersFile === null || !kind.hasParameters ? null : await parametersOf(parametersFile)
  try {
    const given = { ...(parameters === null ? {} : { parameters }), ...(on === null ? {} : { on }) }
    const intake = read({ file, bytes, side, account, texts, ...given })
    const bound = scps === null ? intake : withServiceControls(intake, controlsIn(scps), texts)
    const whole =
      resourcePolicies === null ? bound : withResourcePolicies(bound, policiesIn(resourcePolicies), texts)
    const told =
      credentialReport === null || kind.on !== 'account' ? whole : await withReport(whole, credentialReport)
    return told === intake ? intake : noting(file, told)
  } catch (error) {
    throw new FailedWith(error, texts)
  }
}

async function openExport(
  input: InputName,
  options: InputOptions,
  texts: SourceTexts,
  files: InputBytes,
): Promise<GivenExport> {
  const [bytes, intake] = [await files.of(input), await openInput(input, options, texts, files)]
  return { file: input.file, bytes, intake }
}

async function bytesOf({ kind, file }: InputName): Promise<Uint8Array> {
  const committed = kind.isInCommits ? /^git:([^:]+):(.+)$/s.exec(file) : null
  if (committed !== null) return readCommittedFile('.', committed[1] ?? '', committed[2] ?? '')
  const link = hiddenLink(file)
  if (link !== null) throw new DiagnosticError(link)
  return readable(`${kind.word}:${file}`, () => fileBytes(file, MOST_BYTES), sideHelp(kind, file))
}

async function parametersOf(file: string): Promise<ReadonlyMap<string, string>> {
  const link = hiddenLink(file)
  if (link !== null) throw new DiagnosticError(link)
  const { parametersIn } = await import('../../intake/cfn/parameters-file.ts')
  return parametersIn(
    file,
    readable(`--parameters ${file}`, () => fileBytes(file, MOST_POLICY_BYTES)),
  )
}

async function withReport(intake: Intake, file: string): Promise<Intake> {
  const link = hiddenLink(file)
  if (link !== null) throw new DiagnosticError(link)
  const { withCredentialReport } = await import('../../intake/gaad/credential-report.ts')
  const bytes = readable(`--credential-report ${file}`, () => fileBytes(file, MOST_POLICY_BYTES))
  return withCredentialReport(intake, file, bytes)
}

function controlsIn(path: string): readonly ControlFile[] {
  const naming = `--scps ${path}`
  const isFolder = readable(naming, () => statSync(path).isDirectory())
  const files = isFolder ? jsonFilesIn(path, naming) : [path]
  return files.map((file) => ({
    file,
    level: isFolder ? dirname(file) : file,
    bytes: readable(file, () => fileBytes(file, MOST_POLICY_BYTES)),
  }))
}

function policiesIn(folder: string): readonly PolicyFile[] {
  return jsonFilesIn(folder, `--resource-policies ${folder}`).map((file) => ({
    file,
    name: relative(folder, file).split(sep).join('/').slice(0, -'.json'.length),
    bytes: readable(file, () => fileBytes(file, MOST_POLICY_BYTES)),
  }))
}

/** Those of a folder and of folders below it; what is a link isn't followed. */
function jsonFilesIn(folder: string, naming: string): readonly string[] {
  const files = readable(naming, () => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  if (files.length === 0) throw unreadable(naming, 'there is no `.json` file in it')
  return files
}

/** For what was taken for one side of an input, and is part of the file's name. */
function sideHelp({ word, sides }: InputName['kind'], file: string): string | undefined {
  if (!/#\w+$/.test(file)) return undefined
  const named = [`${word}:FILE`, ...sides.map((side) => `${word}:FILE#${side}`)]
  return `write ${named.map((each) => `\`${each}\``).join(' or ')}`
}

function readable<T>(naming: string, read: () => T, help?: string): T {
  try {
    return read()
  } catch (error) {
    throw unreadable(naming, unreadReason(error), help)
  }
}

const unreadable = (
  naming: string,
  why: string,
  help = 'name a file, or of policies a folder; paths are relative to the current folder',
): DiagnosticError =>
  new DiagnosticError(
    errorOf({
      code: 'cli.input-file',
      message: `\`${naming}\` can't be read: ${why}`,
      help,
    }),
  )
