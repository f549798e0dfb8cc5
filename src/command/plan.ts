import { defineCommand } from '../cli/command.ts'
import type { Flags } from '../cli/flag.ts'
import { printPlan } from '../cli/show.ts'
import { checkedStack, planFor } from './shared/converge.ts'
import { PLAN_FLAGS, upIntent } from './shared/up-flags.ts'

/** Exit codes, as `terraform plan -detailed-exitcode` has them: nothing to do, something to do; 1 are problems. */
const NOTHING = 0
const SOMETHING = 2

const FLAGS = {
  format: { type: 'string', value: 'FORMAT', choices: ['text', 'json'], description: 'How to print the plan' },
  ...PLAN_FLAGS,
} as const satisfies Flags

export const command = defineCommand({
  name: 'plan',
  summary: 'Show what up would do, and why, without doing it',
  description: 'Exit code 0: nothing to do; 2: something to do; 1: problems.',
  examples: [
    {
      command: 'flotilla plan',
      does: 'Show what would be created, recreated and removed, with the fields that changed.',
    },
    { command: 'flotilla plan --format json', does: 'The same for programs.' },
    { command: 'flotilla plan && echo up to date', does: 'Tell in a script whether the stack is as declared.' },
  ],
  flags: FLAGS,
  positionals: [
    { name: 'SERVICE', variadic: true, description: 'Services to plan for, with what they need; by default all' },
  ],
  async run(context, { flags, args }) {
    const intent = upIntent(flags, args)
    const loaded = await checkedStack(context, intent)
    const plan = await planFor(context, loaded, intent)
    const format = flags.format ?? 'text'
    if (format === 'text') await context.warn(plan.notes)
    await printPlan(context, plan, format)
    return plan.steps.length === 0 ? NOTHING : SOMETHING
  },
})
