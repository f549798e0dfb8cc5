import type { Endpoint } from './endpoint.ts'

/** Endpoints that a browser shows, in the order of their ports. */
export function pagesIn(endpoints: readonly Endpoint[]): Endpoint[] {
  return endpoints.filter(({ host }) => /^https?:/.test(host))
}

/** An address without what it logs in with, and whether there was such. */
export function openly(address: string): { address: string; logsIn: boolean } {
  const url = new URL(address)
  const logsIn = url.search !== ''
  url.search = ''
  return { address: url.href, logsIn }
}
