import { describe, expect, it } from 'vitest'
import { readSamlMetadata } from '../../src/credentials/saml-metadata.ts'
import { readXml } from '../../src/credentials/xml.ts'
import fc from '../fixed-seed.ts'
import { madeCertificate, madeMetadata } from './made-certificates.ts'

const ONE = madeCertificate({ subject: 'one.example', until: '2031-02-03' })
const TWO = madeCertificate({ subject: 'two.example' })
const GOOD = madeMetadata({ certificates: [ONE, TWO] })
const problemOf = (text: string): string | null => {
  const read = readSamlMetadata(text)
  return 'problem' in read ? read.problem : null
}

describe('metadata of SAML', () => {
  it('says who signs, with which certificates, and until when', () => {
    expect(readSamlMetadata(GOOD)).toEqual({
      issuer: 'https://idp.example/saml',
      certificates: [
        {
          subject: 'CN=one.example',
          fingerprint: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
          until: Date.UTC(2031, 1, 3),
        },
        expect.objectContaining({ subject: 'CN=two.example' }),
      ],
      validUntil: null,
    })
    const until = madeMetadata({ certificates: [ONE], attributes: 'validUntil="2030-01-02T03:04:05Z"' })
    expect(readSamlMetadata(until)).toMatchObject({ validUntil: Date.UTC(2030, 0, 2, 3, 4, 5) })
  })

  it('goes by namespaces, whatever their prefixes', () => {
    const other = GOOD.replaceAll('md:', 'x:')
      .replaceAll(':md=', ':x=')
      .replaceAll('ds:', '')
      .replaceAll('<KeyInfo>', '<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">')
    expect(readSamlMetadata(other)).toEqual(readSamlMetadata(GOOD))
  })

  it.each<[string, string, RegExp]>([
    ['a DOCTYPE', GOOD.replace('<md:Entity', '<!DOCTYPE a [<!ENTITY b "c">]><md:Entity'), /DOCTYPE/],
    ['a DOCTYPE in lower case', `<!doctype html>${GOOD}`, /DOCTYPE/],
    ['an entity of its own', GOOD.replace('?a=1&amp;', '?a=1&evil;'), /entity/],
    ['an instruction', GOOD.replace('<!-- published', '<?php echo 1 ?><!-- published'), /instruction/],
    ['no XML', 'x'.repeat(1000), /outside of its element/],
    ['nothing closed', GOOD.replace('</md:EntityDescriptor>', ''), /not closed/],
    ['something else', GOOD.replaceAll('EntityDescriptor', 'Other'), /no `EntityDescriptor`/],
    ['another namespace', GOOD.replace('SAML:2.0:metadata', 'SAML:1.0:metadata'), /no `EntityDescriptor`/],
    ['no issuer', GOOD.replace('entityID=', 'entity='), /no `entityID`/],
    ['a service provider', GOOD.replaceAll('IDPSSODescriptor', 'SPSSODescriptor'), /IDPSSODescriptor/],
    ['no certificate', GOOD.replaceAll('use="signing"', 'use="encryption"'), /no certificate to sign with/],
    ['a broken certificate', GOOD.replace('X509Certificate>M', 'X509Certificate>AAAA'), /can not be parsed/],
    ['no moment', madeMetadata({ certificates: [ONE], attributes: 'validUntil="soon"' }), /validUntil/],
    ['too little', '<a/>', /4 characters/],
    ['too much', GOOD + ' '.repeat(10_000_000), /10,000,000/],
    ['a second root', GOOD.replace('<md:EntityDescriptor', '<a/><md:EntityDescriptor'), /second element/],
    ['deep nesting', `${'<a>'.repeat(500)}${'</a>'.repeat(500)}`, /deeper/],
    ['an attribute twice', GOOD.replace('entityID=', 'entityID="a" entityID='), /twice/],
  ])('is refused with %s', (_, text, problem) => {
    expect(problemOf(text)).toMatch(problem)
  })

  it('a text that is cut short or changed anywhere is read or refused, and never breaks down', () =>
    fc.assert(
      fc.property(
        fc.nat(GOOD.length),
        fc.nat(40),
        fc.constantFrom('', '<', '>', '"', '&', '\0', 'é', '<!--', ']]>', '</'),
        (at, length, put) => {
          const read = readXml(GOOD.slice(0, at) + put + GOOD.slice(at + length))
          expect(typeof read).toBe('object')
        },
      ),
      { numRuns: 300 },
    ))

  it('is read in time that grows with its length', () => {
    for (const hostile of ['<a '.repeat(100_000), '&'.repeat(100_000), `<a>${'<!--'.repeat(100_000)}`]) {
      // The test's own limit: by the square of the length it would take minutes.
      expect(readXml(hostile)).toBeDefined()
    }
  })
})
