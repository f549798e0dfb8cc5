import type { Endpoint } from './endpoint.ts'

/** The endpoints that a browser can show, sorted by port. */
export function pagesIn(endpoints: readonly Endpoint[]): Endpoint[] {
  return endpoints.filter(({ host }) => /^https?:/.test(host))
}

/** Removes credentials and tokens from an address, and reports whether there were any. */
export function openly(address: string): { address: string; logsIn: boolean } {
  const url = new URL(address)
  const logsIn = url.search !== ''
  url.search = ''
  return { address: url.href, logsIn }
}
