import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Replica } from '../../src/backend/read/containers.ts'
import type { ContainerState } from '../../src/backend/state.ts'
import { problemsOf, readyOnes, type Situation } from '../../src/guard/problem.ts'
import type { Service } from '../../src/stack/model.ts'
import { stackOf } from '../backend/support.ts'
import { replicaOf } from '../support/replica.ts'

function viewOf(services: Record<string, Service>, replicas: Replica[], done: string[] = []): Situation {
  const names = Object.keys(services)
  const desired = { services: Object.fromEntries(names.map((name) => [name, { all: 'running' as const }])) }
  return { stack: stackOf({ services }), replicas, desired, services: names, done: new Set(done), cutOff: new Set() }
}

/** A container of a service that is wanted: what is the matter with it; absent: nothing. */
const CASES: Record<string, [Service, Replica[], string?]> = {
  'it runs': [{}, [replicaOf('a', 'running')]],
  'it is healthy': [{}, [replicaOf('a', 'running', { health: 'healthy' })]],
  'it is not healthy yet': [{}, [replicaOf('a', 'running', { health: 'starting' })]],
  'it is unhealthy': [{}, [replicaOf('a', 'running', { health: 'unhealthy' })], 'unhealthy'],
  'it is paused': [{}, [replicaOf('a', 'paused')]],
  'the engine starts it again': [{ restart: 'always' }, [replicaOf('a', 'restarting')]],
  'it was created': [{}, [replicaOf('a', 'created')], 'unstarted'],
  'it is not there': [{}, [], 'missing'],
  'it is being removed': [{}, [replicaOf('a', 'removing')], 'missing'],
  'only a container of run is there': [{}, [replicaOf('a', 'running', { oneoff: true })], 'missing'],
  'it failed': [{}, [replicaOf('a', 'exited', { exitCode: 1 })], 'ended'],
  'it has done its work': [{}, [replicaOf('a', 'exited', { exitCode: 0 })]],
  'it is a server and ended': [{ expose: ['80'] }, [replicaOf('a', 'exited', { exitCode: 0 })], 'ended'],
  'it is tested and ended': [
    { healthcheck: { test: ['CMD', 'true'] } },
    [replicaOf('a', 'exited', { exitCode: 0 })],
    'ended',
  ],
  'it publishes a port and ended': [{ ports: [{ target: 80 }] }, [replicaOf('a', 'exited', { exitCode: 0 })], 'ended'],
  'it is to be started again on failure only': [
    { restart: 'on-failure:3', expose: ['80'] },
    [replicaOf('a', 'exited', { exitCode: 0 })],
  ],
  'the engine has given up': [{ restart: 'on-failure:3' }, [replicaOf('a', 'exited', { exitCode: 1 })], 'ended'],
}

for (const [name, [service, replicas, kind]] of Object.entries(CASES)) {
  test(`${name}: ${kind ?? 'all is well'}`, () => {
    assert.equal(
      problemsOf(viewOf({ a: service }, replicas)).map((each) => each.kind),
      kind ? [kind] : [],
    )
  })
}

test('a wanted, running container in the namespaces of an earlier run is cut off', () => {
  const guest: Service = { network_mode: 'service:vpn' }
  const kinds = (state: ContainerState, more: Partial<Situation> = {}) => {
    const situation = viewOf({ vpn: {}, guest }, [replicaOf('vpn', 'running'), replicaOf('guest', state)])
    return problemsOf({ ...situation, cutOff: new Set(['guest-id']), ...more }).map(({ kind }) => kind)
  }
  assert.equal(kinds('running'), ['cut-off'])
  assert.equal(kinds('running', { cutOff: new Set() }), [])
  assert.equal(kinds('paused'), [])
  assert.equal(kinds('running', { services: ['vpn'] }), [])
  assert.equal(kinds('running', { desired: { services: { vpn: { all: 'running' }, guest: { all: 'stopped' } } } }), [])
})

test('nothing is started in the namespaces of a container that does not run, desired or not', () => {
  const services: Record<string, Service> = { vpn: {}, guest: { network_mode: 'service:vpn' } }
  const ready = (vpn: Replica[], all: 'running' | 'stopped') => {
    const situation = viewOf(services, [...vpn, replicaOf('guest', 'exited', { exitCode: 1 })])
    const desired = { services: { vpn: { all }, guest: { all: 'running' as const } } }
    return readyOnes({ ...situation, desired }, problemsOf({ ...situation, desired })).map(({ service }) => service)
  }
  assert.equal(ready([replicaOf('vpn', 'running')], 'stopped'), ['guest'])
  assert.equal(ready([replicaOf('vpn', 'exited')], 'stopped'), [])
  assert.equal(ready([], 'stopped'), [])
  assert.equal(ready([replicaOf('vpn', 'exited', { exitCode: 1 })], 'running'), ['vpn', 'guest'])
})

test('work that is done is not done again because its container was removed', () => {
  assert.equal(problemsOf(viewOf({ a: {} }, [], ['a/1'])), [])
  const awaited = viewOf(
    { job: {}, a: { depends_on: { job: { condition: 'service_completed_successfully', required: true } } } },
    [replicaOf('a', 'running')],
  )
  assert.equal(problemsOf(awaited), [])
})

test('an unwanted container is no problem', () => {
  const situation = viewOf({ a: {}, b: {} }, [])
  assert.equal(problemsOf({ ...situation, desired: { services: { a: { all: 'stopped' } } } }), [])
})

/** A dependency in a state, and whether its dependent, which is down, may be started beside it. */
const ORDER: [NonNullable<Service['depends_on']>[string]['condition'], Replica[], boolean][] = [
  ['service_started', [replicaOf('db', 'running')], true],
  ['service_started', [replicaOf('db', 'exited', { exitCode: 1 })], true],
  ['service_started', [], true],
  ['service_healthy', [replicaOf('db', 'running', { health: 'healthy' })], true],
  ['service_healthy', [replicaOf('db', 'running', { health: 'starting' })], false],
  ['service_healthy', [replicaOf('db', 'running', { health: 'unhealthy' })], false],
  ['service_healthy', [replicaOf('db', 'exited', { exitCode: 1 })], false],
  ['service_healthy', [replicaOf('db', 'paused', { health: 'healthy' })], false],
  ['service_healthy', [], false],
  ['service_completed_successfully', [replicaOf('db', 'exited', { exitCode: 0 })], true],
  ['service_completed_successfully', [replicaOf('db', 'exited', { exitCode: 1 })], false],
  ['service_completed_successfully', [replicaOf('db', 'running')], false],
]

for (const [condition, replicas, expected] of ORDER) {
  test(`${condition}, and it is ${replicas[0]?.state ?? 'missing'} ${replicas[0]?.health ?? ''}: ${expected}`, () => {
    const situation = viewOf({ db: {}, web: { depends_on: { db: { condition, required: true } } } }, replicas)
    const ready = readyOnes(situation, problemsOf(situation)).map(({ service }) => service)
    assert.is(ready.includes('web'), expected)
    const alone = {
      ...situation,
      desired: { services: { db: { all: 'stopped' as const }, web: { all: 'running' as const } } },
    }
    assert.equal(
      readyOnes(alone, problemsOf(alone)).map(({ service }) => service),
      ['web'],
      'a stopped container is not awaited',
    )
  })
}

test.run()
