import { defineCommand } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags, FlagValues } from '../../cli/flag.ts'
import type { EngineFacts } from '../../cli/host.ts'
import { printJson, printLines } from '../../cli/show.ts'

const FLAGS = {
  short: { type: 'boolean', description: 'Only the number' },
  format: {
    type: 'string',
    short: 'f',
    value: 'FORMAT',
    choices: ['text', 'pretty', 'json'],
    description: 'How to print',
  },
} as const satisfies Flags

/** Milliseconds to wait for an engine's answer; after that, its version is omitted. */
const PATIENCE = 1000

export const command = defineCommand({
  name: 'version',
  summary: 'Print the version of flotilla and of the engine',
  examples: [{ command: 'flotilla version --short', does: 'Only the number, for scripts.' }],
  documentation: 'README.md#use-it',
  flags: FLAGS,
  async run(context, { flags }) {
    if (context.host.plugin === 'compose') return printAsCompose(context, flags)
    const { version } = context.host
    if (flags.short) printLines(context, [version])
    else if (flags.format === 'json') printJson(context, { version, engine: (await engineFacts(context)) ?? null })
    else printLines(context, [`flotilla ${version}`, engineLine(await engineFacts(context))])
    return 0
  },
})

/** Prints the version as `docker compose version` does: clients parse only Compose's version. */
async function printAsCompose(context: Context, { short, format }: FlagValues<typeof FLAGS>): Promise<number> {
  const { composeVersion } = await import('../../cli/plugin/metadata.ts')
  const version = composeVersion(context.host.version)
  if (short) printLines(context, [version])
  else if (format === 'json') context.print(`${JSON.stringify({ version })}\n`)
  else printLines(context, [`Docker Compose version ${version}`])
  return 0
}

async function engineFacts(context: Context): Promise<EngineFacts | undefined> {
  return context.host.engineVersion(AbortSignal.any([context.signal, AbortSignal.timeout(PATIENCE)]))
}

function engineLine(engine: EngineFacts | undefined): string {
  if (!engine) return 'no engine answers'
  return `engine ${engine.version} (API ${engine.apiVersion}, ${engine.os}/${engine.arch})`
}
