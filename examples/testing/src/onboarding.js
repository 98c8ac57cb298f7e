import { AddUserToGroupCommand, CreateUserCommand, DeleteUserCommand, IAMClient } from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'

/**
 * The service with its role.
 * @param config what AWS's clients are made with; in production nothing, and they look in the environment
 */
export async function openOnboarding(config = {}) {
  const sts = new STSClient(config)
  const { Account } = await sts.send(new GetCallerIdentityCommand({}))
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${Account}:role/onboarding`,
      RoleSessionName: 'onboarding-service',
    }),
  )
  const iam = new IAMClient({
    ...config,
    credentials: {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
    },
  })
  return { iam, onboard: (name, team) => onboard(iam, Account, name, team) }
}

async function onboard(iam, account, name, team) {
  const { User } = await iam.send(
    new CreateUserCommand({
      UserName: name,
      Path: `/${team}/`,
      PermissionsBoundary: `arn:aws:iam::${account}:policy/colleague`,
      Tags: [{ Key: 'team', Value: team }],
    }),
  )
  try {
    await iam.send(new AddUserToGroupCommand({ GroupName: team, UserName: name }))
  } catch (error) {
    // Nobody is left behind who belongs nowhere.
    await iam.send(new DeleteUserCommand({ UserName: name }))
    throw error
  }
  return User.Arn
}
