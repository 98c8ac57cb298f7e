import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CommandSpec } from '../../src/cli/arguments/command-spec.ts'
import { COMMANDS } from '../../src/cli/arguments/command-table.ts'
import { parseArguments } from '../../src/cli/arguments/parse-arguments.ts'
import { DiagnosticError } from '../../src/diagnostics/index.ts'
import { ENTITIES, ENTITY_KINDS } from '../../src/model/index.ts'
import { BIN } from '../built.ts'
import { commitAll, temporaryFolder, writeFiles } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { TWO_ACCOUNTS } from './projects.ts'
import { iamSync, jsonOf } from './run.ts'

const WHO_IS_TRUSTED =
  'write an account id, an organization id (`o-…`), the ARN of a user, role, session or provider, the host of a provider, or a service (`lambda.amazonaws.com`)'

describe('help', () => {
  test('lists every command, and each command has its own with examples', async () => {
    const root = await iamSync(['--help'])
    expect(root.code).toBe(0)
    for (const { name, flags } of COMMANDS) {
      expect(root.out).toContain(`  ${name}`)
      const help = await runHere(...name.split(' '), '--help')
      expect([name, help.code, help.err]).toEqual([name, 0, ''])
      expect(help.out).toContain('Examples:\n  $ ')
      for (const flag of flags) expect(help.out).toContain(flag.flags)
    }
  })

  test('says how each kind of principal is named, where it asks for one', () => {
    const asked = COMMANDS.flatMap(({ flags }) => flags.filter((flag) => flag.flags.endsWith('<principal>')))
    expect(asked.map((flag) => flag.flags).toSorted()).toEqual([
      '--from <principal>',
      '--principal <principal>',
    ])
    const kinds = ENTITY_KINDS.filter((kind) => ENTITIES[kind].identity === 'principal')
    expect(kinds).not.toEqual([])
    for (const { description } of asked)
      for (const kind of kinds) expect(description).toContain(` ${kind}/NAME,`)
  })

  test('does not depend on the width of a terminal when piped', async () => {
    const narrow = await iamSync(['plan', '--help'], { env: { COLUMNS: '40' } })
    const wide = await iamSync(['plan', '--help'], { env: { COLUMNS: '200' } })
    expect(narrow.out).toBe(wide.out)
  })

  test('`help COMMAND` is `COMMAND --help`', async () => {
    expect(await runHere('help', 'apply')).toEqual(await runHere('apply', '--help'))
  })

  test('--version has the dates of the catalogue', async () => {
    const { out, code } = await iamSync(['--version'])
    expect(code).toBe(0)
    expect(out).toMatch(
      /^iam-sync \d+\.\d+\.\d+ \(AWS managed policies of \d{4}-\d\d-\d\d, actions of \d{4}-\d\d-\d\d\)\n$/,
    )
  })

  test('of a family of commands lists them', async () => {
    const { code, out } = await runHere('access', '--help')
    expect(code).toBe(0)
    expect(out).toContain('  access diff         who gains')
    expect(await runHere('help', 'access', 'diff')).toEqual(await runHere('access', 'diff', '--help'))
  })

  test('no command at all is a usage error that shows the help', async () => {
    const { code, out, err } = await iamSync([])
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain('Usage: iam-sync')
  })
})

describe('usage errors', () => {
  const cases: readonly (readonly [args: readonly string[], code: string, help: string])[] = [
    [['pln'], 'cli.unknown-command', 'did you mean `plan`?'],
    [['frobnicate'], 'cli.unknown-command', '`iam-sync --help` lists the commands'],
    [['--hlp'], 'cli.unknown-flag', 'did you mean `--help`?'],
    [['plan', '--acount', 'x'], 'cli.unknown-flag', 'did you mean `--account`?'],
    [['plan', '--account'], 'cli.missing-value', '`iam-sync plan --help` shows an example'],
    [
      ['access', 'check', '--no-new-escalation', '--as-of', 'observed'],
      'cli.missing-value',
      '`iam-sync access check --help` shows an example',
    ],
    [['plan', '--account', '--dir=x'], 'cli.missing-value', '`iam-sync plan --help` shows an example'],
    [['plan', '--account='], 'cli.empty-value', 'leave the flag out, or give it a value'],
    [
      ['plan', 'a', 'b'],
      'cli.too-many-arguments',
      '`iam-sync plan --help` says what it takes; put what has spaces in quotes',
    ],
    [['validate', 'a', '--dir', 'b'], 'cli.two-folders', 'name one of them'],
    [
      ['access', 'check', '--no-new-access', 'main', '--no-new-access', 'release'],
      'cli.two-values',
      'leave one of them out; what is asked of both is asked twice',
    ],
    [
      ['evaluate', '--as-of', 'yesterday'],
      'cli.invalid-value',
      'write `plan`, `target`, `git:REF`, `gaad:FILE`, `tfplan:FILE[#before]`, `cfn:FILE`',
    ],
    [['completion', 'zhs'], 'cli.unknown-shell', 'did you mean `zsh`?'],
    [['completion'], 'cli.unknown-shell', 'write `bash`, `zsh` or `fish`'],
    [
      ['access'],
      'cli.unknown-command',
      'write `iam-sync access diff`, `iam-sync access escalations` or `iam-sync access check`',
    ],
    [['access', 'dif'], 'cli.unknown-command', 'did you mean `diff`?'],
    [['access', 'diff', 'desired'], 'cli.missing-argument', '`iam-sync access diff --help` shows an example'],
    [
      ['access', 'diff', 'HEAD'],
      'cli.missing-argument',
      'write what was and what is: `iam-sync access diff git:HEAD desired`',
    ],
    [
      ['access', 'diff', 'terraform.tfstate'],
      'cli.missing-argument',
      'a state of Terraform says only what is: write a plan with `terraform plan -out=tfplan && terraform show -json tfplan > plan.json`, and compare with `iam-sync access diff tfplan:plan.json`',
    ],
    [
      ['access', 'diff', 'out/tfplan', 'desired'],
      'cli.policy-file',
      'write it as JSON with `terraform show -json out/tfplan > plan.json`, and compare with `iam-sync access diff tfplan:plan.json`',
    ],
    [
      ['access', 'diff', 'HEAD', 'desired'],
      'cli.policy-file',
      'for a commit, branch or tag write `git:HEAD`',
    ],
    [
      ['access', 'diff', 'origin/main', 'desired'],
      'cli.policy-file',
      'for a commit, branch or tag write `git:origin/main`',
    ],
    [
      ['access', 'diff', 'git:HEAD', 'v1.2.0'],
      'cli.policy-file',
      'for a commit, branch or tag write `git:v1.2.0`',
    ],
    [['access', 'diff', 'git:HEAD', 'desird'], 'cli.policy-file', 'did you mean `desired`?'],
    [
      ['access', 'diff', 'desired', 'b.json'],
      'cli.mixed-comparison',
      'compare two states (`desired`, `observed`, `git:REF`, `gaad:FILE`, `tfplan:FILE`, `cfn:FILE`) or two files, of which one may be `empty`',
    ],
    [
      ['access', 'diff', 'a.json', 'b.json'],
      'cli.policy-file',
      'name a policy document, JSON or YAML; paths are relative to the current folder',
    ],
    [
      ['access', 'check'],
      'cli.missing-flag',
      'add one or more of `--no-new-access REF`, `--no-new-escalation REF`, `--not-granted ACTION`, `--no-public-access` and `--no-outside-access`',
    ],
    [
      ['who-can', 'GetObject', '*', '--dir', '/nowhere'],
      'evaluate.invalid-request',
      'write one action: `s3:GetObject`',
    ],
    [
      ['who-can', 's3:GetObject', 'arn:aws:s3::b/x', '--allow-unknown-actions', '--dir', '/nowhere'],
      'evaluate.invalid-request',
      'write an ARN (`arn:aws:s3:::bucket/key`: the segments of region and account may be empty, and stay), or `*`',
    ],
    [['access', 'check', '--resource', '*'], 'cli.missing-flag', 'add `--not-granted ACTION`'],
    [
      ['access', 'check', '--no-public-access', '--trust', '444455556666'],
      'cli.missing-flag',
      'add `--no-outside-access`',
    ],
    [
      ['access', 'check', '--no-public-access', '--untrusted-services'],
      'cli.missing-flag',
      'add `--no-outside-access`',
    ],
    [['access', 'check', '--no-outside-access', '--trust', 'partner'], 'cli.invalid-value', WHO_IS_TRUSTED],
    [
      ['access', 'check', '--no-outside-access', '--trust', 'arn:aws:iam::444455556666:rol/x'],
      'cli.invalid-value',
      WHO_IS_TRUSTED,
    ],
    [
      ['access', 'check', '--no-outside-access', '--trust', 'arn:aws:iam::444455556666:role/*'],
      'cli.invalid-value',
      WHO_IS_TRUSTED,
    ],
    [
      ['access', 'check', '--no-outside-access', '--trust', 'arn:aws:sts::444455556666:assumed-role/x'],
      'cli.invalid-value',
      WHO_IS_TRUSTED,
    ],
    [
      ['access', 'check', '--not-granted', 's3:Get*,iam'],
      'cli.invalid-value',
      'write `iam:PassRole`, `s3:Delete*` or `*`',
    ],
    [
      ['access', 'check', '--not-granted', '*', '--resource', 'bucket'],
      'cli.invalid-value',
      'write an ARN, with `*` and `?`: `arn:aws:s3:::data/*`; or `*`, any resource',
    ],
    [
      ['access', 'diff', 'git:HEAD', 'desired', 'iam'],
      'cli.too-many-arguments',
      'the IAM folder is named with `--dir`; `iam-sync access diff --help` says what it takes; put what has spaces in quotes',
    ],
    [
      ['drift', '--whatever'],
      'cli.not-supported-yet',
      'it is planned; `iam-sync plan --exit-code` shows what somebody changed by hand, and ends with 2 where that is managed here',
    ],
    [
      ['import'],
      'cli.not-supported-yet',
      'it is planned; `iam-sync adopt` writes into the YAML what declared entities hold beside it, and `--as-of gaad:FILE` asks an account that nobody has declared',
    ],
    [
      ['lint'],
      'cli.not-supported-yet',
      'it is planned; `iam-sync validate` checks names and policies, and `iam-sync access check` proves what nobody may',
    ],
  ]

  test.each(cases)('iam-sync %j: %s', async (args, code, help) => {
    const text = await runHere(...args)
    expect([text.code, text.out]).toEqual([1, ''])
    expect(text.err).toContain(`error[${code}]: `)
    expect(text.err).toContain(`  help: ${help}\n`)
    const json = await runHere(...args, '--json')
    expect([json.code, json.err.split('\n')]).toEqual([1, [expect.stringMatching(/^exit 1: /), '']])
    expect(jsonOf(json)).toMatchObject({
      formatVersion: '1.0',
      diagnostics: [{ severity: 'error', code, help, file: null }],
    })
  })

  test('a JSON document of a command that failed early has that command’s keys', async () => {
    for (const { name, emptyBody } of COMMANDS) {
      const ran = await runHere(...name.split(' '), '--no-such-flag', '--json')
      expect(Object.keys(jsonOf(ran))).toEqual(['formatVersion', ...Object.keys(emptyBody), 'diagnostics'])
    }
  })

  test('a flag that takes one value is never silently the last of two', () => {
    const refusals = (spec: CommandSpec, ...values: readonly string[]) => {
      try {
        parseArguments(spec, [...(spec.positional === 'request' ? ['s3:GetObject'] : []), 'x', ...values])
        return []
      } catch (error) {
        return error instanceof DiagnosticError ? error.diagnostics.map(({ code }) => code) : [error]
      }
    }
    let asked = 0
    for (const spec of COMMANDS)
      for (const { flags: form, repeatable, values = ['1', '2'] } of spec.flags) {
        const [flag, value] = form.split(' ')
        const [first, second] = values
        if (value === undefined || repeatable === true || second === undefined) continue
        asked++
        const said = [spec.name, flag, ...refusals(spec, `${flag}=${first}`, `${flag}=${second}`)]
        expect(said).toEqual([spec.name, flag, 'cli.two-values'])
        expect(refusals(spec, `${flag}=${first}`, `${flag}=${first}`)).not.toContain('cli.two-values')
      }
    expect(asked).toBeGreaterThan(100)
  })

  test('a flag may stand before the command', async () => {
    expect(jsonOf(await runHere('--json', 'pln')).diagnostics[0].code).toBe('cli.unknown-command')
    for (const words of [
      ['--json', 'access', 'diff'],
      ['access', '--json', 'diff'],
    ])
      expect(jsonOf(await runHere(...words)).diagnostics[0].code).toBe('cli.missing-argument')
  })
})

describe('the IAM folder', () => {
  const needing = COMMANDS.filter(({ name, positional }) => name !== 'init' && positional !== 'shell')
  // What else has to be said, where without it a command would refuse something else first.
  const WORDS: Readonly<Record<string, readonly string[]>> = {
    request: ['s3:GetObject', '*'],
    comparison: ['git:HEAD', 'desired'],
    entities: ['role/deploy'],
    file: ['backup.db'],
    person: ['alice'],
  }
  test.each(needing.map(({ name, positional }) => [name, positional] as const))(
    '%s takes it after its words, or as --dir',
    async (name, positional) => {
      const words = [...name.split(' '), ...(WORDS[positional] ?? [])]
      const isWord = positional === 'folder'
      const folder = join(temporaryFolder(), 'nowhere')
      // Some miss a flag or a terminal before they look for the folder.
      for (const args of [[...words, '--dir', folder], ...(isWord ? [[...words, folder]] : [])])
        expect((await runHere(...args)).err).not.toMatch(/cli\.(?:too-many-arguments|unknown-flag)/)
    },
  )
})

describe('completion', () => {
  const has = (shell: string) => spawnSync(shell, ['-c', 'exit 0']).status === 0

  test.each(['bash', 'zsh', 'fish'])('for %s knows every command and flag', async (shell) => {
    const { out, code } = await runHere('completion', shell)
    expect(code).toBe(0)
    for (const { name, flags } of COMMANDS) {
      for (const word of name.split(' ')) expect(out).toContain(word)
      for (const flag of flags)
        expect(out).toContain(flag.flags.split(' ')[0]?.replace(shell === 'fish' ? /^--/ : /^/, ''))
    }
  })

  test.skipIf(!has('bash'))('in bash completes a command, its flags and their values', async () => {
    const { out } = await runHere('completion', 'bash')
    const complete = (words: readonly string[]) => {
      const script = `${out}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _iam_sync; echo "\${COMPREPLY[@]}"`
      return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim()
    }
    expect(complete(['iam-sync', 'va'])).toBe('validate')
    expect(complete(['iam-sync', 'apply', '--l'])).toBe('--lock-timeout')
    expect(complete(['iam-sync', 'evaluate', '--as-of', 'ta'])).toBe('target')
    expect(complete(['iam-sync', 'evaluate', '--as-of', 'ga'])).toBe('gaad:')
    const file = join(temporaryFolder({ 'account.json': '' }), 'account.json')
    for (const before of [
      ['evaluate', '--as-of'],
      ['access', 'diff'],
    ])
      expect(complete(['iam-sync', ...before, 'gaad', ':', file.slice(0, -4)])).toBe(file)
    expect(complete(['iam-sync', 'completion', 'f'])).toBe('fish')
    expect(complete(['iam-sync', 'access', 'ch'])).toBe('check')
    expect(complete(['iam-sync', 'access', 'check', '--no-n'])).toBe('--no-new-access --no-new-escalation')
    expect(complete(['iam-sync', 'access', 'diff', 'des'])).toBe('desired')
  })

  /** What a person types, and what the shell makes of it. */
  const TYPED: readonly (readonly [typed: string, completed: string])[] = [
    ['va', 'validate'],
    ['apply --l', 'apply --lock-timeout'],
    ['evaluate --as-of ta', 'evaluate --as-of target'],
    ['completion f', 'completion fish'],
    ['access ch', 'access check'],
    ['access check --not', 'access check --not-granted'],
    ['access check --no-new-access H', 'access check --no-new-access HEAD'],
    ['access diff des', 'access diff desired'],
    ['access escalations --fr', 'access escalations --from'],
    ['who-can --mf', 'who-can --mfa'],
    ['plan --account se', 'plan --account second'],
    ['evaluate --principal user/al', 'evaluate --principal user/alice'],
  ]

  /** A folder with a project, and what calls the built command by its name. */
  async function projectAndShell(shell: string) {
    const folder = temporaryFolder({
      'iam-sync.yaml': TWO_ACCOUNTS,
      'people.yaml': 'users: { alice: {} }\n',
      'bin/iam-sync': `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`,
      script: (await runHere('completion', shell)).out,
    })
    chmodSync(join(folder, 'bin/iam-sync'), 0o755)
    await commitAll(folder, 'first')
    return {
      cwd: folder,
      env: {
        ...process.env,
        PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
        HOME: folder,
        TERM: 'xterm',
        COMPLETION: join(folder, 'script'),
        ASKED: TYPED.map(([typed]) => `iam-sync ${typed}`).join('\n'),
      },
      encoding: 'utf8' as const,
      timeout: 60_000,
    }
  }

  test.skipIf(!has('zsh'))('in zsh completes commands, flags, values and names', async () => {
    const asker = new URL('complete-in-zsh.zsh', import.meta.url).pathname
    const { stdout } = spawnSync('zsh', ['-f', asker], await projectAndShell('zsh'))
    const completed = [...stdout.matchAll(/<<iam-sync (.*?) *>>/g)].map(([, line]) => line)
    expect(completed).toEqual(TYPED.map(([, line]) => line))
  })

  test.skipIf(!has('fish'))('in fish completes commands, flags, values and names', async () => {
    const asked = 'source $COMPLETION; for line in (string split \\n $ASKED); complete -C $line; echo; end'
    const { stdout } = spawnSync('fish', ['--no-config', '-c', asked], await projectAndShell('fish'))
    const words = stdout.split('\n\n').map((found) => found.trim().split('\t')[0])
    expect(words.slice(0, TYPED.length)).toEqual(TYPED.map(([, line]) => line.split(' ').at(-1)))
  })

  test('the names of a project are accounts, principals, refs and states', async () => {
    const folder = temporaryFolder({
      'iam-sync.yaml': TWO_ACCOUNTS,
      'people.yaml': 'users: { alice: { path: /eng/ }, bob: {} }\n',
    })
    const list = async (what: string) =>
      (await runHere('completion', '--list', what, '--dir', folder)).out.split('\n').slice(0, -1)
    expect(await list('accounts')).toEqual(['first', 'second', 'third'])
    expect(await list('principals')).toEqual(['root', 'user/alice', 'user/bob'])
    expect(await list('refs')).toEqual([])
    await commitAll(folder, 'first')
    writeFiles(folder, { '.git/packed-refs': `${'a'.repeat(40)} refs/tags/v1.2.0\n^${'b'.repeat(40)}\n` })
    expect(await list('refs')).toEqual(['HEAD', 'main', 'v1.2.0'])
    expect(await list('states')).toEqual([
      'desired',
      'observed',
      'empty',
      'git:HEAD',
      'git:main',
      'git:v1.2.0',
      'gaad:',
      'tfplan:',
      'cfn:',
    ])
    writeFiles(folder, { 'people.yaml': 'users: [\n' })
    expect(await runHere('completion', '--list', 'principals', '--dir', folder)).toEqual({
      code: 0,
      out: '',
      err: '',
    })
  })

  test.skipIf(!has('bash'))('in bash completes the names of the project that is meant', async () => {
    const folder = temporaryFolder({
      'iam-sync.yaml': TWO_ACCOUNTS,
      'people.yaml': 'users: { alice: {}, al: {} }\n',
    })
    await commitAll(folder, 'first')
    const { out } = await runHere('completion', 'bash')
    const complete = (cwd: string, ...words: readonly string[]) => {
      const script = `iam-sync() { "${process.execPath}" "${BIN}" "$@"; }
${out}
COMP_WORDS=(iam-sync ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _iam_sync; echo "\${COMPREPLY[@]}"`
      return spawnSync('bash', ['-c', script], { encoding: 'utf8', cwd }).stdout.trim()
    }
    expect(complete(folder, 'plan', '--account', 'se')).toBe('second')
    expect(complete('/', 'evaluate', folder, '--principal', 'user/a')).toBe('user/al user/alice')
    expect(complete(folder, 'access', 'diff', 'git', ':', 'm')).toBe('main')
    expect(complete(folder, 'access', 'check', '--no-new-access', 'H')).toBe('HEAD')
  })
})

describe('manners', () => {
  test('a reader that goes away early ends the output quietly', () => {
    const { stderr, stdout } = spawnSync(
      'sh',
      ['-c', '"$0" "$1" completion bash | head -n 1', process.execPath, BIN],
      { encoding: 'utf8' },
    )
    expect([stdout, stderr]).toEqual(['# iam-sync completion for bash\n', ''])
  })
})
