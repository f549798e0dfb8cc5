import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Memory } from '../../../../src/backend/engine/perform/ready/sight.ts'
import type { ContainerDetail } from '../../../../src/docker/port.ts'
import { memoryEngine } from '../../../support/memory-engine.ts'

const STEADY_MS = 1_000

interface Look {
  at: number
  run: number
  state?: ContainerDetail['state']
}

async function steadyAfter(looks: Look[]): Promise<boolean | undefined> {
  const base = await someContainer()
  const memory = new Memory(STEADY_MS)
  return looks
    .map(({ at, run, state = 'running' }) => memory.look({ ...base, state, startedAt: `run ${run}` }, at).isSteady)
    .at(-1)
}

async function someContainer(): Promise<ContainerDetail> {
  const engine = memoryEngine({ images: { 'x:1': {} } })
  const { id } = await engine.createContainer('lab-x-1', { Image: 'x:1', HostConfig: {} })
  const detail = await engine.inspectContainer(id)
  if (!detail) throw new Error('the container is gone')
  return detail
}

test('a run is steady after the time that the wait demands', async () => {
  assert.is(
    await steadyAfter([
      { at: 0, run: 1 },
      { at: 999, run: 1 },
    ]),
    false,
  )
  assert.is(
    await steadyAfter([
      { at: 0, run: 1 },
      { at: 1_000, run: 1 },
    ]),
    true,
  )
})

test('a run after a crash has to outlast the one that crashed', async () => {
  const crashed: Look[] = [
    { at: 0, run: 1 },
    { at: 900, run: 1, state: 'restarting' },
    { at: 1_000, run: 2 },
  ]
  assert.is(await steadyAfter([...crashed, { at: 2_100, run: 2 }]), false)
  assert.is(await steadyAfter([...crashed, { at: 2_900, run: 2 }]), true)
  assert.is(
    await steadyAfter([
      { at: 0, run: 1 },
      { at: 900, run: 2 },
      { at: 2_000, run: 2 },
    ]),
    false,
  )
})

test('a pause is no crash', async () => {
  const paused: Look[] = [
    { at: 0, run: 1 },
    { at: 900, run: 1, state: 'paused' },
    { at: 5_000, run: 1 },
  ]
  assert.is(await steadyAfter([...paused, { at: 6_000, run: 1 }]), true)
})

test.run()
