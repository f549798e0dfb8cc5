import type { ReplicaDetails } from '../../backend/read/containers.ts'
import { defineCommand } from '../../cli/command.ts'
import type { Flags } from '../../cli/flag.ts'
import { printLines, printTable } from '../../cli/show.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { groupBy } from '../../util/object.ts'
import { jsonText } from '../../view/redact/visible.ts'

const FLAGS = {
  all: { type: 'boolean', short: 'a', description: 'Include projects without running containers' },
  quiet: { type: 'boolean', short: 'q', description: 'Only names' },
  filter: {
    type: 'list',
    value: 'KEY=VALUE',
    suggestions: ['name='],
    description: 'Only some projects: name=PATTERN, a regular expression',
  },
  format: { type: 'string', value: 'FORMAT', choices: ['table', 'json', 'pretty'], description: 'How to print' },
} as const satisfies Flags

export const command = defineCommand({
  name: 'ls',
  summary: 'List the projects on the engine',
  examples: [
    { command: 'flotilla ls', does: 'List projects with running containers.' },
    { command: 'flotilla ls -a --format json', does: 'All projects, for programs.' },
  ],
  flags: FLAGS,
  async run(context, { flags }) {
    const patterns = flags.filter.map(patternOf)
    const reader = await context.project.reader()
    const listed = await reader.details(undefined, { all: flags.all }, context.signal)
    const projects = projectsOf(listed).filter(
      ({ Name }) => patterns.length === 0 || patterns.some((each) => each.test(Name)),
    )
    if (flags.quiet)
      printLines(
        context,
        projects.map(({ Name }) => Name),
      )
    else if (flags.format === 'json') context.print(`${jsonText(projects)}\n`)
    else
      printTable(
        context,
        ['NAME', 'STATUS', 'CONFIG FILES'],
        projects.map((each) => [each.Name, each.Status, each.ConfigFiles]),
      )
    return 0
  },
})

/** Uses the field names of `docker compose ls --format json`. */
interface Listed {
  Name: string
  /** `exited(1), running(2)`. */
  Status: string
  ConfigFiles: string
}

function projectsOf(replicas: readonly ReplicaDetails[]): Listed[] {
  const projects = groupBy(replicas, ({ project }) => project)
  return [...projects]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([Name, all]) => ({ Name, Status: statusOf(all), ConfigFiles: configFilesOf(all) }))
}

function statusOf(replicas: readonly ReplicaDetails[]): string {
  const states = [...groupBy(replicas, ({ state }) => state)].map(([state, all]) => `${state}(${all.length})`)
  return states.sort().join(', ')
}

/** The config files of all containers, without duplicates; N/A if a label is missing, as in Compose. */
function configFilesOf(replicas: readonly ReplicaDetails[]): string {
  const files = new Set(replicas.flatMap(({ origin }) => origin.configFiles).filter(Boolean))
  return files.size > 0 ? [...files].join(',') : 'N/A'
}

const HINT = 'write --filter name=PATTERN'

/** A pattern may match any part of a name, as in the engine's own filters. */
function patternOf(filter: string): RegExp {
  const [key = '', ...value] = filter.split('=')
  if (key !== 'name' || value.length === 0)
    throw new StackError([error('usage', `there is no filter "${filter}"`, { hint: HINT })])
  try {
    return new RegExp(value.join('='))
  } catch {
    throw new StackError([error('usage', `--filter: "${value.join('=')}" is not a regular expression`, { hint: HINT })])
  }
}
