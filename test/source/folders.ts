import fs, { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import git from 'isomorphic-git'

/** A folder of its own for one test, with files in it; removed when all tests are done. */
export function temporaryFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'iam-sync-test-')))
  writeFiles(folder, files)
  return folder
}

export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), content)
  }
}

/** Commits everything under a folder that is (or becomes) the root of a repository. */
export async function commitAll(dir: string, message: string): Promise<string> {
  await git.init({ fs, dir, defaultBranch: 'main' })
  for (const [path, , work] of await git.statusMatrix({ fs, dir })) {
    if (work === 0) await git.remove({ fs, dir, filepath: path })
    else await git.add({ fs, dir, filepath: path })
  }
  return git.commit({
    fs,
    dir,
    message,
    author: { name: 'Tester', email: 'tester@example.com', timestamp: 1_700_000_000, timezoneOffset: 0 },
  })
}
