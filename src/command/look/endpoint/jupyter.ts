import { encode, firstOf, type Kind, type PortFacts } from './facts.ts'

/** Jupyter Lab or Notebook. The token is part of the URL: users ask for endpoints in order to open them. */
export const JUPYTER: Kind = {
  name: 'Jupyter',
  matches: ({ target, command }) => target === 8888 || (/jupyter/.test(command) && portOf(command) === target),
  url(at, facts) {
    const token = tokenOf(facts)
    return `http://${at}/lab${token ? `?token=${encode(token)}` : ''}`
  },
}

/** A port that nothing else is known of, of a container that has a Jupyter token. */
export const PERHAPS_JUPYTER: Kind = { ...JUPYTER, matches: (facts) => tokenOf(facts) !== undefined }

function portOf(command: string): number {
  return Number(/--(?:ServerApp\.|NotebookApp\.)?port[= ](\d+)/.exec(command)?.[1])
}

/** From JUPYTER_TOKEN, or an argument as Jupyter Server's documentation names it (`--IdentityProvider.token` and its elders). */
function tokenOf(facts: PortFacts): string | undefined {
  const argument = /--(?:IdentityProvider|ServerApp|NotebookApp)\.token[= ]['"]?([^'"\s]+)/.exec(facts.command)
  return firstOf(facts, 'JUPYTER_TOKEN') ?? argument?.[1]
}
