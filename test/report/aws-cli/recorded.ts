import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../source/folders.ts'

const place = temporaryFolder()
/** A function of the shell in place of `aws`: it is given the words as a program is, without a process for each call. */
const RECORDING = 'aws() { printf \'%s\\0\' "$#" "$@" >> "$RECORDED"; }; . "$0"'

interface Recorded {
  readonly code: number | null
  readonly err: string
  /** The words after `aws`, of each call. */
  readonly calls: readonly (readonly string[])[]
}

/** Runs a script with something in place of `aws` that writes down what it is given, and does nothing else. */
export function recorded(script: string, env: Readonly<Record<string, string>> = {}): Recorded {
  const [file, record] = [join(place, 'script.sh'), join(place, 'record')]
  writeFileSync(file, script)
  rmSync(record, { force: true })
  const { status, stderr } = spawnSync('sh', ['-c', RECORDING, file], {
    env: { PATH: '/usr/bin:/bin', RECORDED: record, ...env },
    encoding: 'utf8',
  })
  const fields = existsSync(record) ? readFileSync(record, 'utf8').split('\0') : []
  const calls: string[][] = []
  for (let at = 0; at < fields.length - 1; ) {
    const count = Number(fields[at])
    calls.push(fields.slice(at + 1, at + 1 + count))
    at += count + 1
  }
  return { code: status, err: stderr, calls }
}

/** Operations and fields as the AWS CLI Command Reference spells them. */
const SPELLED: Readonly<Record<string, string>> = {
  'user-name': 'UserName',
  'new-user-name': 'NewUserName',
  'group-name': 'GroupName',
  'new-path': 'NewPath',
  'role-name': 'RoleName',
  'policy-name': 'PolicyName',
  'policy-arn': 'PolicyArn',
  'policy-document': 'PolicyDocument',
  'assume-role-policy-document': 'AssumeRolePolicyDocument',
  'permissions-boundary': 'PermissionsBoundary',
  password: 'Password',
  'password-reset-required': 'PasswordResetRequired',
  'max-session-duration': 'MaxSessionDuration',
  'version-id': 'VersionId',
  'set-as-default': 'SetAsDefault',
  'tag-keys': 'TagKeys',
  'account-alias': 'AccountAlias',
  'minimum-password-length': 'MinimumPasswordLength',
  'require-symbols': 'RequireSymbols',
  'require-numbers': 'RequireNumbers',
  'require-uppercase-characters': 'RequireUppercaseCharacters',
  'require-lowercase-characters': 'RequireLowercaseCharacters',
  'allow-users-to-change-password': 'AllowUsersToChangePassword',
  'max-password-age': 'MaxPasswordAge',
  'password-reuse-prevention': 'PasswordReusePrevention',
  'hard-expiry': 'HardExpiry',
  path: 'Path',
  description: 'Description',
  tags: 'Tags',
}
const NUMBERS = ['MaxSessionDuration', 'MinimumPasswordLength', 'MaxPasswordAge', 'PasswordReusePrevention']
const LISTS = ['Tags', 'TagKeys']

/** What the AWS CLI makes of the words of a call. Throws at what it would refuse, or read from elsewhere. */
export function callOf(words: readonly string[]): { readonly operation: string; readonly input: object } {
  const [service, operation = '', ...rest] = words
  if (service !== 'iam') throw new Error(`no call of IAM: ${words.join(' ')}`)
  const input: Record<string, unknown> = {}
  let json: object = {}
  for (let at = 0; at < rest.length; at++) {
    const flag = rest[at]?.replace(/^--/, '') ?? ''
    const name = SPELLED[flag.replace(/^no-/, '')]
    if (flag === 'cli-input-json') json = JSON.parse(rest[++at] ?? '')
    else if (name === undefined) throw new Error(`unknown flag: ${rest[at]}`)
    else if (/^(?:SetAsDefault|PasswordReset|Require|Allow|HardExpiry)/.test(name))
      input[name] = !flag.startsWith('no-')
    else {
      const value = rest[++at]
      if (value === undefined || /^-|^(?:file|fileb|https?):\/\//.test(value))
        throw new Error(`no value for ${flag}: ${value}`)
      input[name] = NUMBERS.includes(name) ? Number(value) : LISTS.includes(name) ? JSON.parse(value) : value
    }
  }
  const camel = operation.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return { operation: camel, input: { ...json, ...input } }
}
