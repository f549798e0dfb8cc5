import type { Replica } from '../../backend/read/containers.ts'
import { defineCommand, type Input } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { replicasOf } from '../../project/target.ts'
import { copyIn } from './copy/copy-in.ts'
import { copyOut } from './copy/copy-out.ts'
import { type Copy, copyOf } from './copy/ends.ts'
import { uncopied } from './copy/problem.ts'

const FLAGS = {
  all: { type: 'boolean', description: 'Also copy into containers created by flotilla run' },
  archive: {
    type: 'boolean',
    short: 'a',
    description: "Make copied files belong to the container's user (default: keep their owners)",
  },
  'follow-link': { type: 'boolean', short: 'L', description: 'If the source is a symbolic link, copy its target' },
  index: {
    type: 'number',
    value: 'N',
    description: "Number of the service's container (default: copy into all of them, copy from the first)",
  },
} as const satisfies Flags

type CpInput = Input<typeof FLAGS>

export const command = defineCommand({
  name: 'cp',
  summary: 'Copy files and folders into containers, or out of one',
  description: [
    'Containers do not have to be running. If the destination is an existing folder, the source is copied into it under its own name; otherwise the',
    'destination is its new name. A source folder that ends with /. stands for its contents. Permissions and times are kept; a file replaces',
    'a file, folders are merged. - is a tar archive on standard input or output.',
  ].join(' '),
  examples: [
    { command: 'flotilla cp web:/etc/nginx .', does: 'Copy a folder of a container to the current directory.' },
    {
      command: 'flotilla cp site/. web:/usr/share/nginx/html',
      does: 'Copy the contents of a folder, not the folder itself.',
    },
    { command: 'flotilla cp db:/backup - | gzip > backup.tar.gz', does: 'Write an archive to standard output.' },
  ],
  flags: FLAGS,
  positionals: [
    { name: 'SOURCE', required: true, description: 'SERVICE:PATH, a path here, or -' },
    { name: 'DESTINATION', required: true, description: 'A path here, -, or SERVICE:PATH' },
  ],
  async run(context, input) {
    const [source = '', destination = ''] = input.args
    const copy = copyOf(source, destination)
    const { all, index } = input.flags
    const found = await replicasOf(context.project, copy.service, { index: index || undefined, oneOffs: all })
    const replicas = copy.direction === 'out' ? found.slice(0, 1) : found
    if (copy.direction === 'in' && copy.from.kind === 'stream' && replicas.length > 1)
      throw uncopied(
        `standard input can be read only once, but ${copy.service} has ${replicas.length} containers`,
        'choose one with --index',
      )
    for (const replica of replicas) await carryOut(context, input, copy, replica)
    return 0
  },
})

async function carryOut(context: Context, { flags, args }: CpInput, copy: Copy, replica: Replica): Promise<void> {
  const view = await context.view()
  const [source, destination] = args
  const inside = `${replica.name}:${copy.path}`
  const words = copy.direction === 'in' ? `${source} to ${inside}` : `${inside} to ${destination}`
  if (context.globals.dryRun) return view.say(`would copy ${words}`)
  const follow = flags.followLink
  if (copy.direction === 'in') {
    const from = copy.from.kind === 'local' ? copy.from.path : undefined
    await copyIn(context, replica, { from, path: copy.path, follow, asUser: flags.archive })
  } else {
    await copyOut(context, replica, {
      path: copy.path,
      to: copy.to.kind === 'local' ? copy.to.path : undefined,
      follow,
    })
  }
  view.say(`Copied ${words}`)
}
