// What a generated account has besides users, groups, roles and policies: of every other kind some, as many as a company of its size may have.
import { selfSigned, sshPublicKey } from './made-keys.mjs'
import { randomSource } from './random.mjs'

/** Nobody has the identity of it. */
const RECIPIENT = 'age1q7uy7r8knjww5pcypnvddvx2cqqpfnfh58sc2x3r93eampyvz4jqk8jupm'
const LINKED = ['autoscaling', 'elasticloadbalancing', 'ecs', 'rds']
const SEED = 20_261_127

/** An account that has none of it. */
export const NOTHING_MORE = {
  ofUser: () => [],
  ofRole: () => [],
  ofGroup: () => [],
  project: '',
  files: () => new Map(),
}

/**
 * Of a twentieth of the users an access key in rotation, of a tenth an SSH key, of a fifth MFA enforced; of one in a hundred a signing
 * certificate, a credential for CodeCommit, a grant that is ignored; few first passwords, since each is hashed dearly on purpose. Every
 * role that EC2 takes on has an instance profile, every thirtieth group says its members.
 */
export function everyKind({ users, roles }) {
  const random = randomSource(SEED)
  const certificates = new Map()
  let made = 0
  return {
    ofUser(name) {
      const [key, other] = [random.below(100), random.below(100)]
      const lines = []
      const isTold = key < 5 || other === 3
      if (key < 5) lines.push('    accessKeys: { main: { rotateAfter: 90d, grace: 7d } }')
      else if (key < 25) lines.push('    mfa: { required: true, enforce: true }')
      if (other === 0) {
        certificates.set(`certificates/${name}.pem`, selfSigned(random, name, ++made).pem)
        lines.push(`    signingCertificates: { main: { body: { file: ../certificates/${name}.pem } } }`)
      } else if (other === 1) {
        lines.push('    ignore: [{ grant: loginProfile, reason: an audit, until: 2035-12-31 }]')
      } else if (other === 2 && made < users / 250) lines.push('    loginProfile: {}')
      else if (other === 3) lines.push('    serviceSpecificCredentials: { git: { serviceName: codecommit } }')
      else if (other < 14)
        lines.push(`    sshPublicKeys: { laptop: { body: ${sshPublicKey(random, name)} } }`)
      if (isTold || lines.at(-1)?.includes('loginProfile')) lines.push(`    recipients: [${RECIPIENT}]`)
      return lines
    },
    ofRole: (trust) => (trust.includes('ec2.amazonaws.com') ? ['    ec2: true'] : []),
    ofGroup: (place, members) =>
      place % 30 === 0 && members.length > 0 ? [`    members: [${members.join(', ')}]`] : [],
    project: 'secrets: { to: .iam-sync/secrets }\n',
    files() {
      const idp = selfSigned(random, 'idp.bench.example', 1)
      const web = Array.from({ length: 5 }, (_, place) =>
        selfSigned(random, `web-${place}.bench.example`, place + 2),
      )
      const files = new Map(certificates)
      const numbers = Array.from({ length: Math.ceil(roles / 20) }, (_, place) => place)
      files.set('kinds/idp.xml', metadataWith(idp.base64))
      for (const [place, { pem, key }] of web.entries()) {
        files.set(`kinds/web-${place}.crt`, pem)
        files.set(`kinds/web-${place}.key`, key)
      }
      files.set(
        'kinds/kinds.yaml',
        [
          'oidcProviders:',
          '  token.actions.githubusercontent.com: { clientIds: [sts.amazonaws.com] }',
          ...numbers.map(
            (place) => `  oidc-${place}.bench.example: { clientIds: [bench], tags: { n: "${place}" } }`,
          ),
          'samlProviders:',
          ...[0, 1, 2].map((place) => `  idp-${place}: { metadata: { file: idp.xml } }`),
          'serviceLinkedRoles:',
          ...LINKED.map((service) => `  ${service}.amazonaws.com: {}`),
          'serverCertificates:',
          ...web.map(
            (_, place) =>
              `  web-${place}: { certificateBody: { file: web-${place}.crt }, privateKey: { file: web-${place}.key } }`,
          ),
          'instanceProfiles:',
          ...numbers.map((place) => `  spare-${place}: { role: null, tags: { n: "${place}" } }`),
          'passwordPolicy: { minimumPasswordLength: 14, allowUsersToChangePassword: true }',
          '',
        ].join('\n'),
      )
      return files
    },
  }
}

const metadataWith = (certificate) => `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://idp.bench.example/saml">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.bench.example/redirect"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.bench.example/post"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
`
