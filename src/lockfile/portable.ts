import { covered } from '../redact/ranges.ts'
import { redactDeep } from '../redact/redact.ts'
import type { Service, Stack } from '../stack/model.ts'
import { MASK, type Sensitive } from '../stack/sensitive.ts'
import { isMapping, mapValues } from '../util/object.ts'

/** Stands for a secret. */
export const SECRET = '(secret)'
/** Stands for a path outside of the project directory. */
export const ELSEWHERE = '(elsewhere)'

type Data = Record<string, unknown>

/**
 * A stack as it is on every machine: without host ports, the project's name, absolute paths, secrets, and what only matters before
 * containers are created. Files outside of the project directory are `(elsewhere)`.
 */
export function portableStack(stack: Stack, sensitive: Sensitive): Data {
  const { services, networks, volumes, secrets, configs, models } = withoutSecretPaths(stack, '', sensitive) as Stack
  const directory = stack.origin.workingDir
  const isDefault = (name: string, key: string) => name === `${stack.name}_${key}` || name === `${stack.name}-${key}`
  const section = (all: Readonly<Record<string, { name: string; file?: string }>>) =>
    mapValues(
      all,
      ({ name, file, ...rest }, key): Data => ({
        ...rest,
        ...(!isDefault(name, key) && { name }),
        ...(file !== undefined && { file: portablePath(file, directory) }),
      }),
    )
  const parts = {
    services: mapValues(services, (service) => portableService(service, directory)),
    networks: section(networks),
    volumes: section(volumes),
    secrets: section(secrets),
    configs: section(configs),
    ...(models && { models }),
  }
  const filled = Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0)
  return finished(redactDeep(Object.fromEntries(filled), sensitive), directory) as Data
}

/** A build as declared, on every machine. */
export function portableBuild(stack: Stack, service: string, sensitive: Sensitive): Data {
  const { context = '', ...rest } = { ...stack.services[service]?.build }
  const masked = withoutSecretPaths(rest, `services.${service}.build`, sensitive)
  const place = /^\w+:\/\/|^git@/.test(context) ? context : portablePath(context, stack.origin.workingDir)
  return finished(redactDeep({ ...(masked as Data), context: place }, sensitive), stack.origin.workingDir) as Data
}

/** A path below the project directory as `./PATH`; `.` for the directory itself; undefined for any other absolute path. */
export function relativePath(path: string, directory: string): string | undefined {
  if (path === directory) return '.'
  const base = directory.endsWith('/') ? directory : `${directory}/`
  return path.startsWith(base) ? `./${path.slice(base.length)}` : undefined
}

function portablePath(path: string, directory: string): string {
  return relativePath(path, directory) ?? (path.startsWith('/') ? ELSEWHERE : path)
}

/** Already applied to the service, without effect on its containers, or noted elsewhere. */
const LEFT_OUT = new Set(['build', 'env_file', 'label_file', 'extends', 'develop', 'attach', 'profiles', 'pull_policy'])

function portableService(service: Service, directory: string): Data {
  const kept = Object.entries(service).filter(([key]) => !LEFT_OUT.has(key) && !key.startsWith('x-'))
  const { ports, volumes } = service
  return {
    ...Object.fromEntries(kept),
    ...(ports && { ports: ports.map(({ published: _, host_ip: __, ...port }) => port) }),
    ...(volumes && {
      volumes: volumes.map((mount) =>
        mount.type === 'bind' ? { ...mount, source: portablePath(mount.source ?? '', directory) } : mount,
      ),
    }),
  }
}

/** Values at secret paths become masks, whatever they are: an empty one also looks the same on every machine. */
function withoutSecretPaths(value: unknown, path: string, sensitive: Sensitive): unknown {
  if (sensitive.paths.has(path)) return MASK
  const said = sensitive.said?.get(path)
  if (said && typeof value === 'string') return covered(value, said)
  if (Array.isArray(value)) return value.map((each, index) => withoutSecretPaths(each, `${path}[${index}]`, sensitive))
  if (!isMapping(value)) return value
  return mapValues(value, (each, key) => withoutSecretPaths(each, path === '' ? key : `${path}.${key}`, sensitive))
}

/** Sorts keys, leaves out what is undefined, and makes paths below the directory relative. */
function finished(value: unknown, directory: string): unknown {
  if (typeof value === 'string') return (relativePath(value, directory) ?? value).replaceAll(MASK, SECRET)
  if (Array.isArray(value)) return value.map((each) => finished(each, directory))
  if (!isMapping(value)) return value
  const keys = Object.keys(value).filter((key) => value[key] !== undefined)
  return Object.fromEntries(keys.sort().map((key) => [key, finished(value[key], directory)]))
}
