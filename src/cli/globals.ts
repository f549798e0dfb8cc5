import type { Mode } from '../view/contract.ts'
import type { Flags, FlagValues } from './flag.ts'

/** The values of `--progress`. */
export const MODES: Readonly<Record<Mode | 'auto' | 'tty', Mode | 'auto'>> = {
  auto: 'auto',
  tree: 'tree',
  tty: 'tree',
  plain: 'plain',
  compose: 'compose',
  json: 'json',
  'compose-json': 'compose-json',
  quiet: 'quiet',
}

/** Flags of every command. After the command's name, its own flags with the same name or letter take precedence. */
export const GLOBAL_FLAGS = {
  file: {
    type: 'list',
    short: 'f',
    value: 'FILE',
    description: 'Stack file; repeat to merge several; - reads standard input',
  },
  'project-name': { type: 'string', short: 'p', value: 'NAME', description: 'Name of the project' },
  'project-directory': {
    type: 'string',
    value: 'DIR',
    description: "Base of relative paths (default: the first stack file's directory)",
    aliases: ['workdir'],
  },
  'env-file': { type: 'list', value: 'FILE', description: 'File of variables, instead of .env; may be repeated' },
  profile: { type: 'list', value: 'NAME', description: 'Enable a profile; may be repeated' },
  backend: {
    type: 'string',
    value: 'NAME',
    suggestions: ['engine'],
    description:
      'Backend that runs the stack; so far only engine, a Docker engine (default: x-flotilla of the stack file, else engine)',
  },
  progress: {
    type: 'string',
    value: 'MODE',
    description: 'How to show progress',
    choices: Object.keys(MODES),
  },
  ansi: { type: 'string', value: 'WHEN', description: 'When to use colours', choices: ['auto', 'always', 'never'] },
  compatibility: {
    type: 'boolean',
    description: 'Join the names of containers and built images with _, as Compose 1 did',
  },
  parallel: {
    type: 'integer',
    value: 'N',
    description: 'Run at most N engine operations at once (default: flotilla decides; also COMPOSE_PARALLEL_LIMIT)',
  },
  'all-resources': { type: 'boolean', description: 'Include networks and volumes that no service uses' },
  'dry-run': { type: 'boolean', description: 'Show what a command would do, and do nothing' },
  'no-ansi': { type: 'boolean', hidden: true, description: 'Accepted for compatibility; same as --ansi never' },
  verbose: { type: 'boolean', hidden: true, description: 'Accepted for compatibility' },
  'insecure-registry': {
    type: 'list',
    value: 'HOST',
    hidden: true,
    description: 'Registry from which stack files may be fetched without encryption',
  },
  yes: { type: 'boolean', short: 'y', hidden: true, description: 'Answer questions with yes' },
  help: { type: 'boolean', short: 'h', description: 'Show help' },
  version: { type: 'boolean', short: 'v', description: 'Show the version' },
} as const satisfies Flags

export type Globals = FlagValues<typeof GLOBAL_FLAGS>

/** A command's flags and the global ones, except those that the command redefines. */
export function withGlobals(own: Flags): Flags {
  const letters = new Set(Object.values(own).map((flag) => flag.short))
  const { version: _, ...shared } = GLOBAL_FLAGS
  const remaining = Object.entries<Flags[string]>(shared).filter(([name]) => !(name in own))
  const merged = remaining.map(([name, { short, ...flag }]) => {
    return [name, short === undefined || letters.has(short) ? flag : { ...flag, short }] as const
  })
  return { ...Object.fromEntries(merged), ...own }
}

/** Merges global flags from before and after the command's name: lists are concatenated, otherwise the later value wins. */
export function mergeGlobals(before: Globals, after: Readonly<Record<string, unknown>>): Globals {
  const merged = Object.entries(before).map(([name, value]) => {
    const later = after[name]
    if (Array.isArray(value)) return [name, [...value, ...(Array.isArray(later) ? later : [])]]
    return [name, later === undefined || later === false ? value : later]
  })
  return Object.fromEntries(merged) as Globals
}
