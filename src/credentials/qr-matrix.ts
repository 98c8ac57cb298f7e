/** Modules of the quiet zone. @see ISO/IEC 18004: four modules wide */
const QUIET = 4

/** A text as the modules of a QR code, its quiet zone around them: rows from above, `true` is dark. */
export async function qrMatrix(text: string): Promise<readonly (readonly boolean[])[]> {
  // Few commands draw any.
  const { encode } = await import('uqr')
  return encode(text, { border: QUIET, ecc: 'M' }).data
}
