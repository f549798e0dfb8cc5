import { dockerConfiguration, recordIn } from './settings.ts'

/** Credentials in the format of the engine's `X-Registry-Auth` header. */
export interface Credentials {
  username?: string
  password?: string
  identitytoken?: string
  serveraddress: string
}

/** The credentials in the user's Docker configuration. */
export interface Keyring {
  /** `undefined` if nothing is known: the request to the registry is then anonymous. */
  credentialsFor(registry: string): Promise<Credentials | undefined>
  /** The credentials of every registry that the configuration names, by server address. */
  all(): Promise<Record<string, Credentials>>
}

/** Asks `docker-credential-<helper>` about a server; `undefined` if it has no credentials. */
export type AskHelper = (helper: string, server: string) => Promise<{ Username: string; Secret: string } | undefined>

interface DockerConfig {
  auths?: Record<string, { auth?: string; username?: string; password?: string; identitytoken?: string }>
  credsStore?: string
  credHelpers?: Record<string, string>
}

/** Docker Hub's name in the configuration. */
const HUB = 'https://index.docker.io/v1/'

/** Reads the configuration on the first lookup. A missing or broken configuration has no credentials. */
export function keyring(folder: string, ask: AskHelper): Keyring {
  let config: DockerConfig | undefined
  const read = (): DockerConfig => {
    config ??= configIn(dockerConfiguration(folder))
    return config
  }
  return {
    credentialsFor: async (registry) => lookUp(read(), registry, ask),
    async all() {
      const { auths = {}, credHelpers = {} } = read()
      const servers = [...new Set([...Object.keys(auths), ...Object.keys(credHelpers)])]
      const found = await Promise.all(servers.map((server) => lookUp(read(), hostOf(server), ask)))
      return Object.fromEntries(found.filter((each) => each !== undefined).map((each) => [each.serveraddress, each]))
    },
  }
}

/** Keeps only values of the expected type. */
function configIn(data: unknown): DockerConfig {
  const { auths, credsStore, credHelpers } = recordIn(data)
  const entries = Object.entries(recordIn(auths)).map(([server, entry]) => [server, textsIn(entry)])
  return {
    auths: Object.fromEntries(entries),
    credHelpers: textsIn(credHelpers),
    ...(typeof credsStore === 'string' && { credsStore }),
  }
}

function textsIn(data: unknown): Record<string, string> {
  const texts = Object.entries(recordIn(data)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return Object.fromEntries(texts)
}

/** A registry's own helper takes precedence over the global credential store, which takes precedence over credentials in the file. */
async function lookUp(config: DockerConfig, registry: string, ask: AskHelper): Promise<Credentials | undefined> {
  const server = registry === 'docker.io' ? HUB : registry
  const helper = valueFor(config.credHelpers ?? {}, registry) ?? config.credsStore
  const answer = helper ? await ask(helper, server) : undefined
  return answer ? fromHelper(answer, server) : fromFile(valueFor(config.auths ?? {}, registry), server)
}

function fromHelper({ Username, Secret }: { Username: string; Secret: string }, serveraddress: string): Credentials {
  // In the helpers' protocol, this user name marks the secret as a token.
  if (Username === '<token>') return { identitytoken: Secret, serveraddress }
  return { username: Username, password: Secret, serveraddress }
}

function fromFile(entry: NonNullable<DockerConfig['auths']>[string] | undefined, serveraddress: string) {
  if (!entry) return undefined
  const { username, password } = entry.auth ? decoded(entry.auth) : entry
  if (!username && !entry.identitytoken) return undefined
  return {
    ...(username ? { username, password: password ?? '' } : {}),
    ...(entry.identitytoken ? { identitytoken: entry.identitytoken } : {}),
    serveraddress,
  }
}

function decoded(auth: string): { username: string; password: string } {
  const [username = '', ...rest] = Buffer.from(auth, 'base64').toString('utf8').split(':')
  return { username, password: rest.join(':') }
}

/** A key may be a host, or an address of the host as old clients wrote it. */
function valueFor<T>(entries: Record<string, T>, registry: string): T | undefined {
  return Object.entries(entries).find(([server]) => hostOf(server) === registry)?.[1]
}

function hostOf(server: string): string {
  const host = server.replace(/^https?:\/\//, '').split('/')[0] ?? ''
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host
}
