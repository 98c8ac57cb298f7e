import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { planJson } from '../intake/tfplan/plan-json.ts'
import { roleOf } from '../intake/tfplan/read-plan.ts'
import { temporaryFolder } from '../source/folders.ts'
import { runIn } from './in-process.ts'

const work = temporaryFolder()
const write = (file: string, value: unknown) => writeFileSync(join(work, file), JSON.stringify(value))
write('plan.json', planJson([roleOf('deploy'), { type: 'aws_vpc', name: 'v', after: {} }]))
write('account.json', { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] })
write('site.json', { Resources: {} })

const helped = (args: readonly string[]) => runIn(work, ...args)
const asOf = (word: string, ...flags: readonly string[]) =>
  helped(['who-can', 's3:GetObject', '*', '--as-of', word, ...flags])

describe('what was named as another kind of input', () => {
  it.each([
    ['tfplan:site.json', 'cfn:site.json'],
    ['tfplan:account.json', 'gaad:account.json'],
    ['gaad:plan.json', 'tfplan:plan.json'],
    ['gaad:site.json', 'cfn:site.json'],
    ['cfn:plan.json', 'tfplan:plan.json'],
    ['cfn:account.json', 'gaad:account.json'],
  ])('%s is told to be %s', async (given, meant) => {
    const { code, err } = await asOf(given)
    expect(code).toBe(1)
    expect(err).toContain(`that is named \`${meant}\``)
  })
})

describe('a help says what would do', () => {
  it.each([
    [
      'a side that there is not',
      ['who-can', 's3:GetObject', '*', '--as-of', 'tfplan:plan.json#after'],
      'write `tfplan:FILE` or `tfplan:FILE#before`',
    ],
    [
      'one that has no sides',
      ['who-can', 's3:GetObject', '*', '--as-of', 'gaad:account.json#before'],
      'write `gaad:FILE`',
    ],
    [
      'one state alone',
      ['access', 'diff', 'gaad:account.json'],
      '`iam-sync access diff gaad:OLD gaad:account.json`',
    ],
    [
      'a plan without its kind',
      ['access', 'diff', 'plan.json'],
      'a plan of Terraform is named `tfplan:FILE`',
    ],
  ])('for %s', async (_, args, help) => {
    const { code, err } = await helped(args)
    expect(code).toBe(1)
    expect(err).toContain(help)
  })
})

it('parameters of what has none are refused', async () => {
  write('parameters.json', {})
  const { code, err } = await asOf('tfplan:plan.json', '--parameters', 'parameters.json')
  expect(code).toBe(1)
  expect(err).toContain('error[cli.missing-flag]: `--parameters` is about a template of CloudFormation')
  expect((await asOf('cfn:site.json', '--parameters', 'parameters.json')).err).not.toContain('error[')
})

it('a comparison says of which side it is what was not looked at', async () => {
  const { err } = await helped(['access', 'diff', 'tfplan:plan.json'])
  expect(err).toContain(
    'info[intake.passed-over]: before the plan, 1 resource says nothing of access: not looked at',
  )
  expect(err).toContain('info[intake.passed-over]: 1 resource says nothing of access: not looked at')
})
