import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Compiles what a local target needs into a folder of its own, for tests that need a second process:
 * a child runs JavaScript, and `dist/` may be older than the source.
 * @returns the folder, readable for everybody; the caller deletes it
 */
export function compileLocalTarget(): string {
  const root = process.cwd()
  const folder = mkdtempSync(join(tmpdir(), 'iam-sync-compiled-'))
  chmodSync(folder, 0o755)
  const out = join(folder, 'out')
  mkdirSync(out)
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  const config = join(folder, 'tsconfig.json')
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        rootDir: join(root, 'src'),
        outDir: out,
        declaration: false,
        noCheck: true,
        typeRoots: [join(root, 'node_modules', '@types')],
      },
      include: [],
      files: [join(root, 'src/target/local/open-local-target.ts')],
    }),
  )
  const compiler = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', config],
    {
      encoding: 'utf8',
    },
  )
  if (compiler.status !== 0) throw new Error(compiler.stdout + compiler.stderr)
  return out
}
