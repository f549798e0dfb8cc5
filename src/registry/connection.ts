import { refusalIn } from './body.ts'
import { basicHeader, bearerToken, type Challenge, challengeOf, type RegistryCredentials } from './credentials.ts'
import { RegistryError } from './error.ts'
import { exchange, type Message } from './wire.ts'

export interface RegistryOptions {
  /** Host and port: `docker.io`, `localhost:5000`. */
  registry: string
  /** Whether plain HTTP is allowed, in addition to the loopback interface. */
  insecure: boolean
  credentialsFor(registry: string): Promise<RegistryCredentials | undefined>
  signal: AbortSignal
  /** The proxy for an address, if any. Throws a RegistryError. */
  proxyFor?(url: URL): URL | undefined
}

interface Ask extends Message {
  /** Statuses that are an answer, in addition to those of success. */
  accept?: readonly number[]
}

const MOST_REDIRECTS = 5

/** Requests to one registry: over TLS where there is any, with credentials if they are asked for, following few redirects. */
export class RegistryConnection {
  #scheme: Promise<'https' | 'http'> | undefined
  #authorization: string | undefined

  constructor(private readonly options: RegistryOptions) {}

  get registry(): string {
    return this.options.registry
  }

  /** Sends a request; the path starts with `/v2/`, or is an address that the registry gave. Throws a RegistryError for any refusal. */
  async ask(path: string, { accept = [], ...init }: Ask = {}): Promise<Response> {
    const url = new URL(path, await this.#origin())
    const first = await this.#send(url, init)
    const response = first.status === 401 ? await this.#authorized(url, init, first) : first
    if (response.ok || accept.includes(response.status)) return response
    throw await refused(response)
  }

  /** Plain HTTP only if it is allowed, and the registry does not speak TLS. */
  scheme(): Promise<'https' | 'http'> {
    this.#scheme ??= this.#findScheme()
    return this.#scheme
  }

  async #origin(): Promise<string> {
    return `${await this.scheme()}://${hostOf(this.options.registry)}`
  }

  async #findScheme(): Promise<'https' | 'http'> {
    const { registry, insecure } = this.options
    if (!insecure && !isLoopback(registry)) return 'https'
    try {
      const response = await this.#exchange(new URL(`https://${hostOf(registry)}/v2/`))
      await response.body?.cancel()
      return 'https'
    } catch (thrown) {
      if (this.options.signal.aborted) throw thrown
      return 'http'
    }
  }

  /** A body that is a stream can be sent only once: requests with one come after others that are authorized. */
  async #authorized(url: URL, init: Message, refusal: Response): Promise<Response> {
    const challenge = challengeOf(refusal)
    if (!challenge || init.body instanceof ReadableStream) return refusal
    const authorization = await this.#answerTo(challenge)
    if (authorization === undefined) return refusal
    await refusal.body?.cancel()
    this.#authorization = authorization
    return this.#send(url, init)
  }

  async #answerTo(challenge: Challenge): Promise<string | undefined> {
    const { registry, credentialsFor } = this.options
    const credentials = await credentialsFor(registry)
    if (challenge.scheme === 'basic') return credentials?.username ? basicHeader(credentials) : undefined
    await this.#demandSafe(challenge.realm)
    const token = await bearerToken(challenge, credentials, (url, init) => this.#follow(url, init, url.origin))
    return `Bearer ${token}`
  }

  async #send(url: URL, { headers = {}, ...init }: Message): Promise<Response> {
    const own = this.#authorization ? { authorization: this.#authorization } : {}
    return this.#follow(url, { ...init, headers: { ...headers, ...own } }, await this.#origin())
  }

  /** Credentials go only to the origin that they are for, not to where it redirects. */
  async #follow(url: URL, { headers = {}, ...init }: Message, origin: string): Promise<Response> {
    const { authorization: _, ...others } = headers
    let at = url
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const response = await this.#exchange(at, { ...init, headers: at.origin === origin ? headers : others })
      const location = response.headers.get('location')
      const isElsewhere = response.status >= 301 && response.status <= 308 && response.status !== 304
      if (!isElsewhere || !location) return response
      await response.body?.cancel()
      if (!['GET', 'HEAD', undefined].includes(init.method) || !URL.canParse(location, at.href)) return response
      at = new URL(location, at.href)
      await this.#demandSafe(at)
    }
    throw new RegistryError('invalid', `the registry redirects more than ${MOST_REDIRECTS} times`)
  }

  /** A registry that is asked over TLS must not lead to a place without it. */
  async #demandSafe(url: URL): Promise<void> {
    const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && (await this.scheme()) === 'http')
    if (!isAllowed) throw new RegistryError('invalid', `the registry leads to ${url.origin}, which is not encrypted`)
  }

  async #exchange(url: URL, message: Message = {}): Promise<Response> {
    const { signal, registry } = this.options
    const proxy = this.options.proxyFor?.(url)
    try {
      return await exchange(url, message, { signal, proxy })
    } catch (cause) {
      signal.throwIfAborted()
      const way = proxy ? ` through the proxy ${proxy.host}` : ''
      throw new RegistryError('unreachable', `${registry} does not answer${way}: ${reasonFor(cause)}`, { cause })
    }
  }
}

/** Docker Hub's registry has another host than its name. */
function hostOf(registry: string): string {
  return registry === 'docker.io' ? 'registry-1.docker.io' : registry
}

/** Whether a registry is on this machine's loopback interface, where Docker allows plain HTTP too. */
function isLoopback(registry: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(registry)
}

async function refused(response: Response): Promise<RegistryError> {
  const { status } = response
  const reason = await refusalIn(response)
  if (status === 401 || status === 403) return new RegistryError('denied', reason || 'access is denied', { status })
  if (status === 404) return new RegistryError('missing', reason || 'not found', { status })
  return new RegistryError('refused', `the registry answered ${status}${reason ? `: ${reason}` : ''}`, { status })
}

/** A name with several addresses fails with an error for each of them. */
function reasonFor(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonFor(cause.errors[0])
  return cause instanceof Error ? cause.message : String(cause)
}
