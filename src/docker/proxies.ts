import { dockerConfiguration, recordIn } from './settings.ts'

/** Maps the proxy settings of Docker's configuration file to the variables that programs read. */
const VARIABLES: Readonly<Record<string, string>> = {
  httpProxy: 'HTTP_PROXY',
  httpsProxy: 'HTTPS_PROXY',
  noProxy: 'NO_PROXY',
  ftpProxy: 'FTP_PROXY',
  allProxy: 'ALL_PROXY',
}

/**
 * The variables, in upper and lower case, that the user's Docker configuration sets in containers and builds: those under `proxies`
 * for the engine's address, or else under `default`. Source: docker/cli, cli/config/configfile/file.go, ParseProxyConfig.
 */
export function proxyVariables(folder: string, host: string | undefined): Record<string, string> {
  const proxies = recordIn(dockerConfiguration(folder).proxies)
  const settings = recordIn(host !== undefined && Object.hasOwn(proxies, host) ? proxies[host] : proxies.default)
  const entries = Object.entries(VARIABLES).flatMap(([key, name]) => {
    const value = settings[key]
    return typeof value !== 'string' || value === '' ? [] : [name, name.toLowerCase()].map((each) => [each, value])
  })
  return Object.fromEntries(entries)
}
