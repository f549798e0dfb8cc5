import type { Checked } from '../diagnostics/checked.ts'

/** Input for finding an engine. */
export interface Environment {
  env: Record<string, string | undefined>
  /** The user's home directory. */
  home: string
  /** As `process.platform`. */
  platform: string
  /** The user's numeric id, where the platform has them. */
  uid?: number
}

/** Where an engine listens. */
export interface Endpoint {
  /** As in DOCKER_HOST, e.g. `unix:///var/run/docker.sock`. */
  host: string
  /** The setting that selected it, for messages, e.g. `DOCKER_HOST`. */
  from: string
  address: Address
}

export type Address =
  | { kind: 'socket'; path: string }
  | { kind: 'tcp'; hostname: string; port: number; tls?: Tls }
  | { kind: 'ssh'; hostname: string; port?: number; user?: string; socket?: string }

/** PEM texts. Without `verify` the engine's certificate is not checked. */
export interface Tls {
  ca?: Buffer
  cert?: Buffer
  key?: Buffer
  verify: boolean
}

/** One way to find an engine; `undefined` if it does not apply. */
export type Find = (environment: Environment) => Promise<Checked<Endpoint> | undefined>

/** Whether the engine sees another file system than flotilla does, so that bind mounts would refer to other directories. */
export function isRemote({ address }: Endpoint): boolean {
  if (address.kind === 'socket') return false
  return address.kind === 'ssh' || !/^(localhost|127(\.\d+){3}|::1)$/.test(address.hostname)
}

const PLAIN_PORT = 2375
const TLS_PORT = 2376

/** Parses a DOCKER_HOST (https://docs.docker.com/reference/cli/docker/#environment-variables); `undefined` if it is invalid. */
export function parseHost(host: string, tls?: Tls): Address | undefined {
  const [, scheme, rest = ''] = host.match(/^(\w+):\/\/(.*)$/s) ?? [undefined, 'tcp', host]
  if (scheme === 'unix') return { kind: 'socket', path: rest || '/var/run/docker.sock' }
  if (scheme === 'npipe') return { kind: 'socket', path: rest || '//./pipe/docker_engine' }
  if (scheme === 'ssh') return sshAddress(host)
  return scheme && ['tcp', 'http', 'https'].includes(scheme) ? tcpAddress(scheme, rest, tls) : undefined
}

function tcpAddress(scheme: string, rest: string, tls: Tls | undefined): Address | undefined {
  const url = parseUrl(`tcp://${rest}`)
  if (!url?.hostname) return undefined
  const secured = tls ?? (scheme === 'https' ? { verify: true } : undefined)
  const port = Number(url.port) || (secured ? TLS_PORT : PLAIN_PORT)
  return { kind: 'tcp', hostname: bare(url.hostname), port, ...(secured ? { tls: secured } : {}) }
}

function sshAddress(host: string): Address | undefined {
  const url = parseUrl(host)
  // A password in the address is rejected, as by the docker command line: ssh does not accept one.
  if (!url?.hostname || url.password || url.hostname.startsWith('-')) return undefined
  return {
    kind: 'ssh',
    hostname: bare(url.hostname),
    ...(url.port ? { port: Number(url.port) } : {}),
    ...(url.username ? { user: decodeURIComponent(url.username) } : {}),
    ...(url.pathname.length > 1 ? { socket: url.pathname } : {}),
  }
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

/** Removes the brackets around an IPv6 address. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}
