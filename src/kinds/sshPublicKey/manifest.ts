import { z } from 'zod'
import {
  readSshKey,
  SHORTEST_SSH_KEY,
  type SshKeyProblem,
  sshFingerprint,
} from '../../credentials/ssh-key.ts'
import type { ChildManifest } from '../../manifest/manifest-kind.ts'
import { bodyOrFileSchema } from '../../manifest/schema/attribute-schemas.ts'
import { statusSchema } from '../../manifest/schema/child-schema.ts'
import { type DesiredSshPublicKey, SSH_PUBLIC_KEY } from './kind.ts'

const HELP =
  'write one line of OpenSSH (`ssh-rsa AAAA… comment`) or PEM (`-----BEGIN PUBLIC KEY-----`); IAM takes RSA alone'

const PROBLEMS: Readonly<Record<SshKeyProblem, string>> = {
  encoding: 'this is no SSH public key that IAM takes',
  malformed: 'this is no RSA key: its text is broken',
  short: `this RSA key is shorter than ${SHORTEST_SSH_KEY} bits`,
}

export const SSH_PUBLIC_KEY_MANIFEST: ChildManifest<DesiredSshPublicKey> = {
  facts: SSH_PUBLIC_KEY,
  told: 'Exactly these SSH public keys, each under a name of your own. `{}` = none; absent = not managed here.',
  schema: z.strictObject({
    body: bodyOrFileSchema('sshKeyBody').meta({
      description:
        'An RSA key of 2048 bits or more: one line of OpenSSH, or PEM; or `{ file: keys/alice.pub }`.',
    }),
    status: statusSchema,
  }),
  read: (reading) => {
    const body = reading.publicText('body')
    if (body === null) return null
    const key = readSshKey(body.text)
    if (typeof key === 'string') {
      reading.report({ code: 'manifest.bad-key', message: PROBLEMS[key], help: HELP, span: body.span })
      return null
    }
    return { ...reading.child(sshFingerprint(key)), body: body.text.trim() }
  },
}
