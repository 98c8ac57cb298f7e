import { sep } from 'node:path'

/**
 * Opens a file so that SQLite itself refuses to write. libsql passes over its own `readonly` option.
 * @param file an absolute path
 * @param parameters further ones: `&immutable=1`
 * @see sqlite.org, "Uniform Resource Identifiers"
 */
export function readOnlyUri(file: string, parameters = ''): string {
  // Only on Windows: elsewhere a backslash is a character like any other, and the other path another file.
  const path = file
    .split(sep)
    .flatMap((part) => part.split('/'))
    .map((segment) => encodeURIComponent(segment))
    .join('/')
  return `file:${path.startsWith('/') ? '' : '/'}${path}?mode=ro${parameters}`
}
