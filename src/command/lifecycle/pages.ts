import type { Context } from '../../cli/context.ts'
import { isForPrograms } from '../../cli/terminal/modes.ts'
import { BackendError } from '../../diagnostics/backend-error.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import { endpointsIn } from '../../project/endpoint/find.ts'
import { openly, pagesIn } from '../../project/endpoint/page.ts'

/**
 * On a terminal, prints the addresses of web pages of the services that a command brought up; omits tokens. The command has succeeded:
 * an engine that does not answer now changes nothing about that.
 */
export async function reportPages(context: Context, services: readonly string[]): Promise<void> {
  const mode = context.mode()
  if (!context.terminal.err.isTTY || isForPrograms(mode) || mode === 'quiet') return
  try {
    await printPages(context, services)
  } catch (thrown) {
    if (!(thrown instanceof BackendError || thrown instanceof StackError)) throw thrown
  }
}

async function printPages(context: Context, services: readonly string[]): Promise<void> {
  const [project, reader] = await Promise.all([context.project.existingName(), context.project.reader()])
  const listed = await reader.list(project, { all: false }, context.signal)
  const replicas = listed.filter(({ service, oneoff }) => !oneoff && services.includes(service))
  const view = await context.view()
  for (const { service, host } of pagesIn(await endpointsIn(context.project, replicas, false))) {
    const { address, logsIn } = openly(host)
    view.say(`${service}: ${address}${logsIn ? ` (${ownCommand(`open ${service}`)} logs you in)` : ''}`)
  }
}
