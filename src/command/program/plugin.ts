import { mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { defineCommand } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { isLauncher, launcher } from '../../cli/plugin/launcher.ts'
import { printSentence } from '../../cli/show.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { reasonOf } from '../../diagnostics/system-error.ts'
import { configFolder } from '../../util/docker-configuration.ts'

const FLAGS = {
  force: { type: 'boolean', description: 'Replace or remove a plugin that flotilla did not install' },
} as const satisfies Flags

const ACTIONS = { install, uninstall }
const NAMES = ['flotilla', 'compose']
const EXECUTABLE = 0o755

export const command = defineCommand({
  name: 'plugin',
  summary: 'Make flotilla a command of docker, or undo it',
  description:
    'Writes the plugin into the folder cli-plugins of your Docker configuration. Under the name compose, every docker compose runs flotilla, also those that other programs call; a Compose plugin that is installed system-wide is hidden until you uninstall this one.',
  examples: [
    { command: 'flotilla plugin install', does: 'docker flotilla up -d works from now on.' },
    { command: 'flotilla plugin install compose', does: 'docker compose runs flotilla.' },
    { command: 'flotilla plugin uninstall compose', does: "docker compose is docker's own again." },
  ],
  documentation: 'README.md#use-it',
  flags: FLAGS,
  positionals: [
    { name: 'ACTION', required: true, choices: Object.keys(ACTIONS), description: 'install or uninstall' },
    { name: 'NAME', choices: NAMES, description: 'Name of the docker command: flotilla (default) or compose' },
  ],
  async run(context, { flags, args: [action = '', plugin = 'flotilla'] }) {
    const { env, home = '' } = context.host
    const file = join(configFolder(env, home), 'cli-plugins', `docker-${plugin}`)
    const there = await startOf(file)
    if (there !== undefined && !isLauncher(there) && !flags.force) throw new StackError([foreign(file)])
    try {
      const place = { context, plugin, file, isThere: there !== undefined }
      printSentence(context, await ACTIONS[action as keyof typeof ACTIONS](place))
    } catch (thrown) {
      throw new StackError([error('usage', `${file} cannot be written: ${reasonOf(thrown as Error)}`)])
    }
    return 0
  },
})

interface Place {
  context: Context
  plugin: string
  file: string
  isThere: boolean
}

async function install({ context: { host, globals }, plugin, file, isThere }: Place): Promise<string> {
  const text = launcher({ plugin, program: host.program ?? [], version: host.version })
  if (globals.dryRun) return `would write ${file}`
  await mkdir(dirname(file), { recursive: true })
  await host.writeFile(file, text, { mode: EXECUTABLE })
  return `docker ${plugin} runs flotilla now: ${isThere ? 'replaced' : 'wrote'} ${file}`
}

async function uninstall({ context: { globals }, file, isThere }: Place): Promise<string> {
  if (!isThere) return `there is no ${file}`
  if (globals.dryRun) return `would remove ${file}`
  await rm(file)
  return `removed ${file}`
}

/** Enough bytes to recognise a launcher; other files may have any size. */
const START = 1024

/** The beginning of a file; undefined if it does not exist. */
async function startOf(file: string): Promise<string | undefined> {
  try {
    const opened = await open(file)
    const { buffer, bytesRead } = await opened.read({ buffer: Buffer.alloc(START) }).finally(() => opened.close())
    return buffer.toString('latin1', 0, bytesRead)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new StackError([error('file-unreadable', `${file} cannot be read: ${reasonOf(thrown as Error)}`)])
  }
}

function foreign(file: string): Diagnostic {
  return error('usage', `${file} is a plugin that flotilla did not install`, { hint: '--force replaces or removes it' })
}
