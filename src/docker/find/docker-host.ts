import { type Checked, checked, failed } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { configFolder } from '../../util/docker-configuration.ts'
import { type Endpoint, type Environment, type Find, parseHost, type Tls } from '../endpoint.ts'
import { readTls } from './tls.ts'

/** Uses DOCKER_HOST, with DOCKER_TLS_VERIFY, DOCKER_TLS and DOCKER_CERT_PATH. */
export const findByDockerHost: Find = async (environment) => {
  const host = environment.env.DOCKER_HOST
  if (!host) return undefined
  const tls = tlsOf(environment)
  if (tls && !tls.ok) return tls
  const address = parseHost(host, tls?.value)
  if (address) return checked<Endpoint>({ host, from: 'DOCKER_HOST', address }, [])
  const hint = 'expected unix:///path, tcp://host:port, ssh://user@host or npipe:////./pipe/name'
  return failed(error('engine-unreachable', `DOCKER_HOST is "${host}", which is not an engine address`, { hint }))
}

function tlsOf({ env, home }: Environment): Checked<Tls> | undefined {
  const verify = Boolean(env.DOCKER_TLS_VERIFY)
  if (!verify && !env.DOCKER_TLS) return undefined
  return readTls(env.DOCKER_CERT_PATH || configFolder(env, home), verify, ['ca', 'cert', 'key'])
}
