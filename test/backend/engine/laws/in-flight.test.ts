import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { engineBackend } from '../../../../src/backend/engine/backend.ts'
import { DOWN, type Intent, UP } from '../../../../src/backend/intent.ts'
import { type Creation, type Journal, NO_JOURNAL } from '../../../../src/backend/journal.ts'
import { unwrap } from '../../../../src/diagnostics/checked.ts'
import type { Engine } from '../../../../src/docker/port.ts'
import { execute } from '../../../../src/execute/execute.ts'
import type { Clock } from '../../../../src/execute/step-context.ts'
import type { Stack } from '../../../../src/stack/model.ts'
import type { MemoryEngine } from '../../../support/memory-engine.ts'
import { declared, engineFor, IMAGES, stackOf, stacks } from '../../support.ts'
import { assertUp, isWrite, leftOf, planFor } from '../carry-out.ts'

/** Commands are killed while calls are under way: the engine carries those out, at its own pace, beside the next command. */
const SLOW = Object.fromEntries(Object.entries(IMAGES).map(([name, image]) => [name, { ...image, ignoresStop: true }]))
const calm = new AbortController().signal

/** Like the file that a command leaves behind. */
function memoryJournal(clock: Clock): Journal {
  const until = new Map<string, number>()
  const asked = new Map<string, Creation & { end: number }>()
  const remaining = (end: number) => Math.max(0, end - clock.now())
  return {
    creations: {
      requested: (creation) => void asked.set(JSON.stringify(creation), { ...creation, end: clock.now() + 10_000 }),
      answered: (creation) => void asked.delete(JSON.stringify(creation)),
      pending: () => [...asked.values()].map(({ end, ...creation }) => ({ ...creation, remainingMs: remaining(end) })),
    },
    stopping: (container, grace) => void until.set(container, clock.now() + grace + 1_000),
    stopped: (container) => void until.delete(container),
    pending: () => [...until].map(([container, end]) => ({ container, remainingMs: remaining(end) })),
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

/** The victim's last call, the n-th of those that count, reaches the engine only once the next command has looked, or later. */
function lateCall(
  engine: MemoryEngine,
  n: number,
  counted = /./,
): { engine: Engine; clock: Clock; died: Promise<void>; arrives(): Promise<void> } {
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
      if (!isWrite(name) || !counted.test(name) || --left > 0) return method(...args)
      late = () => method(...args)
      die()
      return new Promise(() => undefined)
    }
  const entries = Object.entries(engine.behindTheBack).map(([name, method]) => [name, guard(name, method as never)])
  const arrives = async () => {
    await Promise.resolve(late?.()).catch(() => undefined)
  }
  const { now, sleep } = engine.clock
  const clock: Clock = { now, sleep: (...given) => (late ? new Promise(() => undefined) : sleep(...given)) }
  return { engine: Object.fromEntries(entries) as Engine, clock, died, arrives }
}

/** What comes through late makes a command look again, as commands do: three times at most. */
async function again(engine: MemoryEngine, journal: Journal, stack: Stack, intent: Intent, looked = async () => {}) {
  const { behindTheBack: there, clock } = engine
  const backend = engineBackend(there, { project: stack.name, contentOf: () => undefined, journal })
  await backend.settle({ signal: calm, clock, onWait: () => undefined })
  for (let round = 1; ; round++) {
    const observed = await backend.observe(stack, calm)
    const plan = unwrap(backend.plan({ declared: declared(stack), observed, intent }))
    if (round === 1) await looked()
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
      await Promise.race([victim.died, command(victim.engine, victim.clock, journal, after, up)])
      const outcome = await again(engine, NO_JOURNAL, after, up, victim.arrives)
      assert.ok(outcome.ok, outcome.problems.map((each) => each.message).join())
      await engine.clock.sleep(60_000)
      await assertUp(engine, after)
    }),
    { numRuns: 80 },
  )
})

const NOTED = /^(create(Container|Network|Volume)|connectNetwork|removeContainer)$/
/** What is typed next: the same again, the stack as it was before, another one, the end of it all. */
const gone: Intent = { ...DOWN, volumes: true, removeOrphans: true }
const NEXT = ['same', 'back', 'other', 'down'] as const

test('the next command knows the creations and removals that a killed up requested, however late they happen', async () => {
  const late = fc.integer({ min: 0, max: 8_000 })
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(stacks, stacks, stacks),
      fc.integer({ min: 1, max: 12 }),
      late,
      fc.constantFrom(...NEXT),
      async ([before, after, other], n, ms, next) => {
        const { engine, journal } = await ready(before)
        const victim = lateCall(engine, n, NOTED)
        await Promise.race([victim.died, command(victim.engine, victim.clock, journal, after, up)])
        void engine.clock.sleep(ms).then(victim.arrives)
        const wanted = { same: after, back: before, other, down: after }[next]
        const outcome = await again(engine, journal, wanted, next === 'down' ? gone : up)
        assert.ok(outcome.ok, outcome.problems.map((each) => each.message).join())
        await engine.clock.sleep(60_000)
        if (next !== 'down') return assertUp(engine, wanted)
        const { containers, networks, volumes } = await leftOf(engine, wanted)
        assert.equal([containers, networks, volumes], [[], [], []])
      },
    ),
    { numRuns: 300 },
  )
})

test('a finished job that a killed up was having removed is not taken for one that is there to stay', async () => {
  const stackWith = (REV: string) =>
    stackOf({
      services: {
        job: { image: 'job:1', environment: { REV } },
        web: {
          environment: { REV: '1' },
          depends_on: { job: { condition: 'service_completed_successfully', required: true } },
        },
      },
    })
  const [before, after] = [stackWith('1'), stackWith('2')]
  const { engine, journal } = await ready(before)
  const victim = lateCall(engine, 1, /^removeContainer$/)
  await Promise.race([victim.died, command(victim.engine, victim.clock, journal, after, up)])
  void engine.clock.sleep(500).then(victim.arrives)
  assert.ok((await again(engine, journal, before, up)).ok)
  await engine.clock.sleep(60_000)
  await assertUp(engine, before)
})

test.run()
