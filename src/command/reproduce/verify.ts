import { relative } from 'node:path'
import { defineCommand } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import { printSentence, printTable } from '../../cli/show.ts'
import type { Verified, VerifiedContainer } from '../../project/locking/compare.ts'
import { verify } from '../../project/locking/compare.ts'
import { existingLock } from '../../project/locking/lock-file.ts'
import { replicaName } from '../../project/replicas.ts'
import { type Address, kindOf, serviceOf, shortName } from '../../stack/address.ts'
import { groupBy } from '../../util/object.ts'
import { type Placed, printDifferences } from './differences.ts'
import { placeOf } from './lock/report.ts'

const DRIFT = 2

export const command = defineCommand({
  name: 'verify',
  summary: 'Check that what runs is what is locked',
  description: [
    'The stack must be as its lock file says, every container as the stack declares it, and created from an image with the locked content,',
    'whatever the name of the image means by now. Changes nothing. Exit code 2: something differs.',
  ].join(' '),
  examples: [
    { command: 'flotilla verify', does: 'Compare the running containers with stack.lock.yaml.' },
    { command: 'flotilla verify && flotilla exec jupyter make', does: 'Compute only with what is locked.' },
  ],
  documentation: 'docs/locking.md#verify',
  flags: {},
  async run(context) {
    const { project, host } = context
    const [lock, loaded] = [await existingLock(project), await project.loaded()]
    const found = await verify(project, loaded, lock.lock, host.version)
    show(context, found)
    const placed = found.drift.map((each): Placed => ({ ...each, at: placeOf(each, { old: lock, loaded }) }))
    printDifferences(context, placed, ({ file, line, col }) => `${relative(host.cwd, file)}:${line}:${col}`)
    return isVerified(found) ? 0 : DRIFT
  },
})

function isVerified({ drift, containers, steps }: Verified): boolean {
  return drift.length === 0 && steps.length === 0 && containers.every(isAsLocked)
}

function isAsLocked({ content, locked }: VerifiedContainer): boolean {
  return content === locked
}

/** `network default` */
function nameOf(subject: Address): string {
  return `${kindOf(subject)} ${shortName(subject)}`
}

function show(context: Context, found: Verified): void {
  if (found.containers.length === 0) printSentence(context, 'No container of the stack runs')
  const rows = found.containers.map((each) => {
    return [replicaName(each.replica), each.image, isAsLocked(each) ? 'as locked' : 'another image']
  })
  if (rows.length > 0) printTable(context, ['CONTAINER', 'IMAGE', 'CONTENT'], rows, [['cut', 'IMAGE']])
  const due = groupBy(found.steps, ({ service, subject }) => service ?? serviceOf(subject) ?? nameOf(subject))
  for (const [name, [first]] of due)
    printSentence(context, `${name} is not as the stack declares it: up would ${first?.verb} (${first?.cause})`)
  const { drift } = found
  if (drift.length > 0) printSentence(context, `The stack is not as it was locked: ${drift.length} facts differ`)
  if (isVerified(found)) printSentence(context, 'What runs is what is locked')
}
