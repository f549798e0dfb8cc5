import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import type { OneOff } from '../../../backend/intent.ts'
import type { Context } from '../../../cli/context.ts'
import type { FlagValues } from '../../../cli/flag.ts'
import type { Host } from '../../../cli/host.ts'
import type { Checked } from '../../../diagnostics/checked.ts'
import { StackError, unwrap } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { splitWords } from '../../../load/canonical/shell.ts'
import { parseMount, parsePorts } from '../../../load/canonical/short-syntax.ts'
import { isCompatible } from '../../../load/discover/project-name.ts'
import { readText } from '../../../load/file/read.ts'
import { parseDotenv } from '../../../load/variable/dotenv.ts'
import { readVariables } from '../../../load/variable/variables.ts'
import { environmentOf } from '../../../project/load/variables.ts'
import type { Mount, Port } from '../../../stack/model.ts'
import { exclude } from '../../shared/up-flags.ts'
import { chosenDetachKeys } from '../terminal/detach-keys.ts'
import { hasTerminal } from '../terminal/terminal.ts'
import type { RUN_FLAGS } from './flags.ts'

type RunFlags = FlagValues<typeof RUN_FLAGS>

/** The options of the command line for the container, as data. Throws StackError for invalid ones. */
export async function oneOffOf(
  context: Context,
  flags: RunFlags,
  words: string[],
): Promise<Omit<OneOff, 'name'> & { name?: string }> {
  exclude(flags.publish.length > 0 && flags.servicePorts, '--publish', '--service-ports')
  const slug = randomBytes(32).toString('hex')
  const tty = !flags.noTty && hasTerminal(context)
  const detachKeys = tty && !flags.detach ? await chosenDetachKeys(context) : undefined
  return {
    slug,
    ...(flags.name !== undefined && { name: flags.name }),
    ...(words.length > 0 && { command: words }),
    ...(flags.entrypoint !== undefined && { entrypoint: wordsOf(flags.entrypoint) }),
    environment: await variablesOf(context, flags),
    labels: Object.fromEntries(flags.label.map(labelOf)),
    ...(flags.user !== undefined && { user: flags.user }),
    ...(flags.workdir !== undefined && { workingDir: flags.workdir }),
    volumes: flags.volume.map((text) => mountOf(text, context.host)),
    ports: flags.servicePorts ? 'declared' : flags.publish.flatMap(portsOf),
    capAdd: flags.capAdd,
    capDrop: flags.capDrop,
    tty,
    stdin: flags.interactive !== false,
    ...(detachKeys !== undefined && { detachKeys }),
    attached: !flags.detach,
    useAliases: flags.useAliases,
    autoRemove: flags.rm,
    build: flags.build,
    ...(flags.pull !== undefined && flags.pull !== 'policy' && { pull: flags.pull }),
  }
}

/** The name of a container without `--name`. Source: docker/compose, pkg/compose/run.go. */
export async function nameOf(context: Context, service: string, slug: string): Promise<string> {
  const [{ input, directory }, project] = await Promise.all([context.project.files(), context.project.name()])
  const compatible = isCompatible(input, unwrap(readVariables(input, context.project.disk, directory)))
  return [project, service, 'run', slug.slice(0, 12)].join(compatible ? '_' : '-')
}

function wordsOf(line: string): string[] {
  const { words, unclosed } = splitWords(line)
  if (unclosed === undefined) return words
  throw new StackError([error('usage', `--entrypoint has an unclosed ${unclosed}`)])
}

/** Variables of files first; a variable without any value is omitted. */
async function variablesOf(context: Context, flags: RunFlags): Promise<Record<string, string>> {
  const { env, cwd } = context.host
  const { disk } = context.project
  const files = flags.envFromFile.flatMap((file) => {
    const path = resolve(cwd, file)
    const read = unwrap(parseDotenv(unwrap(readText(disk, path)), path, (name) => env[name]))
    return [...read].map(([name, { value }]) => [name, value] as const)
  })
  const given = await environmentOf(context.project, flags.env)
  const own = given.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]))
  return Object.fromEntries([...files, ...own])
}

function labelOf(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new StackError([error('usage', `--label needs NAME=VALUE, not "${text}"`)])
  return [text.slice(0, at), text.slice(at + 1)]
}

/** Parses a `-v` volume in the stack file's short syntax. Throws StackError. */
function mountOf(text: string, { cwd, home }: Pick<Host, 'cwd' | 'home'>): Mount {
  return given('--volume', parseMount(text, cwd, home))
}

/** Parses the ports of one `-p` in the stack file's short syntax. Throws StackError. */
function portsOf(text: string): Port[] {
  return given('--publish', parsePorts(text))
}

/** Reports problems of the stack file syntax against the flag. */
function given<T>(flag: string, parsed: Checked<T>): T {
  if (parsed.ok) return parsed.value
  throw new StackError(parsed.diagnostics.map(({ message, hint }) => error('usage', `${flag}: ${message}`, { hint })))
}
