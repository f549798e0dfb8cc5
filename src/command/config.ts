import { resolve } from 'node:path'
import { defineCommand, type Input } from '../cli/command.ts'
import type { Context } from '../cli/context.ts'
import type { Flags } from '../cli/flag.ts'
import { StackError } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'
import { Graph } from '../graph/graph.ts'
import type { Loaded } from '../load/loaded.ts'
import { didYouMean } from '../load/suggest.ts'
import { imageName } from '../stack/names.ts'

const FLAGS = {
  format: { type: 'string', value: 'FORMAT', choices: ['yaml', 'json'], description: 'How to print' },
  quiet: { type: 'boolean', short: 'q', description: 'Print nothing: only check' },
  services: { type: 'boolean', description: 'Print the names of services, one a line' },
  volumes: { type: 'boolean', description: 'Print the names of volumes' },
  networks: { type: 'boolean', description: 'Print the names of networks' },
  images: { type: 'boolean', description: 'Print the names of images' },
  profiles: { type: 'boolean', description: 'Print the names of profiles' },
  output: { type: 'string', short: 'o', value: 'FILE', description: 'Write to a file' },
} as const satisfies Flags

type ConfigInput = Input<typeof FLAGS>

export const command = defineCommand({
  name: 'config',
  summary: 'Check the stack file and print it in full',
  description:
    'The printed form has files merged, variables replaced, short syntaxes expanded and defaults filled in. Secrets show.',
  examples: [
    { command: 'flotilla config -q', does: 'Check the stack file; problems are printed with their places.' },
    { command: 'flotilla config --format json', does: 'The whole stack for programs.' },
    { command: 'flotilla config --services', does: 'Names, in the order in which services start.' },
  ],
  flags: FLAGS,
  positionals: [
    { name: 'SERVICE', variadic: true, description: 'Services to print, with what they need; by default all' },
  ],
  async run(context, input) {
    const loaded = narrowed(await context.loaded(input.args), input.args)
    await context.warn(loaded.clashes.map(({ problem }) => ({ ...problem, severity: 'warning' })))
    if (input.flags.quiet) return 0
    await deliver(context, input.flags.output, await textOf(loaded, input))
    return 0
  },
})

/** The stack with the named services and what they need alone. Throws StackError for a name that it does not declare. */
function narrowed(loaded: Loaded, names: readonly string[]): Loaded {
  if (names.length === 0) return loaded
  const known = loaded.graph.keys
  const unknown = names.filter((name) => !Object.hasOwn(loaded.stack.services, name))
  if (unknown.length > 0) throw new StackError(unknown.map((name) => noSuchService(name, known)))
  const chosen = loaded.graph.closure([...names])
  const services = Object.entries(loaded.stack.services).filter(([name]) => chosen.has(name))
  const graph = new Graph([...chosen].map((name) => [name, loaded.graph.needs(name)] as const))
  return { ...loaded, graph, stack: { ...loaded.stack, services: Object.fromEntries(services) } }
}

function noSuchService(name: string, known: readonly string[]) {
  const hint = didYouMean(name, known) ?? `the stack declares ${known.join(', ')}`
  return error('unknown-service', `there is no service "${name}"`, { hint })
}

async function textOf(loaded: Loaded, { flags }: ConfigInput): Promise<string> {
  const names = namesOf(loaded, flags)
  if (names) return names.map((name) => `${name}\n`).join('')
  const { configText } = await import('../load/print.ts')
  return configText(loaded, flags.format ?? 'yaml')
}

/** The list that a flag asks for, if one does. */
function namesOf({ stack, graph }: Loaded, flags: ConfigInput['flags']): string[] | undefined {
  const services = Object.entries(stack.services)
  if (flags.services) return graph.order()
  if (flags.volumes) return Object.keys(stack.volumes).sort()
  if (flags.networks) return Object.keys(stack.networks).sort()
  if (flags.images) return distinct(services.map(([name, service]) => imageName(stack, name, service)))
  const all = [...services, ...Object.entries(stack.inactive)]
  return flags.profiles ? distinct(all.flatMap(([, service]) => service.profiles ?? [])) : undefined
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}

async function deliver(context: Context, file: string | undefined, text: string): Promise<void> {
  if (file === undefined) context.print(text)
  else await context.host.writeFile(resolve(context.host.cwd, file), text)
}
