// What of identity providers and server certificates no suite over all kinds asks.
import { describe, expect, it } from 'vitest'
import { parseEntityArn, Secret } from '../../src/model/index.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'
import { converge, type Declared, declaredBy, intentOf, NOTHING, planIn, withListed } from './listed.ts'
import { madeCertificate, madeMetadata } from './made-certificates.ts'
import type { ToyWorld } from './toy/world.ts'

const HOST = 'token.actions.githubusercontent.com'
const OIDC = `arn:aws:iam::${ACCOUNT.id}:oidc-provider/${HOST}`
const CA = madeCertificate({ subject: 'ca.example' })
const WEB = madeCertificate({ subject: 'web.example', issuer: CA })
const OLD = madeCertificate({ subject: 'old.example', until: '2025-12-31' })

const codeOf = (error: unknown): string => {
  if (error instanceof Error && 'code' in error) return `${String(error.code)}: ${error.message}`
  throw error
}
type Write = ToyWorld['iam']['write']
const refusal = (calling: ReturnType<Write>): Promise<string> => calling.then(() => 'done', codeOf)

const trusting = (provider: string) => ({
  trustPolicy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Federated: provider }, Action: 'sts:AssumeRoleWithWebIdentity' },
    ],
  },
})

describe('an OIDC provider', () => {
  it('is named by its URL, path and all', () => {
    expect(parseEntityArn(`${OIDC}/a/b`)).toMatchObject({
      kind: 'oidcProvider',
      path: '/',
      name: `${HOST}/a/b`,
    })
    expect(parseEntityArn('arn:aws:iam::1:oidc-provider/a.example/')).toMatchObject({ name: 'a.example/' })
    expect(parseEntityArn('arn:aws:iam::1:oidc-provider/')).toBeNull()
    expect(parseEntityArn('arn:aws:iam::1:server-certificate/x/web')).toMatchObject({
      path: '/x/',
      name: 'web',
    })
  })

  it.each<[string, object, RegExp]>([
    ['no scheme', { Url: 'a.example' }, /^ValidationError: Invalid Open ID Connect Provider URL$/],
    ['http', { Url: 'http://a.example' }, /^InvalidInput: .* must begin with https:\/\/\.$/],
    ['a port', { Url: 'https://a.example:8443' }, /^InvalidInput: Invalid Open ID Connect Provider URL\.$/],
    ['a query', { Url: 'https://a.example?b=1' }, /^InvalidInput/],
    ['a fragment', { Url: 'https://a.example#b' }, /^InvalidInput/],
    ['somebody', { Url: 'https://me:pw@a.example' }, /^InvalidInput/],
    ['256 characters', { Url: `https://${'a'.repeat(248)}` }, /^ValidationError/],
    [
      'six thumbprints',
      { ThumbprintList: [...'abcdef'].map((c) => c.repeat(40)) },
      /^InvalidInput: Thumbprint list/,
    ],
    ['a short thumbprint', { ThumbprintList: ['ab'] }, /^ValidationError/],
    [
      '101 clients',
      { ClientIDList: Array.from({ length: 101 }, (_, index) => String(index)) },
      /^LimitExceeded: .*: 100$/,
    ],
  ])('with %s is refused', (_, input, told) =>
    withListed(async ({ iam }) => {
      const calling = iam.write('CreateOpenIDConnectProvider', { Url: 'https://a.example', ...input })
      expect(await refusal(calling)).toMatch(told)
    }),
  )

  it('takes the same client twice as once, and no more than the quota', () =>
    withListed(
      async ({ iam }) => {
        const { OpenIDConnectProviderArn: arn } = await iam.write('CreateOpenIDConnectProvider', {
          Url: `https://${HOST}`,
          ClientIDList: ['a'],
        })
        expect(arn).toBe(OIDC)
        const OpenIDConnectProviderArn = OIDC
        const add = (ClientID: string) =>
          refusal(iam.write('AddClientIDToOpenIDConnectProvider', { OpenIDConnectProviderArn, ClientID }))
        expect([await add('a'), await add('b'), await add('c')]).toEqual([
          'done',
          'done',
          'LimitExceeded: Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 2',
        ])
        const gone = { OpenIDConnectProviderArn, ClientID: 'nobody' }
        expect(await refusal(iam.write('RemoveClientIDFromOpenIDConnectProvider', gone))).toBe('done')
        expect(await iam.read('GetOpenIDConnectProvider', { OpenIDConnectProviderArn })).toMatchObject({
          Url: HOST,
          ClientIDList: ['a', 'b'],
          ThumbprintList: [],
        })
        const elsewhere = { OpenIDConnectProviderArn: `${OIDC}/x` }
        expect(await iam.read('GetOpenIDConnectProvider', elsewhere).catch(codeOf)).toBe(
          `NoSuchEntity: OpenIDConnect Provider not found for arn ${OIDC}/x`,
        )
      },
      { clientIdsPerOidcProvider: 2 },
    ))

  it('leaves the thumbprints alone that nobody declares', () =>
    withListed(async (world) => {
      const intent = intentOf({ oidcProviders: { [HOST]: { clientIds: ['a'] } } })
      await converge(world, intent)
      await world.iam.write('UpdateOpenIDConnectProviderThumbprint', {
        OpenIDConnectProviderArn: OIDC,
        ThumbprintList: ['AB'.repeat(20)],
      })
      expect((await planIn(world, intent)).plan.steps).toEqual([])
      const declared = intentOf({
        oidcProviders: { [HOST]: { clientIds: ['a'], thumbprints: ['AB'.repeat(20)] } },
      })
      expect((await planIn(world, declared)).plan.steps).toEqual([])
    }))

  it('is made before the roles that trust it, and deleted after them', () =>
    withListed(async (world) => {
      const sections: Declared = { roles: { ci: trusting(OIDC) }, oidcProviders: { [HOST]: {} } }
      const intent = intentOf(sections)
      const made = await converge(world, intent)
      expect(made.steps.map(({ operation, needs }) => [operation, needs])).toEqual([
        ['CreateOpenIDConnectProvider', []],
        ['CreateRole', [0]],
      ])
      const gone = await converge(world, NOTHING, declaredBy(intent)[0])
      expect(gone.steps.map(({ operation }) => operation)).toEqual([
        'DeleteRole',
        'DeleteOpenIDConnectProvider',
      ])
    }))

  it('that goes while roles trust it is told, with the roles', () =>
    withListed(async (world) => {
      await converge(world, intentOf({ roles: { ci: trusting(OIDC) }, oidcProviders: { [HOST]: {} } }))
      const { plan, diagnostics } = await planIn(world, intentOf({ roles: { ci: trusting(OIDC) } }))
      expect(diagnostics).toMatchObject([
        {
          severity: 'warning',
          code: 'plan.trust-in-missing-provider',
          message: `\`role/ci\` trusts \`${OIDC}\`, which this plan deletes: nobody signs in by it`,
        },
      ])
      expect(plan.changes).toMatchObject([
        { action: 'delete', details: [{ path: 'trustedBy', removed: ['role/ci'] }] },
      ])
    }))

  it('that is nowhere is told of a role that trusts it', () =>
    withListed(async (world) => {
      const { plan, diagnostics } = await planIn(world, intentOf({ roles: { ci: trusting(OIDC) } }))
      expect(diagnostics).toMatchObject([{ code: 'plan.trust-in-missing-provider', severity: 'warning' }])
      expect(plan.steps).toHaveLength(1)
    }))
})

describe('a SAML provider', () => {
  const metadata = madeMetadata({ certificates: [WEB], attributes: 'validUntil="2030-01-01T00:00:00Z"' })

  it('has an end, and takes no other metadata than that of an identity provider', () =>
    withListed(async ({ iam }) => {
      const create = (text: string) =>
        refusal(iam.write('CreateSAMLProvider', { Name: 'corp', SAMLMetadataDocument: text }))
      expect(await create(metadata.replace('<md:E', '<!DOCTYPE a><md:E'))).toMatch(
        /^InvalidInput: Could not parse metadata: it has a DOCTYPE/,
      )
      expect(await create('short')).toMatch(/^ValidationError/)
      expect(await create(metadata)).toBe('done')
      const { SAMLProviderList } = await iam.read('ListSAMLProviders', {})
      expect(SAMLProviderList).toMatchObject([
        { Arn: `arn:aws:iam::${ACCOUNT.id}:saml-provider/corp`, ValidUntil: new Date('2030-01-01') },
      ])
      const missing = { SAMLProviderArn: `arn:aws:iam::${ACCOUNT.id}:saml-provider/other` }
      expect(await refusal(iam.write('DeleteSAMLProvider', missing))).toMatch(
        /^NoSuchEntity: Manifest not found/,
      )
    }))

  it('is shown by its issuer and certificates, not by the document', () =>
    withListed(async (world) => {
      await converge(world, intentOf({ samlProviders: { corp: { metadata } } }))
      const other = madeMetadata({ issuer: 'https://other.example', certificates: [WEB] })
      const { plan } = await planIn(world, intentOf({ samlProviders: { corp: { metadata: other } } }))
      expect(plan.steps.map(({ operation }) => operation)).toEqual(['UpdateSAMLProvider'])
      expect(plan.changes[0]?.details).toEqual([
        {
          type: 'list',
          path: 'metadata',
          added: ['issuer https://other.example', expect.stringMatching(/^sha256:/)],
          removed: [
            'issuer https://idp.example/saml',
            'valid until 2030-01-01',
            expect.stringMatching(/^sha256:/),
          ],
        },
      ])
      const spaced = { samlProviders: { corp: { metadata: `${metadata.replaceAll('\n', '\r\n')}\n` } } }
      expect((await planIn(world, intentOf(spaced))).plan.steps).toEqual([])
    }))
})

describe('a server certificate', () => {
  const upload = (iam: ToyWorld['iam'], input: object) =>
    refusal(
      iam.write('UploadServerCertificate', {
        ServerCertificateName: 'web',
        CertificateBody: WEB.pem,
        PrivateKey: new Secret(WEB.key),
        ...input,
      }),
    )

  it.each<[string, object, RegExp]>([
    ['the key of another', { PrivateKey: new Secret(CA.key) }, /^KeyPairMismatch: /],
    ['no key', { PrivateKey: new Secret('hunter2') }, /^MalformedCertificate: Unable to parse key/],
    ['no certificate', { CertificateBody: 'hunter2' }, /^MalformedCertificate: Unable to parse certificate/],
    ['two certificates', { CertificateBody: WEB.pem + CA.pem }, /^MalformedCertificate/],
    [
      'a certificate that has run out',
      { CertificateBody: OLD.pem, PrivateKey: new Secret(OLD.key) },
      /^MalformedCertificate: Certificate is no longer valid/,
    ],
    ['a chain that did not sign it', { CertificateChain: OLD.pem }, /is: 0$/],
    ['a chain that goes on wrongly', { CertificateChain: CA.pem + OLD.pem }, /is: 1$/],
  ])('with %s is refused, in words that quote nothing', (_, input, told) =>
    withListed(async ({ iam }) => {
      const said = await upload(iam, input)
      expect(said).toMatch(told)
      expect(said).not.toMatch(/hunter2|PRIVATE/)
    }),
  )

  it('is moved and renamed in place, and never shows its key', () =>
    withListed(async ({ iam }) => {
      expect(await upload(iam, { CertificateChain: CA.pem, Path: '/a/' })).toBe('done')
      await iam.write('UpdateServerCertificate', {
        ServerCertificateName: 'web',
        NewServerCertificateName: 'site',
        NewPath: '/b/',
      })
      const { ServerCertificate } = await iam.read('GetServerCertificate', { ServerCertificateName: 'site' })
      expect(ServerCertificate?.ServerCertificateMetadata).toMatchObject({
        Arn: `arn:aws:iam::${ACCOUNT.id}:server-certificate/b/site`,
        Expiration: new Date('2060-01-01'),
      })
      expect(JSON.stringify(ServerCertificate)).not.toContain('PRIVATE')
      expect(await refusal(iam.write('DeleteServerCertificate', { ServerCertificateName: 'web' }))).toBe(
        'NoSuchEntity: The Server Certificate with name web cannot be found.',
      )
    }))
})
