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
