import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface MountedDisk {
  readonly folder: string
  resize(mebibytes: number): void
  unmount(): void
}

/** A small disk of its own. @returns null where nobody may mount one: on most machines only the superuser of Linux may */
export function mountedDisk(mebibytes: number): MountedDisk | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null
  const folder = mkdtempSync(join(tmpdir(), 'iam-sync-disk-'))
  const mount = (...args: readonly string[]) => spawnSync('mount', args).status === 0
  if (!mount('-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder)) {
    rmdirSync(folder)
    return null
  }
  return {
    folder,
    resize: (size) => {
      if (!mount('-o', `remount,size=${size}m`, folder)) throw new Error('the disk can’t be resized')
    },
    unmount: () => {
      // Connections that were closed keep their files open until they are collected.
      spawnSync('umount', ['--lazy', folder])
      rmdirSync(folder)
    },
  }
}
