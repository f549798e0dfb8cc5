import { defineCommand } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { Graph } from '../../graph/graph.ts'
import type { Loaded } from '../../load/loaded.ts'
import { deliver } from '../shared/deliver.ts'
import { CONFIG_FLAGS, type ConfigInput, loadOptions } from './config/flags.ts'
import { hashLines, namesIn, noSuchService } from './config/hash.ts'
import { listOf } from './config/lists.ts'

export const command = defineCommand({
  name: 'config',
  summary: 'Check the stack file and print it in full',
  description:
    'Merges the files, replaces variables, expands short syntaxes and fills in defaults. Secrets are not hidden.',
  examples: [
    { command: 'flotilla config -q', does: 'Check the stack file; problems are printed with their positions.' },
    { command: 'flotilla config --format json', does: 'The whole stack, machine-readable.' },
    { command: 'flotilla config --services', does: 'Names, in the order in which services start.' },
    {
      command: 'flotilla config --explain services.web.environment.MODE',
      does: 'Show which file and line set the value, and which values it overrides.',
    },
    {
      command: 'flotilla config --lock-image-digests -o compose.lock.yaml',
      does: 'Pin every image as it is now; add -f compose.lock.yaml after your files to use it.',
    },
  ],
  documentation: 'docs/compose-support.md#differences-in-loading',
  flags: CONFIG_FLAGS,
  positionals: [
    { name: 'SERVICE', variadic: true, description: 'Services to print, with what they need; by default all' },
  ],
  async run(context, input) {
    const text = await textOf(context, input)
    if (!input.flags.quiet) await deliver(context, input.flags.output, text)
    return 0
  },
})

async function textOf(context: Context, input: ConfigInput): Promise<string> {
  const { flags, args } = input
  if (flags.variables || (flags.noInterpolate && flags.hash === undefined)) return textAsWritten(context, input)
  const named = [...args, ...namesIn(flags.hash ?? '*')]
  const loaded = await context.project.loaded(named, loadOptions(flags))
  await context.project.warn(loaded.clashes.map(({ problem }) => ({ ...problem, severity: 'warning' })))
  if (flags.hash !== undefined) return lines(await hashLines(loaded, flags.hash))
  return textOfLoaded(context, narrowed(loaded, args), input)
}

/** The stack with only the named services and their dependencies. Throws a StackError for an undeclared name. */
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

async function textOfLoaded(context: Context, loaded: Loaded, { flags }: ConfigInput): Promise<string> {
  if (flags.explain !== undefined) {
    const { explanation } = await import('./config/explain.ts')
    return explanation(context, loaded, flags.explain, flags.format)
  }
  const list = listOf(loaded, flags, context)
  if (list) return lines(list)
  if (flags.environment) {
    const { environmentLines } = await import('./config/environment.ts')
    return lines(await environmentLines(context, loaded))
  }
  const { configText, imagesText } = await import('../../load/print/print.ts')
  if (!flags.resolveImageDigests && !flags.lockImageDigests)
    // With --quiet the text is not needed, and creating it cannot fail; for a large stack, it takes a third of the time.
    return flags.quiet ? '' : configText(loaded, flags.format ?? 'yaml', context.globals)
  const { imagesOnly, withDigests } = await import('./config/digests.ts')
  const pinned = await withDigests(context, loaded)
  if (flags.lockImageDigests) return imagesText(imagesOnly(pinned), flags.format ?? 'yaml')
  return configText(pinned, flags.format ?? 'yaml', context.globals)
}

async function textAsWritten(context: Context, { flags, args }: ConfigInput): Promise<string> {
  if (flags.resolveImageDigests || flags.lockImageDigests || flags.explain !== undefined)
    throw new StackError([nothingToLookUp()])
  const { loadedAsWritten } = await import('./config/as-written.ts')
  const model = await loadedAsWritten(context, loadOptions(flags), args)
  if (flags.variables) {
    const { variablesOfFiles, variablesText } = await import('../../load/print/uninterpolated/variables.ts')
    return variablesText(variablesOfFiles(model), flags.format)
  }
  const { uninterpolatedText } = await import('../../load/print/uninterpolated/print.ts')
  return uninterpolatedText(model, flags.format ?? 'yaml')
}

function nothingToLookUp() {
  const hint = 'remove one of them'
  return error('usage', '--no-interpolate excludes --explain, --resolve-image-digests and --lock-image-digests', {
    hint,
  })
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('')
}
