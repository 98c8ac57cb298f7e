import { describe, expect, test } from 'vitest'
import { renderDiagnostic } from '../../src/diagnostics/index.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { endedWarnings } from '../../src/manifest/ended.ts'
import { madeCertificate, madeMetadata } from '../kinds/made-certificates.ts'
import { load } from './sample.ts'

const made = madeCertificate({ subject: 'web.example', from: '2026-01-01', until: '2026-03-01' })
const { desired, texts } = load({
  'a.yaml': `serverCertificates:
  web: { certificateBody: { file: web.crt }, privateKey: { env: KEY } }
samlProviders:
  sso: { metadata: { file: sso.xml } }
`,
  'web.crt': made.pem,
  'sso.xml': madeMetadata({ issuer: 'https://sso.example', certificates: [made] }),
})
const warnedAt = (day: string) => {
  if (desired === null) throw new Error('not loaded')
  return endedWarnings(desired, MANIFEST_KINDS.entities, Date.parse(`${day}T00:00:00Z`))
}

describe('a certificate that has run out', () => {
  test('is warned of from the moment on until which it was good, wherever it is declared', () => {
    expect(warnedAt('2026-02-28')).toEqual([])
    expect(warnedAt('2026-03-01').map(({ code }) => code)).toEqual(['manifest.ended', 'manifest.ended'])
  })

  test('is shown where it stands', () => {
    const shown = warnedAt('2027-01-01').map((each) => renderDiagnostic(each, texts))
    expect(shown.find((each) => each.includes('web.example') && each.includes('a.yaml:2'))).toMatch(
      /^warning\[manifest\.ended\]: .* was good until 2026-03-01\n {2}--> a\.yaml:2:/,
    )
  })
})
