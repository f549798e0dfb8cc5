import { defineCommand, type Input } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { printSentence } from '../../cli/show.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Loaded } from '../../load/loaded.ts'
import { differences } from '../../lockfile/differences.ts'
import type { Lock } from '../../lockfile/model.ts'
import { driftFrom, updated } from '../../project/locking/compare.ts'
import { existingLock, lockOf } from '../../project/locking/lock-file.ts'
import { makeLock } from '../../project/locking/make-lock.ts'
import { exclude } from '../shared/up-flags.ts'
import { compareFiles, DRIFT } from './lock/compare-files.ts'
import { report } from './lock/report.ts'
import { extent, save } from './lock/save.ts'

const FLAGS = {
  check: { type: 'boolean', description: 'Compare with the lock file, and write nothing' },
  update: { type: 'boolean', description: 'Replace what the lock file says, of the named services or of all' },
  packages: {
    type: 'boolean',
    negatable: true,
    description: 'List the packages in every image in stack.packages.lock (default: yes)',
  },
} as const satisfies Flags

type LockInput = Input<typeof FLAGS>

export const command = defineCommand({
  name: 'lock',
  summary: 'Record what the stack consists of, in stack.lock.yaml',
  description: [
    'The lock file holds the content of every image, the stack without what differs between machines (host ports, absolute paths, the',
    "project's name), and a hash of each file that containers only read. flotilla up --locked insists on it.",
    'Beside it, stack.packages.lock lists the packages in every image (dpkg, apk, pip, conda, R), so that lock diff says which one moved;',
    'containers without network run the interpreters of the images for that, once for each content.',
    'Of secrets both hold names only. It is the same for the same stack, one fact a line: commit it beside the stack file.',
    'Exit code 2: something differs from the lock file.',
  ].join(' '),
  examples: [
    { command: 'flotilla lock', does: 'Write stack.lock.yaml beside the stack file.' },
    { command: 'flotilla lock --check', does: 'Show what is no longer as locked; exit code 2 if anything is.' },
    { command: 'flotilla lock --update db', does: 'Lock db as it is now, and leave the rest as it was.' },
    { command: 'flotilla lock diff old.yaml stack.lock.yaml', does: 'Show in which facts two lock files differ.' },
  ],
  documentation: 'docs/locking.md',
  flags: FLAGS,
  positionals: [
    {
      name: 'SERVICE',
      variadic: true,
      description: 'With --update, the services to lock again; or diff and two lock files',
    },
  ],
  async run(context, input) {
    const { flags, args } = input
    exclude(flags.check && flags.update, '--check', '--update')
    const [word, ...files] = args
    if (word === 'diff' && !flags.update && !flags.check) return compareFiles(context, files)
    if (args.length > 0 && !flags.update) throw new StackError([noServices(args)])
    const loaded = await context.project.loaded()
    if (flags.check) return check(context, loaded)
    return flags.update ? update(context, loaded, input) : write(context, loaded, input)
  },
})

function noServices(args: readonly string[]) {
  const hint = `${ownCommand(`lock --update ${args.join(' ')}`)} locks single services again`
  return error('usage', 'lock takes services only with --update', { hint })
}

/** Never replaces a lock that says something else: `--update` does. */
async function write(context: Context, loaded: Loaded, input: LockInput): Promise<number> {
  const { project, host } = context
  const old = await lockOf(project)
  if (!old) return save(context, loaded, await makeLock(project, loaded, { version: host.version }), input)
  const drift = await driftFrom(project, loaded, old.lock, host.version)
  if (drift.length === 0) return agree(context, old.lock)
  await report(context, { old, loaded }, drift)
  printSentence(context, `Nothing was written: ${context.ownCommand('lock --update')} replaces what is locked`)
  return DRIFT
}

async function check(context: Context, loaded: Loaded): Promise<number> {
  const old = await existingLock(context.project)
  const drift = await driftFrom(context.project, loaded, old.lock, context.host.version)
  if (drift.length === 0) return agree(context, old.lock)
  await report(context, { old, loaded }, drift)
  return DRIFT
}

async function update(context: Context, loaded: Loaded, input: LockInput): Promise<number> {
  const { args } = input
  const { project, host } = context
  const unknown = args.filter((name) => !Object.hasOwn(loaded.stack.services, name))
  if (unknown.length > 0) throw new StackError(unknown.map((name) => unknownService(name, loaded)))
  const old = args.length > 0 ? await existingLock(project) : await lockOf(project)
  const options = { services: args, version: host.version }
  const isPart = old !== undefined && args.length > 0
  const now = isPart
    ? await updated(project, loaded, old.lock, options)
    : await makeLock(project, loaded, { version: host.version, ...(old && { known: old.lock }) })
  const moved = old ? differences(old.lock, now) : []
  if (old && moved.length > 0) await report(context, { old, loaded }, moved)
  return save(context, loaded, now, input)
}

function unknownService(name: string, { graph }: Loaded) {
  const hint = didYouMean(name, graph.keys) ?? `the stack has ${graph.keys.join(', ')}`
  return error('unknown-service', `unknown service "${name}"`, { hint })
}

function agree(context: Context, lock: Lock): number {
  printSentence(context, `Everything is as locked: ${extent(lock)}`)
  return 0
}
