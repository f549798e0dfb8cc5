import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Since } from '../../../../../src/backend/docker/attribute-facts.ts'
import { NETWORK_SINCE, SERVICE_SINCE } from '../../../../../src/backend/docker/attribute-lists.ts'
import { planUp } from '../../../../../src/backend/engine/plan/command/up.ts'
import { versionText } from '../../../../../src/backend/engine/plan/refuse/engine-too-old.ts'
import { UP } from '../../../../../src/backend/intent.ts'
import type { Diagnostic } from '../../../../../src/diagnostics/diagnostic.ts'
import type { Network, Service } from '../../../../../src/stack/model.ts'
import { declared, stackOf } from '../../../support.ts'
import { emptyWorld } from '../../world.ts'

/** For each row of the tables a service or network that needs it, and nothing else of them. */
const SERVICES: Record<string, Service> = {
  annotations: { annotations: { a: 'b' } },
  cgroup: { cgroup: 'private' },
  'deploy.resources.reservations.devices': { deploy: { resources: { reservations: { devices: [{ count: 1 }] } } } },
  'devices.*': { devices: [{ source: '/dev/null' }, { source: 'vendor.com/gpu=all', target: 'vendor.com/gpu=all' }] },
  gpus: { gpus: [{ count: -1 }] },
  'healthcheck.start_interval': { healthcheck: { test: ['CMD', 'true'], start_interval: '1s' } },
  'networks.*.gw_priority': { networks: { default: { gw_priority: 1 } } },
  'networks.*.interface_name': { networks: { default: { interface_name: 'lan' } } },
  'networks.*.mac_address': {
    networks: { default: { mac_address: '02:42:ac:11:65:43' }, other: { mac_address: '02:42:ac:11:65:44' } },
  },
  platform: { platform: 'linux/amd64' },
  'volumes.*': { volumes: [{ type: 'image', source: 'app:1', target: '/i' }] },
  'volumes.*.bind.recursive': {
    volumes: [{ type: 'bind', source: '/a', target: '/a', bind: { recursive: 'readonly' } }],
  },
  'volumes.*.volume.subpath': { volumes: [{ type: 'volume', target: '/v', volume: { subpath: 'in' } }] },
}

const NETWORKS: Record<string, Partial<Network>> = { enable_ipv4: { enable_ipv4: false } }

function reported(service: Service, network: Partial<Network>, api: number): Diagnostic[] {
  const stack = stackOf({
    services: { web: service },
    networks: { default: { name: 'lab_default', ...network }, other: { name: 'lab_other' } },
  })
  const world = { ...emptyWorld(stack), engine: { apiVersion: versionText(api) } }
  const result = planUp(declared(stack), world, UP)
  return (result.ok ? result.warnings : result.diagnostics).filter(({ code }) => code === 'not-supported')
}

function holds(row: Since<never> & { path: string }, tell: (api: number) => Diagnostic[]): void {
  const before = tell(row.api - 1)
  assert.is(before.length, 1)
  assert.is(before[0]?.severity, row.instead === undefined ? 'error' : 'warning')
  for (const word of [row.path.split('.').at(-1) ?? '', versionText(row.api), row.docker])
    assert.ok(word === '*' || before[0]?.message.includes(word), `${before[0]?.message} names ${word}`)
  assert.equal(tell(row.api), [])
}

for (const row of SERVICE_SINCE)
  test(`an engine too old for ${row.path} is named, one that is not says nothing`, () => {
    const service = SERVICES[row.path]
    assert.ok(service, 'there is no service for this row')
    holds(row as Since<never> & { path: string }, (api) => reported(service ?? {}, {}, api))
  })

for (const row of NETWORK_SINCE)
  test(`an engine too old for a network's ${row.path} is named, one that is not says nothing`, () => {
    const network = NETWORKS[row.path]
    assert.ok(network, 'there is no network for this row')
    holds(row as Since<never> & { path: string }, (api) => reported({}, network ?? {}, api))
  })

test('values that every engine knows are never reported', () => {
  const service: Service = {
    devices: [{ source: '/dev/null', target: '/dev/null' }],
    networks: { default: { mac_address: '02:42:ac:11:65:43' } },
    volumes: [{ type: 'bind', source: '/a', target: '/a', bind: { recursive: 'writable' } }],
  }
  assert.equal(reported(service, { enable_ipv4: true }, 139), [])
})

test('while nothing has to be created no version is asked for, and nothing is said', () => {
  const stack = stackOf({ services: { web: { annotations: { a: 'b' } } } })
  const { engine: _, ...world } = emptyWorld(stack)
  const result = planUp(declared(stack), world, UP)
  assert.equal(result.ok && result.warnings, [])
})

test.run()
