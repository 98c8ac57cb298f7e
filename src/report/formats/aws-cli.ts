import { accessScript } from '../aws-cli/access-script.ts'
import { planScript } from '../aws-cli/plan-script.ts'
import { script } from '../aws-cli/script.ts'
import { type ByType, byType, type Format } from './format.ts'

type AwsCliType = 'plan' | 'access diff'

const SCRIPTS: ByType<string, AwsCliType> = {
  plan: ({ plans }, { kinds, diagnostics }) =>
    script(
      plans.map((plan) => planScript(plan, kinds)),
      diagnostics,
    ),
  'access diff': ({ compared }, { diagnostics }) => script(compared.map(accessScript), diagnostics),
  failed: (_, { diagnostics }) => script([], diagnostics),
}

/** Calls of the AWS CLI, as a script for a POSIX shell. */
export const awsCli: Format<AwsCliType> = {
  render: (result, given) => byType(SCRIPTS, result, given),
}
