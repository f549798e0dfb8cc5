import { defineCommand } from '../../cli/command.ts'
import type { Flags } from '../../cli/flag.ts'
import { replicasOf } from '../../project/target.ts'

const FLAGS = {
  author: { type: 'string', short: 'a', value: 'NAME', description: 'Who made the image' },
  message: { type: 'string', short: 'm', value: 'TEXT', description: 'What was changed' },
  change: {
    type: 'list',
    short: 'c',
    value: 'INSTRUCTION',
    description: 'Instruction of a Dockerfile for the image, e.g. "CMD sh"; may be repeated',
  },
  pause: {
    type: 'boolean',
    short: 'p',
    negatable: true,
    description: 'Have the container stand still meanwhile (default)',
  },
  index: { type: 'number', value: 'N', description: "Number of the service's container (default: the first)" },
} as const satisfies Flags

export const command = defineCommand({
  name: 'commit',
  summary: 'Make an image of a container',
  description:
    'Of its file system as it is now, without its volumes. A Dockerfile makes images that can be made again.',
  examples: [
    { command: 'flotilla commit -m "packages added" jupyter lab:with-packages', does: 'Keep what was installed.' },
    { command: 'flotilla commit -c "CMD sh" app', does: 'An image without a name that starts another program.' },
  ],
  flags: FLAGS,
  positionals: [
    { name: 'SERVICE', required: true, description: 'Service whose container to take' },
    { name: 'IMAGE', description: 'Name of the image: REPOSITORY[:TAG]' },
  ],
  async run(context, { args: [service = '', image], flags }) {
    const { index, author, message, change, pause } = flags
    const [replica] = await replicasOf(context.project, service, { index: index || undefined, oneOffs: false })
    const view = await context.view()
    if (!replica) return 1
    if (context.globals.dryRun) {
      view.say(`would commit ${replica.name} as ${image ?? 'an image without a name'}`)
      return 0
    }
    const reader = await context.project.reader()
    const request = {
      ...named(image),
      ...(author !== undefined && { author }),
      ...(message !== undefined && { comment: message }),
      changes: change,
      pause: pause !== false,
    }
    const id = await reader.commit(replica.id, request, context.signal)
    view.say(`Committed ${replica.name} as ${image === undefined ? id : `${image}, ${id}`}`)
    return 0
  },
})

/** A colon before the last slash separates the port of a registry. */
function named(image: string | undefined): { repository?: string; tag?: string } {
  if (image === undefined) return {}
  const [, repository = image, tag] = /^(.*?)(?::([^:/]*))?$/.exec(image) ?? []
  return { repository, ...(tag !== undefined && { tag }) }
}
