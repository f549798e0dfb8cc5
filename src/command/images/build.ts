import type { BuildChoices, BuildIntent } from '../../backend/image-intent.ts'
import { defineCommand, type Input } from '../../cli/command.ts'
import type { Flags } from '../../cli/flag.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import { parseSize } from '../../stack/units.ts'
import { buildArgs } from './build-args.ts'
import { noteObsolete, runImages } from './run-images.ts'

const OBSOLETE = { type: 'boolean', hidden: true, description: 'Accepted for compatibility; has no effect' } as const

const FLAGS = {
  'build-arg': { type: 'list', value: 'NAME[=VALUE]', description: 'Set a build argument; may be repeated' },
  builder: {
    type: 'string',
    value: 'NAME',
    suggestions: ['default'],
    description: "Only default, the engine's own builder, is possible; see --print for others",
  },
  check: { type: 'boolean', description: 'Refused: an engine cannot check Dockerfiles; see --print' },
  memory: {
    type: 'string',
    short: 'm',
    value: 'BYTES',
    description: 'Memory limit of build containers; uses the classic builder',
  },
  'no-cache': { type: 'boolean', description: 'Run every step of the Dockerfiles again' },
  print: { type: 'boolean', description: 'Print the builds as a file for docker buildx bake, and build nothing' },
  provenance: { type: 'string', value: 'VALUE', description: 'Ignored with a warning: engines write no attestations' },
  pull: { type: 'boolean', description: 'Pull newer base images, even if they exist locally' },
  push: { type: 'boolean', description: 'Push the images that were built' },
  quiet: { type: 'boolean', short: 'q', description: 'Show nothing but errors' },
  repeatable: {
    type: 'boolean',
    description: 'Same sources, same image: give it and its files the time SOURCE_DATE_EPOCH (default: 0)',
  },
  sbom: { type: 'string', value: 'VALUE', description: 'Ignored with a warning: engines write no attestations' },
  ssh: {
    type: 'string',
    value: 'default|ID=PATH',
    suggestions: ['default'],
    description: 'SSH agent or key for RUN --mount=type=ssh',
  },
  'with-dependencies': { type: 'boolean', description: 'Also build what the named services depend on' },
  parallel: { ...OBSOLETE, negatable: true },
  compress: OBSOLETE,
  'force-rm': OBSOLETE,
  'no-rm': OBSOLETE,
} as const satisfies Flags

type Chosen = Input<typeof FLAGS>['flags']

export const command = defineCommand({
  name: 'build',
  summary: 'Build the images of services',
  description:
    'Uses BuildKit, or the classic builder if the engine has no BuildKit. In a terminal, each image has a line with its ' +
    'latest step; with --progress plain, or in a pipe, the whole output is printed.',
  examples: [
    { command: 'flotilla build', does: 'Build all images of the stack.' },
    { command: 'flotilla build --no-cache --pull web', does: 'Build the image of web from scratch.' },
    { command: 'flotilla build --build-arg REV=5 --push', does: 'Build with an argument, and push the result.' },
  ],
  flags: FLAGS,
  positionals: [
    { name: 'SERVICE', variadic: true, description: 'Services to build; by default all that have a build' },
  ],
  async run(context, { flags, args }) {
    refuse(flags)
    const repeatable = flags.repeatable ? { repeatable: epochOf(context.host.env) } : {}
    const { withDependencies: dependencies, push, buildArg } = flags
    const plain: BuildIntent = {
      kind: 'build',
      services: args,
      dependencies,
      push,
      choices: { ...choicesOf(flags), ...repeatable },
    }
    const more = buildArg.length > 0 ? { args: await buildArgs(context.project, buildArg, plain) } : {}
    const intent = { ...plain, choices: { ...plain.choices, ...more } }
    if (flags.print) return (await import('./print-bake.ts')).printBake(context, intent)
    const { compress, forceRm, noRm, parallel } = flags
    await noteObsolete(context, { compress, 'force-rm': forceRm, 'no-rm': noRm, parallel: parallel !== undefined })
    return runImages(context, intent, flags.quiet)
  },
})

function refuse({ builder = 'default', check }: Chosen): void {
  if (builder !== 'default' && builder !== '')
    throw new StackError([
      error('not-supported', `there is no builder "${builder}": the only one is the engine's own, default`, {
        hint: `${ownCommand(`build --print | docker buildx bake --builder ${builder} -f -`)} builds with it`,
      }),
    ])
  if (check)
    throw new StackError([
      error('not-supported', 'an engine cannot check Dockerfiles', {
        hint: `${ownCommand('build --print | docker buildx bake --check -f -')} checks them`,
      }),
    ])
}

/** Seconds since the epoch (https://reproducible-builds.org/specs/source-date-epoch/). */
function epochOf({ SOURCE_DATE_EPOCH: text = '0' }: Readonly<Record<string, string | undefined>>): number {
  if (/^\d{1,12}$/.test(text)) return Number(text)
  throw new StackError([error('usage', `SOURCE_DATE_EPOCH must be a number of seconds, not "${text}"`)])
}

function choicesOf(flags: Chosen): BuildChoices {
  const memory = memoryOf(flags.memory)
  return {
    ...(flags.noCache && { noCache: true }),
    ...(flags.pull && { pull: true }),
    ...(memory && { memory }),
    ...(flags.ssh && { ssh: [flags.ssh] }),
    ...(flags.provenance && { provenance: flags.provenance }),
    ...(flags.sbom && { sbom: flags.sbom }),
  }
}

function memoryOf(text: string | undefined): number | undefined {
  const size = text === undefined ? undefined : parseSize(text)
  if (text === undefined || size !== undefined) return size
  throw new StackError([
    error('usage', `--memory must be a size, not "${text}"`, { hint: 'write a number of bytes, or e.g. 512m' }),
  ])
}
