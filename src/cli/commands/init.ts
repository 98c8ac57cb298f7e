import { existsSync, lstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { schemas } from '#generated/schemas'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { PROJECT_FILE } from '../../model/project-file.ts'
import { codeOf } from '../../source/walk/source-problems.ts'
import { type CommandOutcome, type Invocation, NO_TEXTS } from '../command.ts'
import { EXIT } from '../exit-code.ts'

const MANIFEST_FILE = 'access.yaml'

/** A name with a dot: what reads manifests passes it over. It is committed, so that everybody's editor finds it. */
const SCHEMA_FOLDER = '.schema'
const SCHEMAS = ['iam-sync.schema.json', 'manifest.schema.json'] as const

const PROJECT = `# yaml-language-server: $schema=.schema/iam-sync.schema.json
# The accounts of this project, and what iam-sync may delete in them.
version: 1
accounts:
  sandbox:
    id: "111122223333"
    # The embedded IAM: a complete account in one file. The file is made by the first apply.
    target: { kind: local, database: .iam-sync/sandbox.db }
scope:
  # declared: only what an earlier apply declared is deleted when it leaves the YAML.
  # all: everything of the kind that is not in the YAML.
  users: declared
  groups: declared
  roles: declared
  policies: declared
guard:
  maxDeletePercent: 30
  minimumExisting: 10
`

const MANIFEST = `# yaml-language-server: $schema=.schema/manifest.schema.json
# Users, groups, roles and policies. Any file of this folder may hold any of them.
users:
  alice:
    groups: [developers]
    tags: { team: web }

groups:
  developers:
    managedPolicies: [read-data]

policies:
  read-data:
    description: reads the data of the example
    document:
      Version: "2012-10-17"
      Statement:
        - Sid: ReadData
          Effect: Allow
          Action: [s3:GetObject, s3:ListBucket]
          Resource:
            - arn:aws:s3:::example-data
            - arn:aws:s3:::example-data/*

# Decisions that must hold: run by \`iam-sync test\`, by plan and by apply.
tests:
  - name: developers read data
    principal: user/alice
    action: s3:GetObject
    resource: arn:aws:s3:::example-data/report.csv
    expect: allow
  - name: developers don't delete data
    principal: user/alice
    action: s3:DeleteObject
    resource: arn:aws:s3:::example-data/report.csv
    expect: deny
`

export async function run({ folder, streams, isDocument }: Invocation): Promise<CommandOutcome> {
  const taken = [PROJECT_FILE, MANIFEST_FILE].find((file) => existsSync(join(folder, file)))
  if (taken !== undefined)
    throw new DiagnosticError(
      errorOf({
        code: 'init.exists',
        message: `\`${taken}\` is there already`,
        help:
          taken === PROJECT_FILE
            ? 'this is an IAM folder already; `iam-sync plan` shows what it would change'
            : 'name another folder, or move the file out of the way',
      }),
    )
  refuseOdd(folder)
  const created: string[] = []
  const write = (file: string, text: string, flag: 'wx' | 'w') => {
    writeFileSync(join(folder, file), text, { flag })
    created.push(file)
  }
  try {
    mkdirSync(folder, { recursive: true })
    write(PROJECT_FILE, PROJECT, 'wx')
    write(MANIFEST_FILE, MANIFEST, 'wx')
    for (const name of SCHEMAS) {
      const file = `${SCHEMA_FOLDER}/${name}`
      if (existsSync(join(folder, file))) continue
      mkdirSync(join(folder, SCHEMA_FOLDER), { recursive: true })
      write(file, schemas[name], 'wx')
    }
    const ignored = gitignoreWith(join(folder, '.gitignore'), '.iam-sync/')
    if (ignored !== null) write('.gitignore', ignored, 'w')
  } catch (error) {
    const taken = existsSync(folder) && !statSync(folder).isDirectory()
    throw new DiagnosticError(
      errorOf({
        code: 'init.not-writable',
        message: taken
          ? `\`${folder}\` is not a folder`
          : `nothing can be written to \`${folder}\`: ${codeOf(error)}`,
        help: 'name a folder that you may write to',
      }),
    )
  }
  if (!isDocument) {
    const where = folder === '.' ? '' : ` ${folder}`
    streams.err(
      `next: \`iam-sync plan${where}\` shows what this would create, \`iam-sync apply${where}\` creates it\n`,
    )
  }
  return {
    exitCode: EXIT.ok,
    result: { type: 'init', created },
    diagnostics: [],
    texts: NO_TEXTS,
  }
}

/**
 * Before anything is written: through a link, another file than the project's would be.
 * @throws DiagnosticError `init.not-writable`
 */
function refuseOdd(folder: string): void {
  // Whoever writes says that it is no folder.
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return
  const odd = ['.gitignore', SCHEMA_FOLDER, ...SCHEMAS.map((name) => `${SCHEMA_FOLDER}/${name}`)].find(
    (path) => {
      const stats = lstatSync(join(folder, path), { throwIfNoEntry: false })
      return stats !== undefined && (path === SCHEMA_FOLDER ? !stats.isDirectory() : !stats.isFile())
    },
  )
  if (odd === undefined) return
  throw new DiagnosticError(
    errorOf({
      code: 'init.not-writable',
      message: `\`${odd}\` is a link, or no ${odd === SCHEMA_FOLDER ? 'folder' : 'file'}: nothing is written through it`,
      help: 'remove it, or name another folder',
    }),
  )
}

/** @returns the new text of the file, or null when it has the entry already */
function gitignoreWith(file: string, entry: string): string | null {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const bare = entry.replace(/\/$/, '')
  if (text.split(/\r?\n/).some((line) => line.trim().replace(/^\/|\/$/g, '') === bare)) return null
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${entry}\n`
}
