import { capabilityOf } from '../../../backend/capability.ts'
import { UP } from '../../../backend/intent.ts'
import type { Replica } from '../../../backend/read/containers.ts'
import { isRunning } from '../../../backend/state.ts'
import { Context } from '../../../cli/context.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import type { Emit } from '../../../execute/event.ts'
import { checkedStack } from '../../../project/load/checked-stack.ts'
import { reportFallen } from '../../shared/fallen.ts'
import { withoutProgressOf } from '../../shared/quiet-steps.ts'
import { runOrPreview } from '../../shared/run-or-preview.ts'
import { runVerb } from '../../shared/verb.ts'
import { changesOf } from './changes.ts'
import type { Rule } from './rules.ts'
import { ran, report, syncInto, syncWhole } from './sync.ts'
import { type Synced, syncedText } from './synced.ts'
import { workFor } from './work.ts'

export interface WatchOptions {
  /** Show no progress of builds. */
  quiet: boolean
  /** Remove images that a rebuild replaces, if nothing else names or uses them. */
  prune: boolean
}

/**
 * Applies the rules to changes, one burst after another, until the signal aborts. Reports failures and continues. Throws a
 * StackError if the files cannot be watched.
 */
export async function watching(
  context: Context,
  rules: readonly Rule[],
  options: WatchOptions,
  signal: AbortSignal,
): Promise<void> {
  const changes = await changesOf(rules, context.terminal.clock, signal)
  try {
    const view = await context.view()
    for (const text of summaryOf(rules)) view.say(text)
    await surviving(context, () => begin(context, rules))
    while (!signal.aborted) {
      const paths = await changes.next()
      await surviving(context, () => carryOut(context, rules, paths, options))
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown
  } finally {
    await changes.close()
  }
}

function summaryOf(rules: readonly Rule[]): string[] {
  const paths = [...new Set(rules.map(({ path }) => path))]
  return [`Watching ${paths.join(', ')}`]
}

async function surviving(context: Context, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (thrown) {
    if (!(thrown instanceof StackError) || context.signal.aborted) throw thrown
    const view = await context.view()
    view.problems(thrown.diagnostics)
  }
}

async function begin(context: Context, rules: readonly Rule[]): Promise<void> {
  for (const rule of rules.filter(({ initialSync, action }) => initialSync && action.startsWith('sync')))
    for (const replica of await replicasOf(context, rule.service)) await syncWhole(context, replica, rule)
}

async function carryOut(
  context: Context,
  rules: readonly Rule[],
  paths: readonly string[],
  options: WatchOptions,
): Promise<void> {
  const { rebuild, sync, restart, exec } = workFor(rules, paths)
  const view = await context.view()
  if (rebuild.length > 0) {
    view.say(`Rebuilding ${rebuild.join(', ')} after changes`)
    await rebuilt(context, rebuild, options)
    // New containers lack the files that were copied into the old ones.
    await begin(
      context,
      rules.filter(({ service }) => rebuild.includes(service)),
    )
  }
  for (const [service, mappings] of Object.entries(sync)) {
    const replicas = await replicasOf(context, service)
    const synced: Synced[] = []
    for (const replica of replicas) synced.push(await syncInto(context, replica, mappings))
    for (const text of syncedText(synced, service)) view.say(text)
  }
  // A project object serves a single operation.
  if (restart.length > 0) await runVerb(afresh(context), { kind: 'restart', services: restart, noDeps: false })
  for (const rule of exec) await runExec(context, rule)
}

function afresh(context: Context): Context {
  return new Context(context.host, context.globals)
}

async function rebuilt(context: Context, services: string[], { quiet, prune }: WatchOptions): Promise<void> {
  const before = await imagesOf(context, services)
  const own = afresh(context)
  const intent = { ...UP, services, build: true, noDeps: true }
  const filter = (emit: Emit) => (quiet ? withoutProgressOf(['build'], emit) : emit)
  const load = async () => ({ declared: await checkedStack(own.project, intent), intent })
  const done = await runOrPreview(own, { command: 'up', load, filter })
  await reportFallen(own, done)
  await own.flush()
  if (!prune || done.code !== 0) return
  const reader = await context.project.reader()
  const after = await imagesOf(context, services)
  for (const id of before) if (!after.has(id)) await capabilityOf(reader, 'images').dropNameless(id, context.signal)
}

async function imagesOf(context: Context, services: readonly string[]): Promise<Set<string>> {
  const [name, reader] = await Promise.all([context.project.existingName(), context.project.reader()])
  const all = await reader.details(name, { all: true }, context.signal)
  return new Set(all.filter(({ service }) => services.includes(service)).map(({ imageId }) => imageId))
}

async function runExec(context: Context, { service, exec }: Rule): Promise<void> {
  if (!exec?.command) return
  const reader = await context.project.reader()
  const env = Object.entries(exec.environment ?? {}).map(([name, value]) =>
    value === null ? name : `${name}=${value}`,
  )
  const program = {
    command: exec.command,
    user: exec.user,
    workingDir: exec.working_dir,
    privileged: exec.privileged,
    env,
  }
  for (const replica of await replicasOf(context, service)) {
    const code = await ran(context, reader, replica.id, program)
    if (code !== 0) await report(context, `the command after the sync failed in ${replica.name} with exit code ${code}`)
  }
}

async function replicasOf(context: Context, service: string): Promise<Replica[]> {
  const [name, reader] = await Promise.all([context.project.existingName(), context.project.reader()])
  const all = await reader.list(name, { all: false }, context.signal)
  return all.filter((each) => each.service === service && !each.oneoff && isRunning(each))
}
