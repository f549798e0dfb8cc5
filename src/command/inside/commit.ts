import { capabilityOf } from '../../backend/capability.ts'
import { defineCommand } from '../../cli/command.ts'
import type { Flags } from '../../cli/flag.ts'
import { replicasOf } from '../../project/target.ts'

const FLAGS = {
  author: { type: 'string', short: 'a', value: 'NAME', description: 'Author of the image' },
  message: { type: 'string', short: 'm', value: 'TEXT', description: 'Comment of the image, e.g. what was changed' },
  change: {
    type: 'list',
    short: 'c',
    value: 'INSTRUCTION',
    description: 'Dockerfile instruction to apply to the image, e.g. "CMD sh"; may be repeated',
  },
  pause: {
    type: 'boolean',
    short: 'p',
    negatable: true,
    description: 'Pause the container meanwhile (default)',
  },
  index: { type: 'number', value: 'N', description: "Number of the service's container (default: the first)" },
} as const satisfies Flags

export const command = defineCommand({
  name: 'commit',
  summary: 'Create an image from a container',
  description:
    "The image holds the container's current file system, without its volumes. For an image that can be rebuilt, write a Dockerfile.",
  examples: [
    {
      command: 'flotilla commit -m "packages added" jupyter lab:with-packages',
      does: 'Save what was installed in the container.',
    },
    { command: 'flotilla commit -c "CMD sh" app', does: 'Create an unnamed image that starts another program.' },
  ],
  flags: FLAGS,
  positionals: [
    { name: 'SERVICE', required: true, description: 'Service whose container to commit' },
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
    const id = await capabilityOf(reader, 'files').commit(replica.id, request, context.signal)
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
