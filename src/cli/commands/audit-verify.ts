import { type Diagnostic, DiagnosticError, errorOf, warningOf } from '../../diagnostics/index.ts'
import type { ChainEnd } from '../../iam/audit/chain.ts'
import { type ChainProblem, type ChainVerdict, verifyChain } from '../../iam/audit/verify-chain.ts'
import { localSealerIfAny } from '../../target/local/master-key.ts'
import { type CommandOutcome, type Flags, flagText, type Invocation, NO_TEXTS } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { world } from '../opening/account-target.ts'
import { readingAudit } from '../opening/audit-file.ts'

export async function run(invocation: Invocation): Promise<CommandOutcome> {
  const noted = notedEnd(invocation.flags)
  return readingAudit(invocation, async (reader, { database, shownAs }) => {
    const verdict = verifyChain({
      rows: reader?.rows() ?? [],
      head: reader?.head() ?? null,
      sequenceOf: (hash) => reader?.sequenceOf(hash) ?? null,
      sealer: localSealerIfAny({
        database: database.path,
        shownAs: database.shownAs,
        masterKey: world().masterKey,
      }),
      noted,
    })
    const { records, end, seal, problem } = verdict
    return {
      exitCode: problem === null ? EXIT.ok : EXIT.testFailed,
      result: { type: 'audit verify', verification: { records, end, seal, problem } },
      diagnostics: [
        ...(problem === null ? [] : [problemOf(problem, shownAs)]),
        ...warningsOf(verdict, shownAs),
      ],
      texts: NO_TEXTS,
    }
  })
}

/** @throws DiagnosticError `cli.invalid-value` */
function notedEnd(flags: Flags): ChainEnd | null {
  const text = flagText(flags, 'expect')
  if (text === null) return null
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? []
  if (sequence !== undefined && hash !== undefined) return { sequence: Number(sequence), hash }
  throw new DiagnosticError(
    errorOf({
      code: 'cli.invalid-value',
      message: `\`--expect ${text}\` is no end of an audit log`,
      help: 'write the number of its last record, a colon and its hash, as `iam-sync audit verify` prints them',
    }),
  )
}

const HELP =
  'keep the file as it is, and compare it with a copy: `iam-sync audit export` still shows what can be read'

function problemOf({ kind, sequence }: ChainProblem, log: string): Diagnostic {
  const of = (code: string, message: string, help = HELP) => errorOf({ code, message, help })
  switch (kind) {
    case 'changed':
      return of('audit.changed', `record ${sequence} of \`${log}\` was changed after it was written`)
    case 'removed':
      return of(
        'audit.removed',
        `record ${sequence} of \`${log}\` was removed, or what it says of its place was`,
      )
    case 'inserted':
      return of('audit.inserted', `record ${sequence} of \`${log}\` was put in later`)
    case 'reordered':
      return of('audit.reordered', `record ${sequence} of \`${log}\` stands in a place that isn't its own`)
    case 'cut-off':
      return of(
        'audit.cut-off',
        `\`${log}\` ended later once: record ${sequence} and what came after it are gone`,
      )
    case 'rewritten':
      return of(
        'audit.rewritten',
        `record ${sequence} of \`${log}\` is another one than was sealed, or noted`,
      )
    case 'unsealed':
      return of(
        'audit.unsealed',
        `record ${sequence} of \`${log}\`, or what comes after it, was not written by who has the master key`,
        'if the master key was replaced: the next `iam-sync serve` seals the log anew, and says so in it',
      )
  }
}

function warningsOf({ seal, renewed }: ChainVerdict, log: string): readonly Diagnostic[] {
  return [
    ...(seal === 'unknown'
      ? [
          warningOf({
            code: 'audit.no-master-key',
            message: `without the master key the seal of \`${log}\` can't be opened: its end may be missing`,
            help: 'run it where the master key is: the file beside the database, or `IAM_SYNC_MASTER_KEY`',
          }),
        ]
      : []),
    ...(renewed.length > 0
      ? [
          warningOf({
            code: 'audit.seal-renewed',
            message: `the seal of \`${log}\` was broken when a \`serve\` came to it, and renewed: record ${renewed.join(', ')}`,
            help: 'records before it may be missing, or not be the first ones, unless the master key was replaced then',
          }),
        ]
      : []),
  ]
}
