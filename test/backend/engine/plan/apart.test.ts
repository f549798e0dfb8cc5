import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../../src/backend/docker/labels.ts'
import { UP } from '../../../../src/backend/intent.ts'
import { type Apart, type Journal, NO_JOURNAL } from '../../../../src/backend/journal.ts'
import type { Stack } from '../../../../src/stack/model.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { IMAGES, stackOf, stacks } from '../../support.ts'
import { carryOut, countWrites, killedAfter, leftOf, up } from '../carry-out.ts'

/** Who is in a network that is recreated is in it afterwards, also if nothing else is planned for it and commands are killed. */
const app = { environment: { REV: '1' } }

/** What the state directory would hold. */
function journalWith(): Journal & { apart: Apart[] } {
  const journal = { ...NO_JOURNAL, apart: [] as Apart[] }
  const keep = (isKept: (each: Apart) => boolean) => {
    journal.apart = journal.apart.filter(isKept)
  }
  const networks = {
    left: (each: Apart) => void journal.apart.push(each),
    joined: (container: string, network: string) =>
      keep((each) => each.container !== container || each.network !== network),
    gone: (container: string) => keep((each) => each.container !== container),
    pending: () => journal.apart,
  }
  return Object.assign(journal, { networks })
}

const changed = (stack: Stack): Stack => ({
  ...stack,
  networks: { ...stack.networks, default: { name: 'lab_default', internal: true } },
})

/** A project with an orphan and a one-off container beside the services. */
async function peopled(stack: Stack): Promise<MemoryEngine> {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, {
    ...stack,
    services: { ...stack.services, gone: stackOf({ services: { gone: app } }).services.gone ?? {} },
  })
  const Labels = { [COMPOSE.project]: 'lab', [COMPOSE.service]: 'a', [COMPOSE.oneoff]: 'True', [COMPOSE.slug]: 'x' }
  const EndpointsConfig = { lab_default: { Aliases: ['lone'] } }
  const { id } = await engine.createContainer('lone', {
    Image: 'app:1',
    Labels,
    HostConfig: { NetworkMode: 'lab_default' },
    NetworkingConfig: { EndpointsConfig },
  })
  await engine.startContainer(id)
  return engine
}

/** The names under which running containers are found in the default network, by their own names. */
async function membersOf(engine: MemoryEngine, stack: Stack): Promise<Record<string, string[]>> {
  const { containers } = await leftOf(engine, stack)
  const running = containers.filter((each) => each.state === 'running').sort((a, b) => (a.name < b.name ? -1 : 1))
  const details = await Promise.all(running.map((each) => engine.behindTheBack.inspectContainer(each.id)))
  return Object.fromEntries(
    details.flatMap((each) => {
      const joined = each?.networks.lab_default
      const aliases = joined?.aliases.filter((alias) => alias !== each?.id.slice(0, 12)) ?? []
      return each && joined ? [[each.name, aliases.sort()] as const] : []
    }),
  )
}

test('containers of a network are in it again, wherever the command that recreates it is killed', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, fc.boolean(), async (stack, some) => {
      const after = changed(stack)
      const intent = { ...UP, services: some ? Object.keys(stack.services).slice(0, 1) : [] }
      const whole = await peopled(stack)
      const members = await membersOf(whole, stack)
      whole.calls.length = 0
      assert.ok((await carryOut(whole, after, intent)).ok)
      const writes = countWrites(whole)
      for (let n = 0; n <= writes; n++) {
        const engine = await peopled(stack)
        const journal = journalWith()
        await killedAfter(engine, n, () => carryOut(engine, after, intent, undefined, journal))
        assert.ok((await carryOut(engine, after, intent, undefined, journal)).ok)
        assert.equal(await membersOf(engine, after), members, `killed after ${n} of ${writes} writes`)
        await carryOut(engine, after, intent, undefined, journal)
        assert.equal(journal.apart, [], `killed after ${n} of ${writes} writes`)
      }
    }),
    { numRuns: 25 },
  )
})

test('a disconnected container that is removed is not connected first, and is forgotten', async () => {
  const stack = stackOf({ services: { a: app } })
  const engine = await peopled(stack)
  const journal = journalWith()
  await killedAfter(engine, 3, () => carryOut(engine, changed(stack), UP, undefined, journal))
  assert.ok(journal.apart.length > 0)
  engine.calls.length = 0
  assert.ok((await carryOut(engine, changed(stack), { ...UP, removeOrphans: true }, undefined, journal)).ok)
  assert.not((await leftOf(engine, stack)).containers.some((each) => each.name === 'lab-gone-1'))
  await carryOut(engine, changed(stack), UP, undefined, journal)
  assert.equal(journal.apart, [])
})

test.run()
