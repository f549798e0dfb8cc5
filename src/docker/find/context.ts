import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Checked, checked, failed } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { configFolder } from '../../util/docker-configuration.ts'
import { type Endpoint, type Environment, type Find, parseHost, type Tls } from '../endpoint.ts'
import { readSmallFile } from '../small-file.ts'
import { readTls } from './tls.ts'

/** Uses the current Docker context: DOCKER_CONTEXT, or else `currentContext` of the Docker configuration. */
export const findByContext: Find = async (environment) => {
  const folder = configFolder(environment.env, environment.home)
  const name = contextName(environment, folder)
  if (!name.ok) return name
  return name.value && name.value !== 'default' ? endpointOf(name.value, folder) : undefined
}

function contextName({ env }: Environment, folder: string): Checked<string | undefined> {
  if (env.DOCKER_CONTEXT) return checked(env.DOCKER_CONTEXT, [])
  const file = join(folder, 'config.json')
  const config = readJson<{ currentContext?: unknown }>(file)
  if (!config.ok) return config
  const name = config.value?.currentContext ?? undefined
  if (name === undefined || typeof name === 'string') return checked(name, [])
  return failed(error('engine-unreachable', `cannot read ${file}: currentContext is not a string`))
}

interface Metadata {
  Endpoints?: { docker?: { Host?: string; SkipTLSVerify?: boolean } }
}

/** A context is stored under the hash of its name (https://docs.docker.com/engine/manage-resources/contexts/). */
async function endpointOf(name: string, folder: string): Promise<Checked<Endpoint>> {
  const { createHash } = await import('node:crypto')
  const id = createHash('sha256').update(name).digest('hex')
  const metadata = readJson<Metadata>(join(folder, 'contexts', 'meta', id, 'meta.json'))
  if (!metadata.ok) return metadata
  const docker = metadata.value?.Endpoints?.docker
  if (!docker?.Host || typeof docker.Host !== 'string') return unknownContext(name)
  const tls = tlsOf(join(folder, 'contexts', 'tls', id, 'docker'), !docker.SkipTLSVerify)
  if (tls && !tls.ok) return tls
  const address = parseHost(docker.Host, tls?.value)
  if (address) return checked({ host: docker.Host, from: `the Docker context "${name}"`, address }, [])
  return failed(
    error(
      'engine-unreachable',
      `the Docker context "${name}" points to "${docker.Host}", which is not an engine address`,
    ),
  )
}

function tlsOf(folder: string, verify: boolean): Checked<Tls> | undefined {
  if (existsSync(folder)) return readTls(folder, verify, [])
  return verify ? undefined : checked<Tls>({ verify }, [])
}

function unknownContext(name: string): Checked<Endpoint> {
  const hint = 'list them with `docker context ls`, choose one with `docker context use NAME`'
  return failed(error('engine-unreachable', `the Docker context "${name}" does not exist`, { hint }))
}

function readJson<T>(file: string): Checked<T | undefined> {
  if (!existsSync(file)) return checked<T | undefined>(undefined, [])
  try {
    return checked<T | undefined>(JSON.parse(readSmallFile(file).toString('utf8')) as T, [])
  } catch (problem) {
    return failed(error('engine-unreachable', `cannot read ${file}: ${(problem as Error).message}`))
  }
}
