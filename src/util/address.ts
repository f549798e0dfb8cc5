/** An address in front of a port: IPv6 gets brackets. */
export function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}
