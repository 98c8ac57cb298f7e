import type { Secret } from '../../model/index.ts'

/** In the format of age, for whoever has the identity of one of these public keys. @throws what is none of them */
export async function encrypted(value: Secret, recipients: readonly string[]): Promise<Uint8Array> {
  // Few applies make a secret: who makes none loads none of it.
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  return encrypter.encrypt(value.reveal())
}
