import { basename, resolve } from 'node:path'
import { defineCommand } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import { unwrap } from '../../diagnostics/checked.ts'
import { realDisk } from '../../load/file/disk.ts'
import type { Loaded } from '../../load/loaded.ts'
import { checkedStack } from '../../project/load/checked-stack.ts'
import type { Survey } from '../../project/request.ts'
import { refuseIfMoved, sourceOf } from '../../project/saved-plan.ts'
import { type CheckedPlan, parseSaved } from '../../project/saved-shape.ts'
import { runOrPreview } from '../shared/run-or-preview.ts'

export const command = defineCommand({
  name: 'apply',
  summary: 'Carry out exactly the plan that was saved by plan --out',
  description: [
    'Loads the stack from the files that the plan names, and plans again. Does nothing if the new plan differs, or if the files or the',
    'containers, networks or volumes of the project have changed since.',
  ].join(' '),
  examples: [
    {
      command: 'flotilla plan --out change.plan && flotilla apply change.plan',
      does: 'Save a plan, and carry it out.',
    },
    { command: 'flotilla apply --dry-run change.plan', does: 'Show the plan, if it can still be carried out.' },
  ],
  documentation: 'docs/architecture.md#saved-plans',
  flags: {},
  positionals: [{ name: 'FILE', required: true, description: 'The saved plan' }],
  async run(context, { args: [file = ''] }) {
    const saved = await readSaved(context, file)
    context.adopt(sourceOf(saved))
    const { intent } = saved
    const load = async () => ({ declared: await checkedStack(context.project, intent), intent })
    const confirm = (survey: Survey, { stack }: Loaded) => refuseIfMoved(saved, stack, survey, file)
    return (await runOrPreview(context, { command: 'apply', load, confirm, once: true })).code
  },
})

async function readSaved(context: Context, file: string): Promise<CheckedPlan> {
  const { readText } = await import('../../load/file/read.ts')
  const text = unwrap(readText(realDisk(), resolve(context.host.cwd, file)))
  return unwrap(parseSaved(text, basename(file)))
}
