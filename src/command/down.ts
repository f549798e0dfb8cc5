import type { Declared } from '../backend/backend.ts'
import { DOWN, type DownIntent } from '../backend/intent.ts'
import { defineCommand, type Input } from '../cli/command.ts'
import type { Context } from '../cli/context.ts'
import type { Flags } from '../cli/flag.ts'
import { StackError } from '../diagnostics/checked.ts'
import { Graph } from '../graph/graph.ts'
import { NOTHING_SENSITIVE } from '../stack/sensitive.ts'
import { carry } from './shared/carry.ts'

const FLAGS = {
  volumes: { type: 'boolean', short: 'v', description: "Remove the stack's volumes too: their data is lost" },
  'remove-orphans': { type: 'boolean', description: 'Remove containers of services that the stack no longer declares' },
  timeout: {
    type: 'duration',
    short: 't',
    value: 'SECONDS',
    description: 'Grace period of containers that are stopped',
  },
} as const satisfies Flags

export const command = defineCommand({
  name: 'down',
  summary: 'Stop and remove containers and networks; volumes stay',
  description: 'With -p and no stack file, everything that carries the project name is taken down.',
  examples: [
    { command: 'flotilla down', does: 'Take the stack down and keep its data.' },
    { command: 'flotilla down -v', does: 'Take it down and delete its volumes.' },
    { command: 'flotilla -p lab down', does: 'Take a project down from anywhere, without its file.' },
  ],
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', variadic: true, description: 'Services to remove; by default the whole stack' }],
  async run(context, { flags, args }) {
    const want = async () => {
      const { declared, known } = await declaredOf(context, args)
      return { declared, intent: intentOf(flags, args, known) }
    }
    return (await carry(context, 'down', want)).code
  },
})

function intentOf(
  { volumes, removeOrphans, timeout }: Input<typeof FLAGS>['flags'],
  services: string[],
  known: boolean,
): DownIntent {
  const all = { ...DOWN, services, volumes, removeOrphans: removeOrphans || !known }
  return timeout === undefined ? all : { ...all, timeout }
}

/** The stack as its file declares it, or, where only its name is known, one of which every container is an orphan. */
async function declaredOf(
  context: Context,
  services: readonly string[],
): Promise<{ declared: Declared; known: boolean }> {
  try {
    return { declared: await context.loaded(services), known: true }
  } catch (thrown) {
    const named = context.globals.projectName ?? context.host.env.COMPOSE_PROJECT_NAME
    if (!named || !isMissing(thrown)) throw thrown
    return { declared: nameless(await context.projectName(), context.host.cwd), known: false }
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof StackError && thrown.diagnostics.some((each) => each.code === 'no-stack-file')
}

function nameless(name: string, workingDir: string): Declared {
  const stack = { name, services: {}, inactive: {}, networks: {}, volumes: {}, secrets: {}, configs: {}, digests: {} }
  return {
    stack: { ...stack, origin: { workingDir, configFiles: [] } },
    graph: new Graph<string>([]),
    sensitive: NOTHING_SENSITIVE,
    spanOf: () => undefined,
  }
}
