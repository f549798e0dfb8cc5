import { overallHash } from '../../plan/fingerprint.ts'
import type { Stack } from '../../stack/model.ts'
import { declaredFields } from './fields.ts'

/** The value of the label `com.docker.compose.config-hash`: 64 hexadecimal digits that are equal for equal declarations. */
export function configHash(stack: Stack, service: string): string {
  return overallHash(declaredFields(stack, service), stack.name)
}
