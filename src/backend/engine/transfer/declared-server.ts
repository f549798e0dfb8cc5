import type { Mount, Service } from '../../../stack/model.ts'
import { isMapping } from '../../../util/object.ts'
import type { DumpFamily } from '../../transfer.ts'
import { familyOf, holdsData, writableMounts } from '../database/family.ts'

/** The configuration of an image, as the engine shows it. */
type Config = Readonly<Record<string, unknown>>

/** The server that a container of the service would run, by what the service declares and what its image says otherwise. */
export function declaredFamily(service: Service, image: Config): DumpFamily | undefined {
  const targets = writableMounts(service).map(({ target }) => target)
  const volumes = isMapping(image.Volumes) ? Object.keys(image.Volumes) : []
  return familyOf(merged(service, image), [...targets, ...volumes])
}

export function declaredHomes(service: Service, family: DumpFamily, image: Config): Mount[] {
  const whole = merged(service, image)
  return writableMounts(service).filter(({ source, target }) => source && holdsData(family, whole, target))
}

function merged(service: Service, { Env, Entrypoint, Cmd }: Config): Service {
  const { environment, entrypoint: own, command } = service
  return {
    ...service,
    environment: { ...variablesIn(textsIn(Env)), ...environment },
    entrypoint: own ?? textsIn(Entrypoint),
    command: command ?? (own ? [] : textsIn(Cmd)),
  }
}

function variablesIn(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(lines.map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]))
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
