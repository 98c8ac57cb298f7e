import type { ReportKinds } from '../report/report-kind.ts'
import { accessKey } from './accessKey/report.ts'
import { accountAlias } from './accountAlias/report.ts'
import { group } from './group/report.ts'
import { instanceProfile } from './instanceProfile/report.ts'
import { mfaDevice } from './mfaDevice/report.ts'
import { oidcProvider } from './oidcProvider/report.ts'
import { passwordPolicy } from './passwordPolicy/report.ts'
import { policy } from './policy/report.ts'
import { role } from './role/report.ts'
import { samlProvider } from './samlProvider/report.ts'
import { serverCertificate } from './serverCertificate/report.ts'
import { serviceLinkedRole } from './serviceLinkedRole/report.ts'
import { serviceSpecificCredential } from './serviceSpecificCredential/report.ts'
import { signingCertificate } from './signingCertificate/report.ts'
import { sshPublicKey } from './sshPublicKey/report.ts'
import { user } from './user/report.ts'

/** What reports know of each kind. */
export const REPORT_KINDS: ReportKinds = {
  user,
  group,
  role,
  policy,
  accessKey,
  sshPublicKey,
  signingCertificate,
  serviceSpecificCredential,
  mfaDevice,
  instanceProfile,
  serviceLinkedRole,
  oidcProvider,
  samlProvider,
  serverCertificate,
  passwordPolicy,
  accountAlias,
}
