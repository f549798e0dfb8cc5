import type { ReplicaDetails } from '../../backend/read/containers.ts'
import type { Context } from '../../cli/context.ts'
import { redactCommand, redactDeep } from '../../redact/redact.ts'
import { SHORTEST } from '../../redact/whole-word.ts'
import { NOTHING_SENSITIVE, type Sensitive, secretsInText } from '../../stack/sensitive.ts'
import type { RowFormat } from '../../view/template/row-format.ts'

/** Masks secrets in the printed fields of containers. Costs an extra call only if the command is printed. */
export function withoutSecrets(
  context: Context,
  replicas: readonly ReplicaDetails[],
  format: RowFormat | undefined,
): Promise<ReplicaDetails[]> {
  const wantsCommand = format?.uses('Command') ?? true
  return Promise.all(
    replicas.map(async (replica) => ({
      ...replica,
      labels: format ? redactDeep(replica.labels, NOTHING_SENSITIVE) : {},
      command: wantsCommand ? await opened(context, replica) : '',
    })),
  )
}

/** Inspects a container that may contain secrets. */
async function opened(context: Context, { id, hasSecrets, command }: ReplicaDetails): Promise<string> {
  const reader = await context.project.reader()
  const looked = hasSecrets === false ? undefined : await reader.openCommand(id, context.signal)
  return looked ?? redactCommand(command, saidIn(command))
}

/** The values that a command line itself marks as secret. */
export function saidIn(command: string): Sensitive {
  const known = new Set(secretsInText(command))
  return { values: new Set([...known].filter((each) => each.length >= SHORTEST)), paths: new Set(), known }
}
