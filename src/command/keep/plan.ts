import type { UpIntent } from '../../backend/intent.ts'
import { defineCommand, type Input } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { printJson, printPlan, printWords, widthFor } from '../../cli/show.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Loaded } from '../../load/loaded.ts'
import type { Plan } from '../../plan/plan.ts'
import { planIntent } from '../../project/converge.ts'
import { checkedStack } from '../../project/load/checked-stack.ts'
import { clearOrphanChoice } from '../../project/load/orphans.ts'
import type { Survey } from '../../project/request.ts'
import { originsOf } from '../../project/saved-plan.ts'
import { deliver } from '../shared/deliver.ts'
import { lockedIntent, PLAN_FLAGS, upIntent } from '../shared/up-flags.ts'

/** Exit codes as in `terraform plan -detailed-exitcode`: nothing to do, something to do; 1 means problems. */
const NOTHING = 0
const SOMETHING = 2

/** A saved plan names files and containers: only its owner may read it. */
const PRIVATE = { mode: 0o600 }

const FLAGS = {
  format: { type: 'string', value: 'FORMAT', choices: ['text', 'json'], description: 'How to print the plan' },
  out: { type: 'string', value: 'FILE', description: 'Save the plan, for flotilla apply' },
  explain: { type: 'string', value: 'SERVICE', description: 'Show what a service waits for, and why' },
  ...PLAN_FLAGS,
} as const satisfies Flags

type PlanInput = Input<typeof FLAGS>

export const command = defineCommand({
  name: 'plan',
  summary: 'Show what up would do, and why, without doing it',
  description: 'Exit code 0: nothing to do; 2: changes, or possible changes; 1: errors.',
  examples: [
    {
      command: 'flotilla plan',
      does: 'Show what would be created, recreated and removed, with the fields that changed.',
    },
    { command: 'flotilla plan --out change.plan', does: 'Save the plan; flotilla apply change.plan carries it out.' },
    { command: 'flotilla plan --explain web', does: 'Show what web would wait for, and why.' },
    { command: 'flotilla plan --format json', does: 'The plan, machine-readable.' },
    { command: 'flotilla plan && echo up to date', does: 'Check in a script whether the stack is as declared.' },
  ],
  documentation: 'docs/architecture.md#saved-plans',
  flags: FLAGS,
  positionals: [
    { name: 'SERVICE', variadic: true, description: 'Services to plan for, with what they need; by default all' },
  ],
  async run(context, input) {
    const { flags, args } = input
    const orphans = await clearOrphanChoice(context.project, flags.removeOrphans)
    const asked = { ...upIntent(flags, args, context.globals), ...orphans }
    const loaded = await checkedStack(context.project, asked)
    const intent = await lockedIntent(context, flags, loaded, asked)
    if (flags.explain !== undefined) demandService(loaded, flags.explain)
    if (flags.out !== undefined) demandFiles(loaded)
    const survey = await planIntent(context.project, { declared: loaded, intent })
    const { plan } = survey
    await context.project.warn(survey.warnings)
    if (flags.out !== undefined) await save(context, flags.out, { loaded, intent, survey })
    await show(context, input, loaded, plan)
    return plan.steps.length === 0 ? NOTHING : SOMETHING
  },
})

async function show(context: Context, { flags }: PlanInput, loaded: Loaded, plan: Plan<unknown>): Promise<void> {
  const format = flags.format ?? 'text'
  if (flags.explain !== undefined) return explain(context, { explain: flags.explain, format }, loaded, plan)
  if (format === 'text') await context.project.warn(plan.notes)
  await printPlan(context, plan, format)
}

function demandService({ stack, graph }: Loaded, name: string): void {
  if (Object.hasOwn(stack.services, name)) return
  const hint = didYouMean(name, graph.keys) ?? `the stack has ${graph.keys.join(', ')}`
  throw new StackError([error('unknown-service', `unknown service "${name}"`, { hint })])
}

function demandFiles({ stack }: Loaded): void {
  if (!stack.origin.configFiles.includes('-')) return
  const hint = 'write the stack to a file first'
  throw new StackError([
    error('usage', 'a plan of a stack from standard input cannot be saved: the stack could not be loaded again', {
      hint,
    }),
  ])
}

async function save(
  context: Context,
  file: string,
  { loaded, intent, survey: { plan, facts } }: { loaded: Loaded; intent: UpIntent; survey: Survey },
): Promise<void> {
  const [{ savePlan }, { planData }, origins] = await Promise.all([
    import('../../plan/saved.ts'),
    import('../../view/plan.ts'),
    originsOf(context.project, loaded),
  ])
  const { sensitive } = context.project
  const shown = { sensitive, ownCommand: (command: string) => context.ownCommand(command) }
  const saved = savePlan({
    origins,
    intent,
    basis: { model: loaded.stack, facts, plan },
    masked: planData(plan, shown),
    flotilla: context.host.version,
    now: context.host.wallTime(),
  })
  await deliver(context, file, `${JSON.stringify(saved, null, 2)}\n`, PRIVATE)
}

async function explain(
  context: Context,
  { explain: service, format }: { explain: string; format: 'text' | 'json' },
  { stack, spanOf }: Loaded,
  plan: Plan<unknown>,
): Promise<void> {
  const [{ explainService }, { explainOutput }, { paletteOf }] = await Promise.all([
    import('../../plan/explain.ts'),
    import('../../view/report/explain.ts'),
    import('../../view/palette.ts'),
  ])
  const explanation = explainService({ plan, stack, spanOf }, service)
  const look = {
    palette: paletteOf(context.terminal.out),
    workingDirectory: context.host.cwd,
    wrapAt: widthFor(context),
  }
  if (format === 'json') printJson(context, explanation)
  else printWords(context, explainOutput(service, explanation, look))
}
