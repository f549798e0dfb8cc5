import type { StepId, When } from '../../../../plan/step.ts'
import { stepIds, type Variant } from '../../../../plan/step-id.ts'
import type { Service } from '../../../../stack/model.ts'
import { isMounted } from '../../../docker/host-paths.ts'
import { CREDENTIALS, type FileSource, type Id } from '../../action.ts'
import { CONFIGS_HOME, CREDENTIALS_FOLDER, fileTarget, SECRETS_HOME, takesCredentials } from '../../lower/storage.ts'
import { serviceIn } from '../context.ts'
import { adder, addressOf } from '../steps.ts'
import type { ReplicaInput, UpContext } from '../types.ts'

/** Copies files into a container that has never run; an interrupted command may have left it without them. */
export function addFiles(
  input: ReplicaInput,
  container: Id,
  options: { variant: Variant; when?: When },
  created?: StepId,
): StepId[] {
  const { context, slot } = input
  const files = filesOf(context, slot.service)
  if (files.length === 0) return []
  const action = { kind: 'put-files', container, files } as const
  const id = stepIds.copy(addressOf(slot), options.variant)
  return [
    adder(
      input,
      options.when,
    )({ id, verb: 'copy', cause: 'secrets and configs that are not mounted', after: [created], action }),
  ]
}

/** The files that are copied into a container of a service. */
export function filesOf(context: UpContext, name: string): FileSource[] {
  const service = serviceIn(context, name)
  return [
    ...sources({ context, service, kind: 'secret', home: SECRETS_HOME }),
    ...sources({ context, service, kind: 'config', home: CONFIGS_HOME }),
    ...(takesCredentials(service) ? [CREDENTIALS_FILE] : []),
  ]
}

const CREDENTIALS_FILE: FileSource = {
  content: CREDENTIALS,
  target: `${CREDENTIALS_FOLDER}/config.json`,
  uid: 0,
  gid: 0,
  mode: 0o444,
}

interface Files {
  context: UpContext
  service: Service
  kind: 'secret' | 'config'
  /** The directory of files without a target. */
  home: string
}

function sources({ context: { declared, engineHost }, service, kind, home }: Files): FileSource[] {
  const objects = declared.stack[`${kind}s`]
  return (service[`${kind}s`] ?? [])
    .filter((reference) => !isMounted(reference, objects[reference.source], engineHost, service))
    .map((reference) => ({
      content: `${kind}/${reference.source}`,
      target: fileTarget(reference, home),
      ...(reference.uid !== undefined && { uid: Number(reference.uid) }),
      ...(reference.gid !== undefined && { gid: Number(reference.gid) }),
      mode: Number.parseInt(reference.mode ?? '0444', 8),
    }))
}
