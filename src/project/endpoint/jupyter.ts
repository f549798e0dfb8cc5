import { encode, firstOf, type Kind, type PortFacts } from './facts.ts'

/** Jupyter Lab or Notebook. The URL contains the token, since users request endpoints in order to open them. */
export const JUPYTER: Kind = {
  name: 'Jupyter',
  matches: ({ target, command }) => target === 8888 || (/jupyter/.test(command) && portOf(command) === target),
  url(at, facts) {
    const token = tokenOf(facts)
    return `${schemeOf(facts)}://${at}/lab${token ? `?token=${encode(token)}` : ''}`
  },
}

/** An otherwise unknown port of a container that has a Jupyter token. */
export const PERHAPS_JUPYTER: Kind = { ...JUPYTER, matches: (facts) => tokenOf(facts) !== undefined }

function portOf(command: string): number {
  return Number(/--(?:ServerApp\.|NotebookApp\.)?port[= ](\d+)/.exec(command)?.[1])
}

/** Jupyter Server speaks https only once it has a certificate; the official images make one where GEN_CERT is set. */
function schemeOf(facts: PortFacts): string {
  const isGiven = /--(?:ServerApp\.|NotebookApp\.)?certfile[= ]\S/.test(facts.command)
  return isGiven || firstOf(facts, 'GEN_CERT') !== undefined ? 'https' : 'http'
}

/**
 * The token from JUPYTER_TOKEN, or from an argument in Jupyter Server's documentation (`--IdentityProvider.token` and its older
 * names).
 */
function tokenOf(facts: PortFacts): string | undefined {
  const argument = /--(?:IdentityProvider|ServerApp|NotebookApp)\.token[= ]['"]?([^'"\s]+)/.exec(facts.command)
  return firstOf(facts, 'JUPYTER_TOKEN') ?? argument?.[1]
}
