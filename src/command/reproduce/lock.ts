import { relative, resolve } from 'node:path'
import { defineCommand, type Input } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { printSentence } from '../../cli/show.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import type { Span } from '../../diagnostics/span.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Loaded } from '../../load/loaded.ts'
import { type Difference, differences, notedDifferences } from '../../lockfile/differences.ts'
import type { Lock } from '../../lockfile/model.ts'
import { KINDS, type PackagesLock, packagesText } from '../../lockfile/packages.ts'
import type { ReadLock } from '../../lockfile/read.ts'
import { lockText } from '../../lockfile/text.ts'
import { driftFrom, updated } from '../../project/locking/compare.ts'
import { existingLock, lockIn, lockOf, lockPath } from '../../project/locking/lock-file.ts'
import { makeLock } from '../../project/locking/make-lock.ts'
import { makePackagesLock, packagesOf, packagesPath } from '../../project/locking/packages.ts'
import { deliver } from '../shared/deliver.ts'
import { exclude } from '../shared/up-flags.ts'
import { type Placed, printDifferences, printPackageChanges } from './differences.ts'

/** As `plan`: what was compared differs. */
const DRIFT = 2

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

async function save(context: Context, loaded: Loaded, lock: Lock, { flags }: LockInput): Promise<number> {
  const path = await lockPath(context.project)
  const shown = relative(context.host.cwd, path)
  if (context.globals.dryRun) {
    context.print(lockText(lock))
    return 0
  }
  const packages = flags.packages === false ? undefined : await packagesFor(context, loaded, lock)
  await deliver(context, path, lockText(lock))
  if (packages) await deliver(context, packagesPath(path), packagesText(packages))
  printSentence(context, `Wrote ${shown}: ${extent(lock)}`)
  if (packages)
    printSentence(context, `Wrote ${relative(context.host.cwd, packagesPath(path))}: ${packageCounts(packages)}`)
  return 0
}

/** Prints which packages moved in the meantime. */
async function packagesFor(context: Context, loaded: Loaded, lock: Lock): Promise<PackagesLock> {
  const { project } = context
  const path = await lockPath(project)
  const known = packagesOf(project, path)
  const packages = await makePackagesLock(project, loaded, lock, known)
  if (known) printPackageChanges(context, known, packages)
  return packages
}

function packageCounts(images: PackagesLock): string {
  const counts = KINDS.flatMap((kind) => {
    const all = Object.values(images).map(({ packages }) => Object.keys(packages[kind] ?? {}).length)
    const sum = all.reduce((total, each) => total + each, 0)
    return sum > 0 ? [`${sum} of ${kind}`] : []
  })
  return counts.length > 0 ? `packages: ${counts.join(', ')}` : 'no packages'
}

function agree(context: Context, lock: Lock): number {
  printSentence(context, `Everything is as locked: ${extent(lock)}`)
  return 0
}

function extent({ images, stack, files }: Lock): string {
  const count = (all: object | undefined, one: string) => {
    const number = Object.keys(all ?? {}).length
    return `${number} ${one}${number === 1 ? '' : 's'}`
  }
  return [count(stack.services as object, 'service'), count(images, 'image'), count(files, 'file')].join(', ')
}

interface Compared {
  old: ReadLock
  loaded: Loaded
}

async function report(context: Context, { old, loaded }: Compared, drift: readonly Difference[]): Promise<void> {
  const facts = drift.length === 1 ? 'One fact differs' : `${drift.length} facts differ`
  printSentence(context, `${facts} from the lock file`)
  const placed = drift.map((each): Placed => ({ ...each, at: placeOf(each, { old, loaded }) }))
  printDifferences(context, placed, (at) => placeText(context, at))
}

/** In the stack file, if the fact comes from there; a fact that is no longer there is in the lock file. */
export function placeOf({ path, to }: Difference, { old, loaded }: Compared): Span | undefined {
  if (to === undefined) return old.spanOf(path)
  const [section = '', key = ''] = path
  if (section === 'files') return undefined
  const inStack = section === 'images' ? imagePath(loaded, key) : path.join('.')
  return loaded.spanOf(inStack)
}

function imagePath({ stack }: Loaded, key: string): string {
  const [user] = Object.entries(stack.services).find(([name, { image = `build:${name}` }]) => image === key) ?? []
  return `services.${user}.image`
}

function placeText(context: Context, { file, line, col }: Span): string {
  return `${relative(context.host.cwd, file)}:${line}:${col}`
}

/** Compares two files alone: no stack, no engine. */
async function compareFiles(context: Context, files: readonly string[]): Promise<number> {
  const [one, other, ...rest] = files.map((file) => lockIn(context.project, resolve(context.host.cwd, file)))
  if (!one || !other || rest.length > 0)
    throw new StackError([error('usage', `two lock files are compared: ${ownCommand('lock diff OLD NEW')}`)])
  const enforced = differences(one.lock, other.lock)
  const noted = notedDifferences(one.lock, other.lock)
  const placed = [...enforced, ...noted].map(
    (each): Placed => ({ ...each, at: each.to === undefined ? one.spanOf(each.path) : other.spanOf(each.path) }),
  )
  printDifferences(context, placed, (at) => placeText(context, at))
  const [before, after] = [packagesBeside(context, files[0], one.lock), packagesBeside(context, files[1], other.lock)]
  if (before && after) printPackageChanges(context, before, after)
  if (placed.length === 0) printSentence(context, 'Both lock files say the same')
  return enforced.length === 0 ? 0 : DRIFT
}

/** Without those of other contents than the locked ones: lock may leave out the packages. */
function packagesBeside(context: Context, file = '', { images }: Lock): PackagesLock | undefined {
  const packages = packagesOf(context.project, resolve(context.host.cwd, file))
  const isLocked = ([key, { content }]: [string, { content: string }]) => images[key]?.content === content
  return packages && Object.fromEntries(Object.entries(packages).filter(isLocked))
}
