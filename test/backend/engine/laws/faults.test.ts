import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { UP } from '../../../../src/backend/intent.ts'
import { EngineError } from '../../../../src/docker/port.ts'
import type { RunEvent } from '../../../../src/execute/event.ts'
import type { Stack } from '../../../../src/stack/model.ts'
import type { MemoryEngine } from '../../../support/memory-engine.ts'
import { engineFor, stacks } from '../../support.ts'
import { assertConverges, assertUp, carryOut, down, isWrite, leftOf, planFor, up, writesOf } from '../carry-out.ts'

/** Every way in which a call can go wrong: refused, never arrived, and arrived without the answer coming back. */
const FAULTS = {
  refused: { when: 'before', error: () => new EngineError('server error', 500) },
  'lost on the way there': { when: 'before', error: () => new EngineError('connection reset') },
  'lost on the way back': { when: 'after', error: () => new EngineError('connection reset') },
} as const

type Fault = (typeof FAULTS)[keyof typeof FAULTS]

/** The n-th write of the command goes wrong; everything else works. */
async function withFault(
  engine: MemoryEngine,
  n: number,
  fault: Fault,
  command: () => Promise<unknown>,
): Promise<void> {
  let left = n
  engine.hooks[fault.when] = ({ method }) => {
    if (isWrite(method) && left-- === 0) throw fault.error()
  }
  try {
    await command()
  } finally {
    delete engine.hooks[fault.when]
  }
}

for (const [name, fault] of Object.entries(FAULTS)) {
  test(`a call that is ${name}, whichever it is, is put right by the next up`, async () => {
    await fc.assert(
      fc.asyncProperty(stacks, stacks, async (before, after) => {
        const writes = await writesOf(before, after)
        for (let n = 0; n < writes; n++) {
          const engine = engineFor(before)
          await up(engine, before)
          await withFault(engine, n, fault, () => up(engine, after))
          const again = await up(engine, after)
          assert.ok(again.ok, `call ${n}: ${again.problems.map((each) => each.message).join()}`)
          await assertUp(engine, after)
          assert.equal((await planFor(engine, after, UP)).steps, [])
        }
      }),
      { numRuns: 25 },
    )
  })

  test(`a call of down that is ${name} is put right by the next down`, async () => {
    await fc.assert(
      fc.asyncProperty(stacks, fc.nat(12), async (stack, n) => {
        const engine = engineFor(stack)
        await up(engine, stack)
        await withFault(engine, n, fault, () => down(engine, stack, { volumes: true }))
        assert.ok((await down(engine, stack, { volumes: true })).ok)
        const { containers, networks, volumes } = await leftOf(engine, stack)
        assert.equal([containers, networks, volumes], [[], [], []])
      }),
      { numRuns: 60 },
    )
  })
}

/** Nobody answers the n-th write, whether it arrived or not; the command is interrupted once that was reported. */
async function unanswered(engine: MemoryEngine, n: number, when: 'before' | 'after', stack: Stack): Promise<void> {
  const interrupt = new AbortController()
  let left = n
  engine.hooks[when] = ({ method }) =>
    isWrite(method) && left-- === 0 ? new Promise<never>(() => undefined) : undefined
  const emit = (event: RunEvent) => {
    if (event.type === 'step-progress' && left < 0) interrupt.abort(new Error('interrupted by the user'))
  }
  try {
    await carryOut(engine, stack, { ...UP, removeOrphans: true }, emit, undefined, interrupt.signal)
  } finally {
    delete engine.hooks[when]
  }
}

for (const [name, when] of Object.entries({ arrived: 'after', 'did not arrive': 'before' } as const)) {
  test(`a call that ${name} and is never answered is given up, and put right by the next up`, async () => {
    await fc.assert(
      fc.asyncProperty(stacks, stacks, fc.nat(30), async (before, after, n) => {
        const engine = engineFor(before)
        await up(engine, before)
        await unanswered(engine, n, when, after)
        await assertConverges(engine, after)
      }),
      { numRuns: 150 },
    )
  })
}

test.run()
