import { capabilityOf } from '../../backend/capability.ts'
import { defineCommand } from '../../cli/command.ts'
import type { Flags } from '../../cli/flag.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { replicasOf } from '../../project/target.ts'
import { toFile, toOutput } from './copy/to-output.ts'
import { say } from './say.ts'

const FLAGS = {
  output: { type: 'string', short: 'o', value: 'FILE', description: 'Write to a file instead of standard output' },
  index: { type: 'number', value: 'N', description: "Number of the service's container (default: the first)" },
} as const satisfies Flags

export const command = defineCommand({
  name: 'export',
  summary: "Write a container's file system as a tar archive",
  description:
    'Volumes are not included. The container does not have to be running. docker import makes an image from the archive.',
  examples: [
    { command: 'flotilla export -o web.tar web', does: 'To a file.' },
    { command: 'flotilla export web | tar tv', does: 'List everything in it.' },
  ],
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', required: true, description: 'Service whose container to export' }],
  async run(context, { args: [service = ''], flags: { output, index } }) {
    if (output === undefined && context.host.terminal.out.isTTY && !context.globals.dryRun) throw isTerminal()
    const [replica] = await replicasOf(context.project, service, { index: index || undefined, oneOffs: false })
    if (!replica) return 1
    if (context.globals.dryRun) return say(context, `would export ${replica.name} to ${output ?? 'standard output'}`)
    const reader = await context.project.reader()
    const archive = await capabilityOf(reader, 'files').exportContainer(replica.id, context.signal)
    if (output === undefined) {
      await toOutput(context, archive)
      return 0
    }
    await toFile(context, archive, output)
    return say(context, `Exported ${replica.name} to ${output}`)
  },
})

function isTerminal(): StackError {
  const hint = 'name a file with -o, or redirect standard output'
  return new StackError([error('usage', 'an archive is not written to a terminal', { hint })])
}
