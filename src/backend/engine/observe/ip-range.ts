/** Consecutive IPv4 or IPv6 addresses, as numbers. */
export interface IpRange {
  bits: 32 | 128
  first: bigint
  size: bigint
}

/** Parses `10.0.0.0/24`; undefined if it is not a range. A single address is a range of one. */
export function rangeOf(text: string): IpRange | undefined {
  const [address = '', prefix] = text.split('/')
  const [bits, value] = address.includes(':') ? [128 as const, ipv6(address)] : [32 as const, ipv4(address)]
  const length = prefix === undefined ? bits : Number(prefix)
  if (value === undefined || !(length >= 0 && length <= bits)) return undefined
  const size = 1n << BigInt(bits - length)
  return { bits, first: value - (value % size), size }
}

/** The offset of an address in a range, from 0; undefined if it is outside. */
export function placeIn(range: IpRange, address: string): bigint | undefined {
  const found = rangeOf(address)
  if (!found || found.bits !== range.bits) return undefined
  const place = found.first - range.first
  return place >= 0n && place < range.size ? place : undefined
}

/** The half of a range that does not contain an address, in CIDR notation. */
export function otherHalf(range: IpRange, address: string): string {
  const half = range.size / 2n
  const isLow = (placeIn(range, address) ?? 0n) < half
  const length = range.bits - (half.toString(2).length - 1)
  return `${textOf(range.bits, isLow ? range.first + half : range.first)}/${length}`
}

/** Advice such as `networks.front.ipam.config: ip_range: 10.0.0.128/25`. */
export function rangeAdvice(key: string, range: IpRange, address: string): string {
  return `\`ip_range: ${otherHalf(range, address)}\` in the pool of network "${key}" (ipam.config)`
}

function ipv4(text: string): bigint | undefined {
  const parts = text.split('.').map(Number)
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined
  return joined(parts, 8n)
}

/** URLs have one canonical spelling of an address (WHATWG URL, IPv6 serializer). */
function ipv6(text: string): bigint | undefined {
  const url = `http://[${text}]`
  if (!URL.canParse(url)) return undefined
  const [head = '', tail] = new URL(url).hostname.slice(1, -1).split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((each) => Number.parseInt(each, 16)))
  const [before, after] = [groups(head), groups(tail ?? '')]
  const zeroes = Array.from({ length: 8 - before.length - after.length }, () => 0)
  return joined([...before, ...zeroes, ...after], 16n)
}

function joined(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((value, part) => (value << width) + BigInt(part), 0n)
}

function textOf(bits: 32 | 128, value: bigint): string {
  const [count, width] = bits === 32 ? [4, 8n] : [8, 16n]
  const parts = Array.from(
    { length: count },
    (_, i) => (value >> (width * BigInt(count - 1 - i))) & ((1n << width) - 1n),
  )
  if (bits === 32) return parts.join('.')
  return new URL(`http://[${parts.map((part) => part.toString(16)).join(':')}]`).hostname.slice(1, -1)
}
