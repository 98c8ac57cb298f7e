/**
 * Service principals that are neither named after a prefix of actions nor in AWS's managed policies, without their
 * `.amazonaws.com`. AWS publishes no list: each stands in the guide of its service, where its role or resource policy is
 * described.
 */
const OTHERS = `
  a4b airflow-env alexa-appkit alexa-connectedhome aps-rules arczonalshift automation.ssm batchoperations.s3 billingconsole
  bots.lex build.apprunner channel.ivs cloudwatch-crossaccount codestar-notifications cognito-sync config-multiaccountsetup
  connector.appstream custom.rekognition customer-profiles datapipeline delegatedadmin diode dlm ecs-tasks edgelambda
  eks-connector eks-fargate eks-fargate-pods eks-nodegroup es export.rds hooks.cloudformation iotthingsgraph jellyfish
  lambda.alarms.cloudwatch logger.cloudfront lookoutvision machinelearning manifest.mediatailor
  member.org.stacksets.cloudformation metering-marketplace metrics.cloudwatch mgh mobileanalytics monitoring monitoring.rds
  notifications opensearch ops.apigateway osis-pipelines pinpoint pricing privateca quicksetup replicator.lambda reporting.s3
  resources.cloudformation secretsmanager-rotation sms-voice ssm-incidents ssm-quicksetup ssmincidents-contacts
  stacksets.cloudformation storage-lens.s3 streams.metrics.cloudwatch support.apprunner tagging tasks.apprunner
  topic.sns training.sagemaker trustedadvisor verified-access vpc-flow-logs vpce vpcorigin.cloudfront workspaces-web
`
  .trim()
  .split(/\s+/)

/** What the names of service principals end with. */
const PRINCIPAL_SUFFIXES: readonly string[] = [
  '.amazonaws.com',
  '.amazonaws.com.cn',
  '.amazonaws.eu',
  '.aws.internal',
  '.c2s.ic.gov',
  '.sc2s.sgov.gov',
]

/** Without the suffix, and without a region: `states.us-east-1.amazonaws.com` is `states`. */
export function principalLabel(principal: string): string | null {
  const suffix = PRINCIPAL_SUFFIXES.findLast((each) => principal.toLowerCase().endsWith(each))
  if (suffix === undefined) return null
  return principal.slice(0, -suffix.length).replace(/\.[a-z]{2,4}(?:-[a-z]+)+-\d+$/, '')
}

/** @param written service principals of AWS's policies, in full */
export const knownPrincipalLabels = (written: readonly string[]): ReadonlySet<string> =>
  new Set([...OTHERS, ...written.flatMap((principal) => principalLabel(principal) ?? [])])
