import { execFileSync } from 'node:child_process'

/**
 * Runs git itself in a folder, one command after the other, with none of the machine's settings.
 * @param commands words are separated by single spaces
 * @returns what the last one printed
 */
export function git(folder: string, ...commands: readonly string[]): string {
  let printed = ''
  for (const command of commands)
    printed = execFileSync('git', [...SETTINGS, ...command.split(' ')], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...AUTHOR, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
    })
  return printed
}

const SETTINGS = [
  ['protocol.file.allow', 'always'],
  ['init.defaultBranch', 'main'],
  ['advice.detachedHead', 'false'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`])

const AUTHOR = {
  GIT_AUTHOR_NAME: 'Tester',
  GIT_AUTHOR_EMAIL: 'tester@example.com',
  GIT_AUTHOR_DATE: '1700000000 +0000',
  GIT_COMMITTER_NAME: 'Tester',
  GIT_COMMITTER_EMAIL: 'tester@example.com',
  GIT_COMMITTER_DATE: '1700000000 +0000',
}
