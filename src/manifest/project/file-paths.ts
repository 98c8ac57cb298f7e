export const isYamlFile = (file: string): boolean => /\.ya?ml$/i.test(file)

/**
 * A path relative to the IAM folder, without `.` and `..`. Only `/` parts it, on every system: a backslash is a character.
 * @param folder where `path` is relative to; '' is the IAM folder itself
 * @returns null when the path leads out of the IAM folder; '' for the folder itself
 */
export function resolvePath(folder: string, path: string): string | null {
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return null
  const parts = folder === '' ? [] : folder.split('/')
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return null
    } else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}

export const folderOf = (file: string): string => file.slice(0, Math.max(0, file.lastIndexOf('/')))

/** Each folder that holds one of the files, and the files themselves. */
export function pathsOf(files: Iterable<string>): ReadonlySet<string> {
  const paths = new Set<string>()
  for (const file of files) {
    paths.add(file)
    for (let folder = folderOf(file); folder !== ''; folder = folderOf(folder)) paths.add(folder)
  }
  return paths
}
