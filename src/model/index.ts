export * from '../kinds/accountAlias/kind.ts'
export * from '../kinds/group/kind.ts'
export * from '../kinds/instanceProfile/kind.ts'
export * from '../kinds/kind.ts'
export * from '../kinds/mfaDevice/kind.ts'
export * from '../kinds/oidcProvider/kind.ts'
export * from '../kinds/passwordPolicy/kind.ts'
export * from '../kinds/policy/kind.ts'
export * from '../kinds/role/kind.ts'
export * from '../kinds/samlProvider/kind.ts'
export * from '../kinds/serverCertificate/kind.ts'
export * from '../kinds/serviceLinkedRole/kind.ts'
export * from '../kinds/serviceSpecificCredential/kind.ts'
export * from '../kinds/signingCertificate/kind.ts'
export * from '../kinds/sshPublicKey/kind.ts'
export * from '../kinds/user/kind.ts'
export * from './account-state.ts'
export * from './arn.ts'
export * from './child.ts'
export * from './declarations.ts'
export * from './entity.ts'
export * from './estate.ts'
export * from './held-resources.ts'
export * from './identities.ts'
export * from './keys-of.ts'
export * from './organization.ts'
export * from './own-value.ts'
export * from './policy-document.ts'
export * from './recorded-facts.ts'
export * from './regions.ts'
export * from './running-thing.ts'
export {
  isSecretSource,
  type MadeSecret,
  madeText,
  type PlacedSecret,
  Secret,
  type SecretSource,
  sourceText,
  type ToldSecret,
} from './secret.ts'
