import { BackendError } from '../diagnostics/backend-error.ts'
import type { Endpoint, Environment } from './endpoint.ts'

/** Why a connection could not be established, by error code. Certificates have dozens of codes. */
const REASONS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOENT: 'the socket does not exist',
  EACCES: 'permission denied for the socket',
  EPERM: 'permission denied for the socket',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'the host name cannot be resolved at the moment',
  ETIMEDOUT: 'it did not answer in time',
  EHOSTUNREACH: 'there is no route to that host',
  ENETUNREACH: 'there is no route to that network',
}

/** The error for a connection that was never established; `undefined` for any other error. */
export function explainUnreachable(
  endpoint: Endpoint,
  environment: Environment,
  cause: Error,
): BackendError | undefined {
  const reason = reasonOf(cause)
  if (reason === undefined) return undefined
  const message = `no Docker engine answers at ${endpoint.host} (chosen by ${endpoint.from}): ${reason}`
  const hint = hintFor(endpoint, environment, codeOf(cause))
  return new BackendError('unreachable', message, { hint, cause }, message)
}

function reasonOf(cause: Error): string | undefined {
  const { code = '', syscall = '' } = cause as NodeJS.ErrnoException
  if (cause.name === 'SshError') return cause.message
  if (['connect', 'getaddrinfo'].includes(syscall)) return REASONS[code] ?? cause.message
  return isCertificate(code) ? `its certificate is not accepted (${cause.message})` : undefined
}

function codeOf(cause: Error): string {
  return (cause as NodeJS.ErrnoException).code ?? ''
}

function isCertificate(code: string): boolean {
  return /CERT|SIGNATURE|^ERR_(TLS|SSL)|^EPROTO$/.test(code)
}

function hintFor({ address }: Endpoint, { platform }: Environment, code: string): string {
  if (address.kind === 'ssh') return `try \`ssh ${address.hostname} docker version\``
  if (isCertificate(code))
    return 'check DOCKER_CERT_PATH and DOCKER_TLS_VERIFY, or the TLS settings of the Docker context'
  if (code === 'EACCES' || code === 'EPERM') {
    return 'join the group that owns the socket (`sudo usermod -aG docker $USER`, then log in again), or use sudo'
  }
  if (address.kind === 'tcp')
    return 'check DOCKER_HOST or the Docker context, and that the engine listens on that address'
  if (platform === 'linux') return 'start it with `sudo systemctl start docker`, or name another engine in DOCKER_HOST'
  return 'start Docker Desktop, or name another engine in DOCKER_HOST'
}
