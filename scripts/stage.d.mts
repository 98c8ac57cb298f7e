export declare function npmJson(cwd: string, ...args: readonly string[]): unknown
export declare function stage(folder: string): void
export declare function packStaged(
  folder: string,
  destination: string,
): {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
  readonly unpackedSize: number
}
/** Whether a compiled file is of a source that is still there. */
export function isMade(path: string, sources?: string): boolean
