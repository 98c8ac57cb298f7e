// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `Fn::Sub` looks like template placeholders
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { Random } from '../evaluator/random-cases.ts'
import { ODD, RICH } from '../intake/cfn/rich-template.ts'
import { mutated, placesIn } from '../intake/tfplan/mutations.ts'
import { times } from '../intake/times.ts'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { iamSync } from './run.ts'

const ACCOUNT = ['--account-id', '111122223333'] as const

const template = (action: string, resource: string) => `Parameters:
  Env: { Type: String, Default: prod }
  Token: { Type: String, NoEcho: true, Default: pl4nted-s3cret }
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: { Service: codebuild.amazonaws.com }
            Action: sts:AssumeRole
      Policies:
        - PolicyName: site
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Sid: Publish
                Effect: Allow
                Action: ${action}
                Resource: ${resource}
`
const SITE = '!Sub "arn:aws:s3:::${Env}-site/*"'

const work = temporaryFolder()
const at = (file: string) => join(work, file)
const write = (file: string, text: string) => writeFileSync(at(file), text)
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: work })

/** What a command prints, with files by their names alone. */
const run = async (...args: readonly string[]) => {
  const { code, out, err } = await runHere(...args)
  return { code, stdout: out.replaceAll(`${work}/`, ''), stderr: err.replaceAll(`${work}/`, '') }
}

beforeAll(() => {
  write('old.yaml', template('s3:PutObject', SITE))
  write('new.yaml', template('[s3:PutObject, s3:DeleteObject]', SITE))
  write('open.yaml', template('s3:PutObject', '!ImportValue site'))
  write('token.yaml', template('s3:PutObject', '!Sub "arn:aws:s3:::${Token}/*"'))
  write('broken.yaml', template('s3:PutObject', '['))
  write(
    'dev.json',
    '[{"ParameterKey":"Env","ParameterValue":"dev"},{"ParameterKey":"Other","ParameterValue":"x"}]',
  )
  write('plain.json', '{"Env":"dev"}')
  write('pipeline.json', '{"Parameters":{"Env":"dev"}}')
})

const diff = (old: string, recent: string, ...more: readonly string[]) =>
  run('access', 'diff', `cfn:${at(old)}`, `cfn:${at(recent)}`, ...ACCOUNT, ...more)

describe('access diff of two templates', () => {
  it('names who gains what, at the line of the template', async () => {
    const { code, stdout } = await diff('old.yaml', 'new.yaml', '--exit-code')
    expect(stdout).toContain('+ role/known-after-apply.Deploy\n    s3  write 1 (DeleteObject)')
    expect(stdout).toContain('from new.yaml:19')
    expect(code).toBe(2)
  })

  it('is empty for two that say the same in another way', async () => {
    write('same.yaml', template('s3:PutObject', '!Join ["", ["arn:aws:s3:::", !Ref Env, "-site/*"]]'))
    expect(await diff('old.yaml', 'same.yaml', '--exit-code')).toMatchObject({ code: 0 })
  })

  it('is unknown where what is not looked at is another one', async () => {
    const nested = (url: string) =>
      `${template('s3:PutObject', SITE)}  Nested:\n    Type: AWS::CloudFormation::Stack\n    Properties: { TemplateURL: ${url} }\n`
    write('nested.yaml', nested('a.yaml'))
    write('other.yaml', nested('b.yaml'))
    expect(await diff('nested.yaml', 'nested.yaml', '--exit-code')).toMatchObject({ code: 0 })
    expect(await diff('nested.yaml', 'other.yaml', '--exit-code')).toMatchObject({ code: 2 })
  })

  it('is unknown where parts are, which passes no gate', async () => {
    const { code, stdout } = await diff('old.yaml', 'open.yaml', '--exit-code')
    expect(stdout).toContain('? role/known-after-apply.Deploy  unknown')
    expect(code).toBe(2)
    const gate = await run(
      'access',
      'check',
      '--no-new-access',
      `cfn:${at('old.yaml')}`,
      '--as-of',
      `cfn:${at('open.yaml')}`,
      ...ACCOUNT,
    )
    expect(gate.code).toBe(4)
  })
})

describe('a question about a template', () => {
  const who = (resource: string, file: string, ...more: readonly string[]) =>
    run('who-can', 's3:PutObject', resource, '--as-of', `cfn:${at(file)}`, ...ACCOUNT, ...more)

  it.each(['dev.json', 'plain.json', 'pipeline.json'])('goes by the parameters of %s', async (file) => {
    const dev = await who('arn:aws:s3:::dev-site/x', 'old.yaml', '--parameters', at(file))
    expect(dev.stdout).toContain('role/known-after-apply.Deploy')
    const prod = await who('arn:aws:s3:::prod-site/x', 'old.yaml', '--parameters', at(file))
    expect(prod.stdout).not.toContain('role/known-after-apply.Deploy')
    if (file === 'dev.json') expect(dev.stderr).toContain('`--parameters` has `Other`')
  })

  it.each(['evaluate', 'who-can', 'access check', 'access escalations'])('is one of %s', async (command) => {
    const words: Readonly<Record<string, readonly string[]>> = {
      evaluate: [
        '--principal',
        'role/known-after-apply.Deploy',
        '--action',
        's3:PutObject',
        '--resource',
        'arn:aws:s3:::prod-site/x',
      ],
      'who-can': ['s3:PutObject', 'arn:aws:s3:::prod-site/x'],
      'access check': ['--no-public-access'],
    }
    const { stderr } = await run(
      ...command.split(' '),
      ...(words[command] ?? []),
      '--as-of',
      `cfn:${at('old.yaml')}`,
      ...ACCOUNT,
    )
    expect(stderr).toContain('`old.yaml` holds what its stack has')
    expect(stderr).not.toContain('error')
  })

  it('never shows what a secret parameter is', async () => {
    for (const file of ['token.yaml', 'broken.yaml', 'old.yaml'])
      for (const format of [[], ['--json']]) {
        const { stdout, stderr } = await who('arn:aws:s3:::*', file, ...format)
        expect(stdout + stderr).not.toContain('pl4nted-s3cret')
      }
  })

  it('is refused with file, line and caret where the template cannot be read', async () => {
    const { code, stderr } = await who('*', 'broken.yaml')
    expect(code).toBe(1)
    expect(stderr).toContain('error[manifest.yaml-unclosed]')
    expect(stderr).toMatch(/--> broken\.yaml:22:\d+/)
    expect(stderr).toContain('^')
  })

  it('takes parameters for a template alone', async () => {
    const { code, stderr } = await run('who-can', '*', '*', '--dir', work, '--parameters', at('dev.json'))
    expect([code, stderr.includes('error[cli.missing-flag]')]).toEqual([1, true])
  })

  it.each([
    [['--region', 'here'], 'cli.invalid-value'],
    [['--parameters', 'nowhere.json'], 'cli.input-file'],
    [['--parameters', at('old.yaml')], 'intake.not-json'],
  ])('is refused with %j', async (flags, expected) => {
    const { code, stderr } = await who('*', 'old.yaml', ...flags)
    expect(code).toBe(1)
    expect(stderr).toContain(`error[${expected}]`)
  })
})

describe('a template of a commit', () => {
  const asOf = (word: string) =>
    iamSync(['who-can', 's3:DeleteObject', 'arn:aws:s3:::prod-site/x', '--as-of', word, ...ACCOUNT], {
      cwd: work,
    })

  it('is read from the repository of the current folder', async () => {
    git('init', '-q', '-b', 'main')
    write('template.yaml', template('s3:DeleteObject', SITE))
    git('add', 'template.yaml')
    git('commit', '-qm', 'one')
    write('template.yaml', template('s3:GetObject', SITE))
    for (const path of ['template.yaml', './template.yaml']) {
      const { code, out } = await asOf(`cfn:git:main:${path}`)
      expect([code, out.includes('by `Publish`')]).toEqual([0, true])
    }
    expect((await asOf('cfn:template.yaml')).out).not.toContain('Publish')
    expect((await asOf('cfn:git:main:other.yaml')).err).toContain('error[git.file-not-in-commit]')
    expect((await asOf('cfn:git:nobranch:template.yaml')).err).toContain('error[git.unknown-ref]')
  })
})

describe('templates in which something stands that should not', () => {
  it('end in a code or are answered, whatever it is', async () => {
    const random = new Random(Number(process.env.PROPERTY_SEED ?? 20_261_126))
    const pick = <T>(list: readonly T[]): T => {
      const each = list[random.below(list.length)]
      if (each === undefined) throw new Error('an empty list')
      return each
    }
    const places = placesIn(JSON.parse(RICH))
    write('rich.json', RICH)
    for (let turn = 0; turn < times(6); turn++) {
      const [place, odd] = [pick(places), pick(ODD)]
      write('odd.json', JSON.stringify(mutated(RICH, place, odd)))
      for (const words of [
        ['access', 'diff', `cfn:${at('rich.json')}`, `cfn:${at('odd.json')}`],
        ['access', 'check', '--no-public-access', '--as-of', `cfn:${at('odd.json')}`],
      ]) {
        const { stdout, stderr, code } = await run(...words, ...ACCOUNT, '--json')
        expect(stdout + stderr, `${place.join('.')} ${JSON.stringify(odd)}`).not.toContain('internal')
        expect([0, 1, 4]).toContain(code)
      }
    }
  })
})

describe('tests and invariants of a project', () => {
  it('are run over a template', async () => {
    write(
      'iam-sync.yaml',
      'version: 1\naccounts:\n  production: { id: "111122223333", manifests: [tests.yaml] }\n',
    )
    write(
      'tests.yaml',
      `tests:
  - { name: publishes, principal: role/deploy, action: "s3:PutObject", resource: "arn:aws:s3:::prod-site/x", expect: allow }
  - { name: deletes, principal: role/deploy, action: "s3:DeleteObject", resource: "arn:aws:s3:::prod-site/x", expect: allow }
`,
    )
    write(
      'named.yaml',
      template('s3:PutObject', SITE).replace('Properties:\n', 'Properties:\n      RoleName: deploy\n'),
    )
    const { code, stdout } = await run(
      'test',
      '--dir',
      work,
      '--as-of',
      `cfn:${at('named.yaml')}`,
      ...ACCOUNT,
    )
    expect(stdout).toMatch(/pass +publishes/)
    expect(stdout).toMatch(/FAIL +deletes/)
    expect(code).toBe(4)
  })
})
