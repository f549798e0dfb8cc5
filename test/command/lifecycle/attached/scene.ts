import { test } from 'uvu'
import type { ImageFixture } from '../../../support/memory/fixture.ts'
import { type Lab, withLab } from '../../support.ts'

const ends = (after: number, code: number): ImageFixture => ({
  cmd: ['run'],
  log: [
    { after: 5, text: 'hello' },
    { after: after - 1, text: 'bye' },
  ],
  exits: { after, code },
  stopsWith: 0,
})

/** Virtual time passes whenever nobody is busy, so that what should be there for a while never ends by itself. */
export const IMAGES: Record<string, ImageFixture> = {
  stays: { cmd: ['serve'], log: [{ after: 5, text: 'hello' }], stopsWith: 0 },
  deaf: { cmd: ['serve'], log: [{ after: 5, text: 'hello' }], ignoresStop: true },
  hopeless: { cmd: ['serve'], log: [{ after: 5, text: 'hello' }], stopsWith: 0, passesAfter: Number.POSITIVE_INFINITY },
  well: ends(1000, 0),
  ill: ends(2000, 3),
  later: ends(3000, 4),
}

export const stackOf = (services: Record<string, string>) =>
  `name: lab\nservices:\n${Object.entries(services)
    .map(([name, text]) => `  ${name}: ${text}\n`)
    .join('')}`

export const image = (name: string) => `{ image: ${name} }`

export function inLab(name: string, services: Record<string, string>, body: (lab: Lab) => Promise<void>): void {
  test(name, async () => {
    await withLab({ 'stack.yaml': stackOf(services) }, { images: IMAGES }, body)
  })
}

export function states({ engine }: Lab): Record<string, string> {
  return Object.fromEntries(
    [...engine.world.containers.values()].map(({ name, state, exitCode }) => [
      name.replace('lab-', ''),
      state === 'exited' ? `exited ${exitCode}` : state,
    ]),
  )
}
