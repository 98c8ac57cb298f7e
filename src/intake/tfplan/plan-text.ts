import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { inputText } from '../input-text.ts'
import { jsonValues } from '../json-values.ts'

/** How a plan is written in the form that is read. */
export const SHOW =
  'write it with `terraform plan -out=tfplan && terraform show -json tfplan > plan.json` (or `tofu`)'

/**
 * What a plan file holds, as plain values. No message shows any of it: secrets stand in plans.
 * @param file as the user named it
 * @throws DiagnosticError `intake.…` when it is the binary plan, or no JSON
 */
export function planValues(file: string, bytes: Uint8Array): unknown {
  const refuse = (code: string, message: string, help: string): never => {
    throw new DiagnosticError(errorOf({ code, message, help }))
  }
  // A ZIP archive.
  if (bytes[0] === 0x50 && bytes[1] === 0x4b)
    refuse(
      'intake.tfplan-binary',
      `\`${file}\` is the plan as Terraform keeps it for itself, not as JSON`,
      '`terraform show -json tfplan > plan.json` (or `tofu show …`) writes the form that is read',
    )
  const [json, second] = jsonValues(file, inputText(file, bytes))
  if (second !== undefined)
    refuse('intake.not-a-plan', `\`${file}\` holds several JSON values: a log, but no Terraform plan`, SHOW)
  return json
}
