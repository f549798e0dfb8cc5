import type { Input } from '../../cli/command.ts'
import type { Flags } from '../../cli/flag.ts'
import type { LoadOptions } from '../../load/input.ts'

export const CONFIG_FLAGS = {
  format: { type: 'string', value: 'FORMAT', choices: ['yaml', 'json'], description: 'How to print' },
  quiet: { type: 'boolean', short: 'q', description: 'Print nothing: only check' },
  explain: {
    type: 'string',
    value: 'PATH',
    description: 'Print where a value comes from, and which ones lost: services.web.image',
  },
  services: { type: 'boolean', description: 'Print the names of services, one a line' },
  volumes: { type: 'boolean', description: 'Print the names of volumes' },
  networks: { type: 'boolean', description: 'Print the names of networks' },
  images: { type: 'boolean', description: 'Print the image of each service' },
  models: { type: 'boolean', description: 'Print the names of models' },
  profiles: { type: 'boolean', description: 'Print the names of profiles' },
  hash: {
    type: 'string',
    value: 'SERVICE,...',
    description: "Print what the services' containers are labelled with; * for all",
  },
  variables: { type: 'boolean', description: 'Print the variables that the files use, and their defaults' },
  environment: { type: 'boolean', description: 'Print the variables that the files can use' },
  'resolve-image-digests': { type: 'boolean', description: 'Pin images to what their registry holds now' },
  'lock-image-digests': { type: 'boolean', description: 'Print only the pinned images, as an override file' },
  'no-interpolate': { type: 'boolean', description: 'Leave variables as they are' },
  'no-normalize': { type: 'boolean', description: 'Leave out what no file says' },
  'no-path-resolution': { type: 'boolean', description: 'Leave paths relative' },
  'no-env-resolution': { type: 'boolean', description: 'Leave env files unread' },
  'no-consistency': { type: 'boolean', description: 'Do not check what refers to what' },
  output: { type: 'string', short: 'o', value: 'FILE', description: 'Write to a file' },
} as const satisfies Flags

export type ConfigInput = Input<typeof CONFIG_FLAGS>
export type ConfigFlags = ConfigInput['flags']

export function loadOptions(flags: ConfigFlags): LoadOptions {
  return {
    normalize: !flags.noNormalize,
    resolvePaths: !flags.noPathResolution,
    resolveEnvironment: !flags.noEnvResolution,
    checkConsistency: !flags.noConsistency,
    trace: flags.explain !== undefined,
    ...(listsNames(flags) && { strict: 'none' as const }),
  }
}

/** Names are there whatever else is wrong with what has them. */
function listsNames({ services, volumes, networks, models, profiles }: ConfigFlags): boolean {
  return services || volumes || networks || models || profiles
}
