import type { Context } from '../../cli/context.ts'

/** Prints a sentence as the command's view does, and succeeds. */
export async function say(context: Context, text: string): Promise<number> {
  const view = await context.view()
  view.say(text)
  return 0
}
