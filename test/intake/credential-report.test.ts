import { describe, expect, it } from 'vitest'
import { DiagnosticError, SourceTexts } from '../../src/diagnostics/index.ts'
import { withCredentialReport } from '../../src/intake/gaad/credential-report.ts'
import { gaadIn } from './read-back.ts'

const HEADER =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated'
const IAM = 'arn:aws:iam::111122223333'
const ROOT = `<root_account>,${IAM}:root,2020-01-01T00:00:00+00:00,not_supported,no_information,not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A`
const rowOf = (name: string, password: string, mfa: string, first: string, second = 'false,N/A') =>
  `${name},${IAM}:user/${name},2020-01-01T00:00:00+00:00,${password},N/A,N/A,N/A,${mfa},${first},N/A,N/A,N/A,${second},N/A,N/A,N/A,false,N/A,false,N/A`
const ADA = rowOf('ada', 'true', 'false', 'true,2020-01-02T00:00:00+00:00', 'false,2020-01-02T00:00:00+00:00')
const BOB = rowOf('bob', 'false', 'false', 'false,N/A')
const WHOLE = [HEADER, ROOT, ADA, BOB].join('\n')

const exported = (...names: readonly string[]) =>
  JSON.stringify({
    UserDetailList: names.map((name) => ({ Path: '/', UserName: name, Arn: `${IAM}:user/${name}` })),
    GroupDetailList: [],
    RoleDetailList: [],
    Policies: [],
  })

const read = (report: string, export_ = exported('ada', 'bob')) => {
  const { estate, findings } = withCredentialReport(
    gaadIn(export_, new SourceTexts()),
    'report.csv',
    new TextEncoder().encode(report),
  )
  return {
    unseen: [...(estate.unseen ?? [])],
    findings: findings.map(({ code, message }) => [code, message]),
  }
}

const codeOf = (report: string): string | undefined => {
  try {
    read(report)
    return undefined
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0]?.code
    throw error
  }
}

describe('a credential report beside an export', () => {
  it.each([
    ['as CSV', WHOLE],
    ['with a last line end', `${WHOLE}\n`],
    ['with other line ends', WHOLE.replaceAll('\n', '\r\n')],
    [
      'as the AWS CLI prints it',
      JSON.stringify({ Content: Buffer.from(WHOLE).toString('base64'), ReportFormat: 'text/csv' }),
    ],
    [
      'with columns that are new',
      WHOLE.split('\n')
        .map((line) => `${line},N/A`)
        .join('\n')
        .replace(/N\/A$/m, 'additional_credentials_info'),
    ],
  ])('%s says who has which credentials', (_, report) => {
    expect(read(report)).toEqual({
      unseen: ['resourcePolicies', 'controlPolicies', 'providers'],
      findings: expect.arrayContaining([
        [
          'intake.credentials',
          '`report.csv`: 1 of 2 users has a password (1 without MFA); access keys: 1 active, 1 inactive; the root user has MFA and no active keys',
        ],
      ]),
    })
  })

  it.each([
    ['lacks users', [HEADER, ROOT, ADA].join('\n'), exported('ada', 'bob'), 'user/bob'],
    ['has others', WHOLE, exported('ada'), 'user/bob'],
  ])('that %s is not the whole', (_, report, export_, who) => {
    const { unseen, findings } = read(report, export_)
    expect(unseen).toContain('accessKeys')
    expect(findings).toContainEqual([
      'intake.incomplete',
      `\`report.csv\` and the export do not have the same users: ${who}`,
    ])
  })

  it.each([
    ['another file', '{"Users":[]}', 'intake.not-a-credential-report'],
    ['another table', 'a,b\n1,2', 'intake.not-a-credential-report'],
    ['another account', WHOLE.replaceAll('111122223333', '444455556666'), 'intake.another-account'],
    [
      'several accounts',
      WHOLE.replace(`${IAM}:user/ada`, 'arn:aws:iam::444455556666:user/ada'),
      'intake.another-account',
    ],
    ['no account', HEADER, 'intake.another-account'],
    ['a cut file', WHOLE.slice(0, -30), 'intake.truncated'],
    ['a line that is cut', WHOLE.replace(ADA, ADA.slice(0, -30)), 'intake.malformed-report'],
    ['other words', WHOLE.replace(',false,true,', ',no,true,'), 'intake.malformed-report'],
    ['an open quote', WHOLE.replace('ada,', '"ada,'), 'intake.malformed-report'],
    [
      'characters that control a terminal',
      WHOLE.replace('user/ada', 'user/a\u001b[2Jda'),
      'intake.malformed-report',
    ],
    ['nothing', ' ', 'intake.empty'],
  ])('that is %s is refused', (_, report, code) => {
    expect(codeOf(report)).toBe(code)
  })
})
