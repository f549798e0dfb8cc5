import { DOWN } from '../../backend/intent.ts'
import type { Replica } from '../../backend/read/containers.ts'
import { hasExited, isAlive } from '../../backend/state.ts'
import { defineCommand } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { printLines } from '../../cli/show.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import { untilEnded } from '../../logs/wait-exit.ts'
import { wantedFor } from '../../project/wanted.ts'
import { runOrPreview } from '../shared/run-or-preview.ts'

const FLAGS = {
  'down-project': {
    type: 'boolean',
    description: 'Afterwards take the whole project down, including orphans; volumes stay',
  },
} as const satisfies Flags

export const command = defineCommand({
  name: 'wait',
  summary: 'Wait until containers have ended',
  description: [
    'Waits for every running container of the services, prints its exit code, and exits with the exit code of the last one to end.',
    'A container that has already ended counts as well. With -p, no stack file is needed.',
  ].join(' '),
  examples: [
    { command: 'flotilla wait job', does: "Wait for a job, and exit with the job's exit code." },
    { command: 'flotilla wait --down-project tests', does: 'Wait for the tests, then take everything down.' },
  ],
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', required: true, variadic: true, description: 'Services to wait for' }],
  async run(context, { flags: { downProject }, args }) {
    const [project, reader] = await Promise.all([context.project.existingName(), context.project.reader()])
    const choose = (replicas: Replica[]) => chosen(replicas, args, project)
    if (context.globals.dryRun)
      return dryRun(context, choose(await reader.list(project, { all: true }, context.signal)), downProject)
    const onEnd = ({ name }: Replica, code: number) => printLines(context, [`${name} exited with code ${code}`])
    const { clock } = context.terminal
    const code = await untilEnded(reader, { project, choose, onEnd, clock }, context.signal)
    return downProject ? (await takeDown(context)) || code : code
  },
})

/** As in `docker compose`: the services' running containers, including those of `run`, or else the ended ones. */
function chosen(replicas: Replica[], services: string[], project: string): Replica[] {
  const found = services.map((service) => [service, candidates(replicas, service)] as const)
  const missing = found.filter(([, all]) => all.length === 0).map(([service]) => service)
  if (missing.length > 0) throw new StackError(missing.map((service) => nothingToWaitFor(replicas, service, project)))
  return found.flatMap(([, all]) => all)
}

function candidates(replicas: Replica[], service: string): Replica[] {
  const all = replicas.filter((each) => each.service === service)
  const alive = all.filter(isAlive)
  return alive.length > 0 ? alive : all.filter((each) => hasExited(each) && !each.oneoff)
}

function nothingToWaitFor(replicas: Replica[], service: string, project: string) {
  const names = [...new Set(replicas.map((each) => each.service))]
  const known = names.includes(service)
  const message = known
    ? `no container of service "${service}" has been started yet`
    : `project ${project} has no container of service "${service}"`
  const hint = known
    ? `${ownCommand(`start ${service}`)} starts it`
    : (didYouMean(service, names) ?? `${ownCommand('up')} creates them`)
  return error('no-container', message, { hint })
}

async function takeDown(context: Context): Promise<number> {
  const load = () => wantedFor(context.project, { ...DOWN, removeOrphans: true })
  return (await runOrPreview(context, { command: 'wait', load })).code
}

async function dryRun(context: Context, replicas: Replica[], downProject: boolean): Promise<number> {
  const view = await context.view()
  for (const each of replicas)
    view.say(
      isAlive(each)
        ? `would wait for ${each.name}`
        : `${each.name} has already ended, with exit code ${each.exitCode ?? 0}`,
    )
  return downProject ? takeDown(context) : 0
}
