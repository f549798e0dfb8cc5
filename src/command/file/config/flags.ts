import type { Input } from '../../../cli/command.ts'
import type { Flags } from '../../../cli/flag.ts'
import type { LoadOptions } from '../../../load/input.ts'

export const CONFIG_FLAGS = {
  format: { type: 'string', value: 'FORMAT', choices: ['yaml', 'json'], description: 'How to print' },
  quiet: { type: 'boolean', short: 'q', description: 'Only check the stack file; print nothing' },
  explain: {
    type: 'string',
    value: 'PATH',
    description: 'Print where a value comes from, and which values it overrides, e.g. services.web.image',
  },
  services: { type: 'boolean', description: 'Print the names of services, one per line' },
  volumes: { type: 'boolean', description: 'Print the names of volumes' },
  networks: { type: 'boolean', description: 'Print the names of networks' },
  images: { type: 'boolean', description: 'Print the image of each service' },
  models: { type: 'boolean', description: 'Print the names of models' },
  profiles: { type: 'boolean', description: 'Print the names of profiles' },
  hash: {
    type: 'string',
    value: 'SERVICE,...',
    description: "Print the configuration hashes of services, as in their containers' labels; * for all",
  },
  variables: { type: 'boolean', description: 'Print the variables that the files use, and their defaults' },
  environment: { type: 'boolean', description: 'Print the variables that the files can use' },
  'resolve-image-digests': { type: 'boolean', description: 'Pin images to their current digests in the registry' },
  'lock-image-digests': { type: 'boolean', description: 'Print only the pinned images, as an override file' },
  'no-interpolate': { type: 'boolean', description: 'Do not replace variables' },
  'no-normalize': { type: 'boolean', description: 'Add no defaults' },
  'no-path-resolution': { type: 'boolean', description: 'Leave paths relative' },
  'no-env-resolution': { type: 'boolean', description: 'Do not read env files' },
  'no-consistency': { type: 'boolean', description: 'Do not check references between services and resources' },
  output: { type: 'string', short: 'o', value: 'FILE', description: 'Write to a file instead of standard output' },
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

/** Whether a flag lists names, which works even if the definitions behind the names are invalid. */
function listsNames({ services, volumes, networks, models, profiles }: ConfigFlags): boolean {
  return services || volumes || networks || models || profiles
}
