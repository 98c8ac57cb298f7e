import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'

/**
 * Loads a client of AWS's when it is first needed: whoever has no account at AWS has none installed.
 * @throws DiagnosticError `aws.no-sdk`
 */
export async function loadSdk<T>(name: string, load: () => Promise<T>): Promise<T> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  try {
    return await load()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new DiagnosticError(
      errorOf({
        code: 'aws.no-sdk',
        message: `an account of \`kind: aws\` is reached by the package \`${name}\`, which is not installed`,
        help: `install it beside iam-sync: \`npm install ${name}\``,
      }),
    )
  }
}
