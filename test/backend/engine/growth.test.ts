import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { planUp } from '../../../src/backend/engine/plan/command/up.ts'
import { UP } from '../../../src/backend/intent.ts'
import { unwrap } from '../../../src/diagnostics/checked.ts'
import type { RunEvent } from '../../../src/execute/event.ts'
import { planBuilder } from '../../../src/plan/builder.ts'
import { explainService } from '../../../src/plan/explain.ts'
import type { Dependency, Mount, Service } from '../../../src/stack/model.ts'
import { Board } from '../../../src/view/progress/board.ts'
import { type Draft, declared, stackOf } from '../support.ts'
import { emptyWorld, upWorld } from './world.ts'

const SMALL = 300
const TIMES = 4
/** Four times the size takes four times the time if it is linear, sixteen times if it is quadratic. */
const MOST_GROWTH = 10
/** Milliseconds of processor time below which growth is noise. */
const NOTHING = 200

type Shape = (count: number) => Draft

const services = (count: number, make: (at: number) => Service) => ({
  services: Object.fromEntries(Array.from({ length: count }, (_, at) => [`s${at}`, make(at)])),
})
const names = (count: number, prefix: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${prefix}${at}`, { name: `${prefix}${at}` }]))

const STARTED: Dependency = { condition: 'service_started', required: true }

const mount = (key: string): Mount => ({ type: 'volume', source: key, target: `/data/${key}` })

const SHAPES: Readonly<Record<string, Shape>> = {
  'services that need nothing': (count) => services(count, () => ({})),
  'a chain of services': (count) =>
    services(count, (at) => (at > 0 ? { depends_on: { [`s${at - 1}`]: STARTED } } : {})),
  'services that restart with one': (count) =>
    services(count, (at) => (at > 0 ? { depends_on: { s0: { ...STARTED, restart: true } } } : {})),
  'a volume for each service': (count) => ({
    ...services(count, (at) => ({ volumes: [mount(`v${at}`)] })),
    volumes: names(count, 'v'),
  }),
  'volumes of one service': (count) => ({
    ...services(1, () => ({
      volumes: Array.from({ length: count }, (_, at) => mount(`v${at}`)),
    })),
    volumes: names(count, 'v'),
  }),
  'a network for each service': (count) => ({
    ...services(count, (at) => ({ networks: { [`n${at}`]: null } })),
    networks: names(count, 'n'),
  }),
  'a port for each service': (count) =>
    services(count, (at) => ({ ports: [{ target: 80, published: String(at + 1), protocol: 'tcp' }] })),
  'a range of ports for each service, in the ranges of all before': (count) =>
    services(count, (at) => ({ ports: [{ target: 80, published: `${at + 1}-60000`, protocol: 'tcp' }] })),
  'a fixed address for each service': (count) => ({
    ...services(count, (at) => ({
      networks: { n: at % 2 ? null : { ipv4_address: `10.0.${(at >> 7) + 1}.${at % 128}` } },
    })),
    networks: { n: { name: 'n', ipam: { config: [{ subnet: '10.0.0.0/16' }] } } },
  }),
}

for (const [name, shape] of Object.entries(SHAPES)) {
  for (const [world, observed, forceRecreate] of [
    ['nothing', emptyWorld, false],
    ['all of it', upWorld, true],
  ] as const) {
    test(`${name}, where ${world} is there: planning takes time that grows with the size, not with its square`, () => {
      const timeFor = (count: number) => {
        const stack = declared(stackOf(shape(count)))
        const there = observed(stack.stack)
        return timeOf(() => {
          const plan = unwrap(planUp(stack, there, { ...UP, forceRecreate }))
          assert.ok(plan.steps.length >= count)
        })
      }
      assertLinear(timeFor)
    })
  }
}

test('the dependencies of named services are recreated in time that grows with their number', () => {
  assertLinear((count) => {
    const stack = declared(
      stackOf(services(count, (at) => (at % 2 ? { depends_on: { [`s${at - 1}`]: STARTED } } : {}))),
    )
    const named = Object.keys(stack.stack.services).filter((_, at) => at % 2)
    const there = upWorld(stack.stack)
    const intent = { ...UP, services: named, recreateDependencies: true }
    return timeOf(() => assert.ok(unwrap(planUp(stack, there, intent)).steps.length >= count / 2))
  })
})

test('networks are recreated in time that grows with their number', () => {
  assertLinear((count) => {
    const networks = (internal: boolean) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, { name: `n${at}`, internal }]))
    const draft = services(count, (at) => ({ networks: { [`n${at}`]: null } }))
    const there = upWorld(stackOf({ ...draft, networks: networks(false) }))
    const containers = there.containers.map((each, at) => ({ ...each, networkMode: `net-n${at}` }))
    const engine = { version: '28.5.0', apiVersion: '1.51', os: 'linux', arch: 'amd64' }
    const stack = declared(stackOf({ ...draft, networks: networks(true) }))
    return timeOf(() =>
      assert.ok(unwrap(planUp(stack, { ...there, engine, containers }, UP)).steps.length >= 3 * count),
    )
  })
})

test('optional edges are added in time that grows with their number', () => {
  assertLinear((count) => {
    const builder = planBuilder<object>()
    const id = (at: number) => `start/s${at}` as const
    const last = count * TIMES - 1
    for (let at = 0; at <= last; at++)
      builder.add({
        id: id(at),
        subject: `container/s${at}/1`,
        verb: 'start',
        cause: '',
        after: [id(at - 1)],
        action: {},
      })
    for (let at = 0; at < last; at++) builder.prefer(id(last), [id(at)], 'settled')
    return timeOf(() => assert.is(builder.finish('p').steps.at(-1)?.after.length, last + 1))
  })
})

test('an order is explained in time that grows with the steps', () => {
  assertLinear((count) => {
    const depends = Object.fromEntries(Array.from({ length: count * TIMES }, (_, at) => [`s${at}`, STARTED]))
    const { stack, ...rest } = declared(
      stackOf({ services: { ...services(count * TIMES, () => ({})).services, all: { depends_on: depends } } }),
    )
    const plan = unwrap(planUp({ stack, ...rest }, emptyWorld(stack), UP))
    return timeOf(() => {
      const { waits } = explainService({ plan, stack, spanOf: () => undefined }, 'all')
      assert.ok((waits[0]?.needs.length ?? 0) >= count * TIMES)
    })
  })
})

test('a view follows a run in time that grows with its steps', () => {
  assertLinear((count) => {
    const steps = Array.from({ length: count * TIMES }, (_, at) => ({
      id: `start/s${at}`,
      subject: `container/s${at}/1`,
      group: `container/s${at}/1`,
      verb: 'start' as const,
      cause: 'x',
      after: at > 0 ? [`start/s${at - 1}`] : [],
    }))
    const board = new Board({ type: 'plan', at: 0, stack: 'p', steps, unchanged: [], notes: [] } as never)
    return timeOf(() => {
      for (const { id } of steps) {
        board.apply({ type: 'step-start', at: 0, step: id } as RunEvent)
        board.apply({ type: 'step-done', at: 0, step: id, ms: 1 } as RunEvent)
        assert.ok(board.groupOf(id))
      }
    })
  })
})

function assertLinear(timeFor: (count: number) => number): void {
  let [small, large, isLinear] = [Infinity, Infinity, false]
  // The fastest of some: whatever else the machine does only makes runs slower.
  for (let round = 0; round < 4 && !isLinear; round++) {
    small = Math.min(small, timeFor(SMALL))
    large = Math.min(large, timeFor(SMALL * TIMES))
    isLinear = large <= Math.max(NOTHING, MOST_GROWTH * small)
  }
  assert.ok(isLinear, `${small} ms, then ${large} ms`)
}

/** Milliseconds of processor time. */
function timeOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

test.run()
