import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { engineBackend } from '../../../src/backend/engine/backend.ts'
import { DOWN, type Intent, UP } from '../../../src/backend/intent.ts'
import type { Journal } from '../../../src/backend/journal.ts'
import { unwrap } from '../../../src/diagnostics/checked.ts'
import type { Engine } from '../../../src/docker/port.ts'
import { execute } from '../../../src/execute/execute.ts'
import type { Clock } from '../../../src/execute/step-context.ts'
import type { Stack } from '../../../src/stack/model.ts'
import type { MemoryEngine } from '../../support/memory-engine.ts'
import { declared, engineFor, IMAGES, stacks } from '../support.ts'
import { assertUp, isWrite, leftOf, planFor } from './carry-out.ts'

/** Commands are killed while calls are under way: the engine carries those out, at its own pace, beside the next command. */
const SLOW = Object.fromEntries(Object.entries(IMAGES).map(([name, image]) => [name, { ...image, ignoresStop: true }]))
const calm = new AbortController().signal

/** Like the file that a command leaves behind. */
function memoryJournal(clock: Clock): Journal {
  const until = new Map<string, number>()
  return {
    stopping: (container, grace) => void until.set(container, clock.now() + grace + 1_000),
    stopped: (container) => void until.delete(container),
    pending: () => [...until].map(([container, end]) => ({ container, remainingMs: Math.max(0, end - clock.now()) })),
  }
}

/** An engine as seen by a process that is killed when its n-th write is on its way: what it asks for later never arrives. */
function mortal(engine: MemoryEngine, n: number): { engine: Engine; clock: Clock; died: Promise<void> } {
  let left = n
  let dead = false
  let die: () => void = () => undefined
  const died = new Promise<void>((resolve) => {
    die = resolve
  })
  const guard =
    (name: string, method: (...args: unknown[]) => unknown) =>
    (...args: unknown[]) => {
      if (dead) return new Promise(() => undefined)
      const answer = method(...args)
      if (isWrite(name) && --left <= 0) {
        dead = true
        die()
      }
      return answer
    }
  const entries = Object.entries(engine.behindTheBack).map(([name, method]) => [name, guard(name, method as never)])
  const clock: Clock = {
    now: () => engine.clock.now(),
    sleep: (ms, signal) => (dead ? new Promise(() => undefined) : engine.clock.sleep(ms, signal)),
  }
  return { engine: Object.fromEntries(entries) as Engine, clock, died }
}

async function command(engine: Engine, clock: Clock, journal: Journal, stack: Stack, intent: Intent) {
  const backend = engineBackend(engine, { project: stack.name, contentOf: () => undefined, journal })
  await backend.settle({ signal: calm, clock, onWait: () => undefined })
  const observed = await backend.observe(stack, calm)
  const plan = unwrap(backend.plan({ declared: declared(stack), observed, intent }))
  return execute(plan, backend.perform, { signal: calm, clock, emit: () => undefined })
}

async function killedInFlight(
  engine: MemoryEngine,
  journal: Journal,
  n: number,
  stack: Stack,
  intent: Intent,
): Promise<void> {
  const victim = mortal(engine, n)
  await Promise.race([victim.died, command(victim.engine, victim.clock, journal, stack, intent)])
}

const up: Intent = { ...UP, removeOrphans: true }

async function ready(stack: Stack) {
  const engine = engineFor(stack, { images: SLOW })
  const journal = memoryJournal(engine.clock)
  assert.ok((await command(engine, engine.clock, journal, stack, up)).ok)
  return { engine, journal }
}

test('an up killed while the engine is at work is put right by the next one', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, stacks, fc.integer({ min: 1, max: 25 }), async (before, after, n) => {
      const { engine, journal } = await ready(before)
      await killedInFlight(engine, journal, n, after, up)
      const again = await command(engine, engine.clock, journal, after, up)
      assert.ok(again.ok, again.problems.map((each) => each.message).join())
      await engine.clock.sleep(60_000)
      await assertUp(engine, after)
      assert.equal((await planFor(engine, after, UP)).steps, [])
    }),
    { numRuns: 250 },
  )
})

test('a down killed while the engine is at work leaves nothing that the next up does not put right', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, fc.integer({ min: 1, max: 15 }), async (stack, n) => {
      const { engine, journal } = await ready(stack)
      await killedInFlight(engine, journal, n, stack, DOWN)
      const again = await command(engine, engine.clock, journal, stack, up)
      assert.ok(again.ok, again.problems.map((each) => each.message).join())
      await engine.clock.sleep(60_000)
      await assertUp(engine, stack)
    }),
    { numRuns: 150 },
  )
})

test('a down killed while the engine is at work is finished by the next down', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, fc.integer({ min: 1, max: 15 }), async (stack, n) => {
      const { engine, journal } = await ready(stack)
      const all: Intent = { ...DOWN, volumes: true }
      await killedInFlight(engine, journal, n, stack, all)
      assert.ok((await command(engine, engine.clock, journal, stack, all)).ok)
      await engine.clock.sleep(60_000)
      const { containers, networks, volumes } = await leftOf(engine, stack)
      assert.equal([containers, networks, volumes], [[], [], []])
    }),
    { numRuns: 100 },
  )
})

/** The victim's last call reaches the engine only once the next command has looked. */
function lateCall(engine: MemoryEngine, n: number): { engine: Engine; died: Promise<void>; arrives(): Promise<void> } {
  let left = n
  let late: (() => unknown) | undefined
  let die: () => void = () => undefined
  const died = new Promise<void>((resolve) => {
    die = resolve
  })
  const guard =
    (name: string, method: (...args: unknown[]) => unknown) =>
    (...args: unknown[]) => {
      if (late) return new Promise(() => undefined)
      if (!isWrite(name) || --left > 0) return method(...args)
      late = () => method(...args)
      die()
      return new Promise(() => undefined)
    }
  const entries = Object.entries(engine.behindTheBack).map(([name, method]) => [name, guard(name, method as never)])
  const arrives = async () => {
    await Promise.resolve(late?.()).catch(() => undefined)
  }
  return { engine: Object.fromEntries(entries) as Engine, died, arrives }
}

/** What comes through late makes a command look again, as commands do: three times at most. */
async function upAgain(engine: MemoryEngine, stack: Stack, arrives: () => Promise<void>) {
  const { behindTheBack: there, clock } = engine
  for (let round = 1; ; round++) {
    const backend = engineBackend(there, { project: stack.name, contentOf: () => undefined })
    const observed = await backend.observe(stack, calm)
    const plan = unwrap(backend.plan({ declared: declared(stack), observed, intent: up }))
    if (round === 1) await arrives()
    const outcome = await execute(plan, backend.perform, { signal: calm, clock, emit: () => undefined })
    const isMoved = outcome.problems.every(({ code }) => code === 'moved')
    if (outcome.ok || !isMoved || round === 3) return outcome
  }
}

test('a call of a killed up that comes through once the next one has looked makes that no worse', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, stacks, fc.integer({ min: 1, max: 25 }), async (before, after, n) => {
      const { engine, journal } = await ready(before)
      const victim = lateCall(engine, n)
      await Promise.race([victim.died, command(victim.engine, engine.clock, journal, after, up)])
      const again = await upAgain(engine, after, victim.arrives)
      assert.ok(again.ok, again.problems.map((each) => each.message).join())
      await engine.clock.sleep(60_000)
      await assertUp(engine, after)
    }),
    { numRuns: 80 },
  )
})

test.run()
