import { describe, expect, test } from 'vitest'
import { REPORT_KINDS } from '../../src/kinds/report.ts'
import { declaredCounts } from '../../src/report/declared-counts.ts'
import { CERTIFICATES } from '../kinds/certificates.ts'
import { SSH_KEYS } from '../kinds/ssh-keys.ts'
import { load, rendered } from './sample.ts'

const [KEY = ''] = SSH_KEYS
const [CERTIFICATE = ''] = CERTIFICATES

const manifest = (key: string, certificate: string) => `users:
  ada:
    sshPublicKeys: { laptop: { body: ${key} } }
    signingCertificates: { soap: { body: ${certificate} } }
`

describe('the body of a key or a certificate', () => {
  test('may stand in a file of its own, and is the same there', () => {
    const inFiles = load({
      'ada.yaml': manifest('{ file: keys/ada.pub }', '{ file: keys/ada.pem }'),
      'keys/ada.pub': `${KEY} ada@laptop\n`,
      'keys/ada.pem': CERTIFICATE,
    })
    const here = load({ 'ada.yaml': manifest(JSON.stringify(KEY), JSON.stringify(CERTIFICATE)) })
    expect(inFiles.project.diagnostics).toEqual([])
    const identities = ({ desired }: typeof here) =>
      [...(desired?.entities.user.get('ada')?.children ?? [])].map(([kind, all]) => [
        kind,
        [...all.values()].map(({ identity }) => identity),
      ])
    expect(identities(inFiles)).toEqual(identities(here))
    expect(identities(here)).toHaveLength(2)
  })

  test('is counted, where there is one', () => {
    const { desired } = load({
      'ada.yaml': `users: { ada: { sshPublicKeys: { laptop: { body: ${JSON.stringify(KEY)} } } } }`,
    })
    if (desired === null) throw new Error('not loaded')
    const counts = declaredCounts(desired, REPORT_KINDS)
    expect(counts).toContainEqual({ count: 1, noun: 'SSH public key', plural: 'SSH public keys' })
    expect(counts.map(({ noun }) => noun)).not.toContain('signing certificate')
  })

  test('is looked at where it stands in a file, of which nothing private is shown', () => {
    const text = rendered({
      'ada.yaml': manifest('{ file: ada.pub }', '{ file: missing.pem }'),
      'ada.pub': '-----BEGIN RSA PRIVATE KEY-----\nhunter2\n',
    })
    expect(text).toContain('error[manifest.literal-secret]: `ada.pub` holds a private key')
    expect(text).toContain('error[manifest.no-such-file]: there is no file `missing.pem`')
    expect(text).not.toContain('hunter2')
  })
})
