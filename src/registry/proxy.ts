import { BlockList, isIP } from 'node:net'
import { RegistryError } from './error.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy through which an address is reached; undefined for a direct connection. HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in
 * capital or small letters, as docker reads them (golang.org/x/net/http/httpproxy). Throws a RegistryError for a value that is no
 * address.
 */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const written = either(env, name)
  if (!written || isDirect(url, either(env, 'NO_PROXY'))) return undefined
  const proxy = [written, `http://${written}`].find((text) => /^[a-z][\w+.-]*:\/\//i.test(text) && URL.canParse(text))
  if (proxy === undefined) throw new RegistryError('unreachable', `the value of ${name} is not the address of a proxy`)
  return new URL(proxy)
}

function either(env: Environment, name: string): string {
  return env[name] || env[name.toLowerCase()] || ''
}

/** The loopback interface is never reached through a proxy. */
function isDirect({ hostname, port, protocol }: URL, exceptions: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (host === 'localhost' || inSubnet(host, '127.0.0.0', 8) || host === '::1') return true
  const place = { host, port: port || (protocol === 'https:' ? '443' : '80') }
  return exceptions.split(',').some((rule) => isExcepted(rule.trim().toLowerCase(), place))
}

/** `*`, a subnet, an address, or a domain with its subdomains (`.example.org`: these only); the last two may have a port. */
function isExcepted(rule: string, { host, port }: { host: string; port: string }): boolean {
  if (rule === '*') return true
  const [, subnet = '', bits] = /^(.+)\/(\d+)$/.exec(rule) ?? []
  if (bits !== undefined) return inSubnet(host, subnet, Number(bits))
  const [, bracketed, plain = '', only] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(rule) ?? []
  const name = isIP(rule) ? rule : (bracketed ?? plain.replace(/^\*(?=\.)/, ''))
  if (name === '' || (only !== undefined && only !== port)) return false
  if (isIP(name)) return inSubnet(host, name, isIP(name) === 4 ? 32 : 128)
  return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`)
}

function inSubnet(host: string, network: string, bits: number): boolean {
  const [own, other] = [familyOf(host), familyOf(network)]
  if (!own || own !== other || bits > (own === 'ipv4' ? 32 : 128)) return false
  const list = new BlockList()
  list.addSubnet(network, bits, own)
  return list.check(host, own)
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6'
}
