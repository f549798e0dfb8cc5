// Which engine the user means, by the same rules as the docker command line.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { UserError } from './process.mjs'

/**
 * @typedef {object} Endpoint
 * @property {string} host      as in DOCKER_HOST: unix://, npipe://, tcp://, http(s):// or ssh://
 * @property {string} from      who chose it, in words
 * @property {string} [tlsDir]  folder with ca.pem, cert.pem and key.pem
 * @property {boolean} [verify] whether the engine's certificate is checked
 */

/** The endpoint that the user chose: DOCKER_HOST, else the current context. Undefined: no choice was made. */
export function chosenEndpoint(env = process.env) {
  if (env.DOCKER_HOST) return { host: env.DOCKER_HOST, from: 'DOCKER_HOST', ...tlsFromEnvironment(env) }
  const name = env.DOCKER_CONTEXT || currentContext(env)
  return name && name !== 'default' ? contextEndpoint(name, env) : undefined
}

/** The places where an engine listens if nobody chose another one, likeliest first: as src/docker/find has them. */
export function defaultEndpoints(env = process.env, platform = process.platform) {
  const from = 'the default socket'
  if (platform === 'win32') return [{ host: 'npipe:////./pipe/docker_engine', from }]
  return socketPaths(env).map((path) => ({ host: `unix://${path}`, from }))
}

function socketPaths(env) {
  const runtime = env.XDG_RUNTIME_DIR || `/run/user/${process.getuid?.()}`
  const ofHome = ['.docker/run', '.docker/desktop', '.orbstack/run', '.rd', '.colima/default']
  return [
    '/var/run/docker.sock',
    join(runtime, 'docker.sock'),
    ...ofHome.map((folder) => join(homedir(), folder, 'docker.sock')),
  ]
}

function tlsFromEnvironment(env) {
  const verify = Boolean(env.DOCKER_TLS_VERIFY)
  if (!verify && !env.DOCKER_TLS) return {}
  return { tlsDir: env.DOCKER_CERT_PATH || configFolder(env), verify }
}

function configFolder(env) {
  return env.DOCKER_CONFIG || join(homedir(), '.docker')
}

function currentContext(env) {
  return readJson(join(configFolder(env), 'config.json'))?.currentContext
}

/** A context is stored in a folder named by the hash of its name. */
function contextEndpoint(name, env) {
  const id = createHash('sha256').update(name).digest('hex')
  const docker = readJson(join(configFolder(env), 'contexts/meta', id, 'meta.json'))?.Endpoints?.docker
  if (!docker?.Host)
    throw new UserError(`The Docker context "${name}" does not exist: choose another with \`docker context use\`.`)
  const tlsDir = join(configFolder(env), 'contexts/tls', id, 'docker')
  const tls = existsSync(tlsDir) || docker.SkipTLSVerify ? { tlsDir, verify: !docker.SkipTLSVerify } : {}
  return { host: docker.Host, from: `the Docker context "${name}"`, ...tls }
}

function readJson(file) {
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new UserError(`${file} is not valid JSON: ${error.message}`)
  }
}
