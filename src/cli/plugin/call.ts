import { basename, dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { shellWord } from '../own-command.ts'

type Env = Readonly<Record<string, string | undefined>>

/** A process's command line. */
export interface CommandLine {
  /** The program's file. */
  program: string
  /** The arguments after the program's file. */
  argv: readonly string[]
  env: Env
}

/** How flotilla was called, and its own part of the command line. */
export interface Call {
  /** The name of the docker CLI plugin under which it was called: `flotilla`, `compose`; absent if it was called directly. */
  plugin?: string
  /** The words with which a user calls it, e.g. `docker --context lab compose`; absent if it was called directly. */
  calledAs?: string
  argv: readonly string[]
  env: Env
  /** The reason why the call cannot be executed. */
  refusal?: Diagnostic
}

/** The first argument that a launcher passes, followed by the plugin's name. */
export const LAUNCHED_AS = '--docker-plugin='

/** The only argument with which docker requests a plugin's metadata. */
export const METADATA = 'docker-cli-plugin-metadata'

/** Set by docker for each plugin that it runs (docker/cli, cli-plugins/metadata). */
const FROM_DOCKER = 'DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND'

/** Cobra's requests for completion, and docker's request for metadata; no plugin name follows them. */
const REQUESTS = new Set(['help', '__complete', '__completeNoDesc'])

/**
 * Parses docker's call of a plugin: docker's own flags, then the plugin's name, then the plugin's arguments
 * (https://docs.docker.com/reference/cli/docker/#options). Translates docker's flags into the equivalent variables.
 */
export function callOf({ program, argv, env }: CommandLine): Call {
  const [first = '', ...rest] = argv
  const launched = first.startsWith(LAUNCHED_AS)
  const plugin = launched ? first.slice(LAUNCHED_AS.length) : /^docker-([a-z][a-z0-9]*)$/.exec(basename(program))?.[1]
  const given = launched ? rest : argv
  if (plugin === undefined) return { argv, env }
  const calledAs = `docker${env[FROM_DOCKER] ? ' ' : '-'}${plugin}`
  return { plugin, calledAs, ...(env[FROM_DOCKER] ? fromDocker(given, plugin, env) : { argv: given, env }) }
}

/** Flags of docker itself (docker/cli, cli/flags/options.go). */
const FLAGS = {
  config: { type: 'string' },
  context: { type: 'string', short: 'c' },
  debug: { type: 'boolean', short: 'D' },
  host: { type: 'string', short: 'H', multiple: true },
  'log-level': { type: 'string', short: 'l' },
  tls: { type: 'boolean' },
  tlscacert: { type: 'string' },
  tlscert: { type: 'string' },
  tlskey: { type: 'string' },
  tlsverify: { type: 'boolean' },
} as const

function fromDocker(given: readonly string[], plugin: string, env: Env): Omit<Call, 'plugin'> {
  const argv = [...given]
  const words = parseArgs({ args: argv, options: FLAGS, strict: false, tokens: true }).tokens.filter(
    (token) => token.kind === 'positional',
  )
  const request = words[0] && REQUESTS.has(words[0].value) ? [words[0].value] : []
  const name = words[request.length]
  if (name?.value !== plugin) return { argv, env }
  const own = argv.slice(0, name.index).filter((_, index) => request.length === 0 || index !== words[0]?.index)
  const { values } = parseArgs({ args: argv.slice(0, name.index), options: FLAGS, strict: false })
  const misplaced = misplacedFile(values)
  const variables = { ...connection(values), ...(misplaced ? {} : certificates(values)) }
  return {
    calledAs: ['docker', ...own.map(shellWord), plugin].join(' '),
    argv: [...request, ...argv.slice(name.index + 1)],
    env: { ...env, ...variables },
    ...(misplaced && { refusal: misplaced }),
  }
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

/** `--host` and `--context` each override both variables. */
function connection({ config, context, host, tls, tlsverify }: Values): Env {
  const address = Array.isArray(host) ? host.at(-1) : host
  return {
    ...(config && { DOCKER_CONFIG: String(config) }),
    ...(context && { DOCKER_CONTEXT: String(context), DOCKER_HOST: undefined }),
    ...(address && { DOCKER_HOST: String(address), DOCKER_CONTEXT: undefined }),
    ...(tls && { DOCKER_TLS: '1' }),
    ...(tlsverify && { DOCKER_TLS_VERIFY: '1' }),
  }
}

/** DOCKER_CERT_PATH names a folder that contains files with these names. */
const FILES = { tlscacert: 'ca.pem', tlscert: 'cert.pem', tlskey: 'key.pem' }

function filesOf(values: Values) {
  return Object.entries(FILES).flatMap(([flag, name]) => {
    const path = values[flag]
    return typeof path === 'string' ? [{ flag, path, isNamed: basename(path) === name, folder: dirname(path) }] : []
  })
}

function certificates(values: Values): Env {
  const [first] = filesOf(values)
  return first ? { DOCKER_CERT_PATH: first.folder } : {}
}

function misplacedFile(values: Values): Diagnostic | undefined {
  const files = filesOf(values)
  const other = files.find(({ isNamed, folder }) => !isNamed || folder !== files[0]?.folder)
  const hint = 'put ca.pem, cert.pem and key.pem into one folder, and set DOCKER_CERT_PATH to it'
  return other && error('usage', `flotilla cannot use --${other.flag} ${other.path}`, { hint })
}
