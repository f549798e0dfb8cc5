import { basename, resolve } from 'node:path'
import type { UpIntent } from '../backend/intent.ts'
import { defineCommand } from '../cli/command.ts'
import type { Context } from '../cli/context.ts'
import { StackError, unwrap } from '../diagnostics/checked.ts'
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import { realDisk } from '../load/file/disk.ts'
import type { Loaded } from '../load/loaded.ts'
import type { Plan } from '../plan/plan.ts'
import { type Basis, changedSince, parseSaved, type SavedPlan } from '../plan/saved.ts'
import type { Survey } from '../project/converge.ts'
import { checkedStack } from '../project/load/checked-stack.ts'
import type { Stack } from '../stack/model.ts'
import { runOrPreview } from './shared/run-or-preview.ts'

export const command = defineCommand({
  name: 'apply',
  summary: 'Carry out exactly the plan that was saved by plan --out',
  description: [
    'The stack is loaded from where the plan says, and planned for again. Unless both plans are the same, and neither the files nor',
    "the project's containers, networks and volumes have changed since, nothing is done.",
  ].join(' '),
  examples: [
    {
      command: 'flotilla plan --out change.plan && flotilla apply change.plan',
      does: 'Save a plan, and carry it out.',
    },
    { command: 'flotilla apply --dry-run change.plan', does: 'Show the plan, if it still can be carried out.' },
  ],
  flags: {},
  positionals: [{ name: 'FILE', required: true, description: 'The saved plan' }],
  async run(context, { args: [file = ''] }) {
    const saved = await readSaved(context, file)
    const { projectDirectory, projectName, files, profiles, envFiles } = saved.origins
    context.adopt({ file: files, projectName, projectDirectory, envFile: envFiles, profile: profiles })
    const intent = saved.intent as UpIntent
    const load = async () => ({ declared: await checkedStack(context.project, intent), intent })
    const confirm = (survey: Survey, { stack }: Loaded) => refuseIfMoved(saved, stack, survey, file)
    return (await runOrPreview(context, { command: 'apply', load, confirm, once: true })).code
  },
})

/** Throws StackError unless the plan as it would be made now is the one that was saved. */
function refuseIfMoved(saved: SavedPlan, model: Stack, { plan, facts }: Survey, file: string): void {
  const moved = changedSince(saved, { model, facts, plan })
  if (moved.length > 0) throw new StackError([refusal(moved, saved, plan, file)])
}

async function readSaved(context: Context, file: string): Promise<SavedPlan> {
  const { readText } = await import('../load/file/read.ts')
  const text = unwrap(readText(realDisk(), resolve(context.host.cwd, file)))
  return unwrap(parseSaved(text, basename(file)))
}

const MOVED: Record<keyof Basis, string> = {
  model: 'the stack files, or what they take from variables and secrets',
  facts: "the project's containers, networks or volumes",
  plan: 'what has to be done',
}

function refusal(moved: (keyof Basis)[], saved: SavedPlan, plan: Plan<unknown>, file: string): Diagnostic {
  const told = moved.filter((part) => part !== 'plan' || moved.length === 1)
  const what = told.map((part) => MOVED[part]).join(', and ')
  const message = `${file} was saved ${saved.made}; since then ${what} changed`
  return error('moved', message, { hint: `${differenceOf(saved, plan)}plan again: flotilla plan --out ${file}` })
}

/** The steps that only one of the plans has. */
function differenceOf(saved: SavedPlan, plan: Plan<unknown>): string {
  const before = stepsOf(saved.plan)
  const now = plan.steps.map((step) => step.id)
  const added = now.filter((id) => !before.includes(id)).map((id) => `now also ${id}`)
  const gone = before.filter((id) => !now.includes(id)).map((id) => `no more ${id}`)
  const all = [...added, ...gone]
  return all.length === 0 ? '' : `${all.slice(0, MOST).join(', ')}${all.length > MOST ? ', …' : ''}; `
}

const MOST = 4

function stepsOf(plan: unknown): string[] {
  const steps = typeof plan === 'object' && plan !== null && 'steps' in plan ? plan.steps : []
  return Array.isArray(steps)
    ? steps.flatMap((step: { id?: unknown } | null) => (typeof step?.id === 'string' ? [step.id] : []))
    : []
}
