/** A hash of everything that the bundle is made of. @param root the folder of package.json */
export declare function bundleStamp(root: string): string
/** Where the bundle says of what it was made, from the root. */
export declare const STAMP_FILE: string
