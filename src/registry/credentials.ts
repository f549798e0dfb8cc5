import { readBody } from './body.ts'
import { RegistryError } from './error.ts'
import type { Message } from './wire.ts'

/** What the user's Docker configuration knows of a registry. */
export interface RegistryCredentials {
  username?: string
  password?: string
  identitytoken?: string
}

/** How a registry wants to be asked: the challenge of a 401. */
export type Challenge = { scheme: 'basic' } | { scheme: 'bearer'; realm: URL; service?: string; scope?: string }

/** The challenge of a refusal that this program can answer; undefined for any other. */
export function challengeOf(response: Response): Challenge | undefined {
  const header = response.headers.get('www-authenticate') ?? ''
  if (/^basic\b/i.test(header)) return { scheme: 'basic' }
  if (!/^bearer\b/i.test(header)) return undefined
  const found = [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key.toLowerCase(), value])
  const { realm, service, scope } = Object.fromEntries(found) as Record<string, string | undefined>
  if (realm === undefined || !URL.canParse(realm)) return undefined
  return { scheme: 'bearer', realm: new URL(realm), ...(service && { service }), ...(scope && { scope }) }
}

export function basicHeader({ username = '', password = '' }: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

const MOST_TOKEN_BYTES = 1024 * 1024

/**
 * A token for a challenge (https://distribution.github.io/distribution/spec/auth/): anonymous without credentials. `send` makes one
 * request.
 */
export async function bearerToken(
  challenge: Extract<Challenge, { scheme: 'bearer' }>,
  credentials: RegistryCredentials | undefined,
  send: (url: URL, message: Message) => Promise<Response>,
): Promise<string> {
  const response = await (credentials?.identitytoken
    ? send(challenge.realm, refreshing(challenge, credentials.identitytoken))
    : send(withQuery(challenge), credentials?.username ? { headers: { authorization: basicHeader(credentials) } } : {}))
  if (!response.ok) {
    await response.body?.cancel()
    throw new RegistryError('denied', 'the registry does not accept the credentials', { status: response.status })
  }
  return tokenIn((await readBody(response, MOST_TOKEN_BYTES)).toString('utf8'))
}

function withQuery({ realm, service, scope }: Extract<Challenge, { scheme: 'bearer' }>): URL {
  const url = new URL(realm)
  if (service) url.searchParams.set('service', service)
  if (scope) url.searchParams.set('scope', scope)
  return url
}

function refreshing({ service, scope }: Extract<Challenge, { scheme: 'bearer' }>, token: string): Message {
  const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'flotilla', refresh_token: token })
  if (service) body.set('service', service)
  if (scope) body.set('scope', scope)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return { method: 'POST', headers, body: body.toString() }
}

function tokenIn(text: string): string {
  try {
    const { token, access_token: access } = JSON.parse(text) as { token?: unknown; access_token?: unknown }
    const found = token || access
    if (typeof found === 'string' && /^[\x21-\x7e]+$/.test(found)) return found
  } catch {
    // Reported below.
  }
  throw new RegistryError('invalid', 'the registry answered a request for a token with something else')
}
