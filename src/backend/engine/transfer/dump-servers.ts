import type { ContainerDetail, Engine } from '../../../docker/port.ts'
import type { Service } from '../../../stack/model.ts'
import type { DumpServer } from '../../transfer.ts'
import { familyOf, holdsData, writableMounts } from '../database/family.ts'

/** The database server in a container, whose settings include those of its image. */
export async function serverIn(
  engine: Engine,
  container: string,
  signal: AbortSignal,
): Promise<DumpServer | undefined> {
  const detail = await engine.inspectContainer(container, signal)
  if (!detail) return undefined
  const { image, spec, mounts } = detail
  const environment = Object.fromEntries((spec.Env ?? []).map((line) => [line.split('=')[0] ?? '', after(line)]))
  const targets = mounts.filter(({ readOnly }) => !readOnly).map(({ target }) => target)
  return serverOf({ image, environment, ...wordsOf(spec) }, targets)
}

export function serverDeclared(service: Service): DumpServer | undefined {
  return serverOf(
    service,
    writableMounts(service).map(({ target }) => target),
  )
}

function serverOf(service: Service, targets: readonly string[]): DumpServer | undefined {
  const family = familyOf(service, targets)
  return family && { family, homes: targets.filter((target) => holdsData(family, service, target)) }
}

function wordsOf({ Entrypoint, Cmd }: ContainerDetail['spec']) {
  return { ...(Entrypoint && { entrypoint: Entrypoint }), ...(Cmd && { command: Cmd }) }
}

function after(line: string): string {
  return line.slice(line.indexOf('=') + 1)
}
