import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { differencesOf } from '../../../../src/backend/engine/compare/compare-network.ts'
import type { NetworkDetail } from '../../../../src/docker/port.ts'
import type { Network } from '../../../../src/stack/model.ts'

/** As an engine makes it where nothing is declared. */
const MADE: NetworkDetail = {
  ...{ id: 'n', name: 'n', driver: 'bridge', labels: {}, internal: false, attachable: false, enableIPv6: false },
  ...{ options: { 'com.docker.network.driver.mtu': '1450' }, created: '2026-01-01T00:00:00Z' },
  ipam: { driver: 'default', config: [{ subnet: '172.18.0.0/16', gateway: '172.18.0.1' }] },
}
const POOL = { subnet: '10.0.0.0/24', gateway: '10.0.0.1', ipRange: '10.0.0.128/25', taken: { printer: '10.0.0.2' } }
const DECLARED = { subnet: POOL.subnet, gateway: POOL.gateway, ip_range: POOL.ipRange, aux_addresses: POOL.taken }
const made = (own: Partial<NetworkDetail>): NetworkDetail => ({ ...MADE, ...own })
const pools = (...config: NetworkDetail['ipam']['config']) => made({ ipam: { driver: 'default', config } })
const ipam = (...config: NonNullable<NonNullable<Network['ipam']>['config']>) => ({ ipam: { config } })

/** What the engine has, what is declared, and the paths that differ. */
const CASES: [string, NetworkDetail, Omit<Network, 'name'>, string[]][] = [
  ['nothing declared', MADE, {}, []],
  [
    'defaults written out',
    MADE,
    { driver: 'bridge', internal: false, attachable: false, ipam: { driver: 'default' } },
    [],
  ],
  ['another default driver', made({ driver: 'nat' }), {}, []],
  ['a driver', MADE, { driver: 'macvlan' }, ['driver']],
  ['a driver no more', made({ driver: 'macvlan' }), {}, ['driver']],
  ['internal', MADE, { internal: true }, ['internal']],
  ['internal no more', made({ internal: true }), {}, ['internal']],
  ['attachable', MADE, { attachable: true }, ['attachable']],
  ['attachable no more', made({ attachable: true }), {}, ['attachable']],
  ['with IPv6', MADE, { enable_ipv6: true }, ['enable_ipv6']],
  ['with IPv6 no more', made({ enableIPv6: true }), {}, ['enable_ipv6']],
  ['an option', MADE, { driver_opts: { a: '1' } }, ['driver_opts.a']],
  ['another option', made({ options: { a: '1', b: '1' } }), { driver_opts: { a: '2', b: '1' } }, ['driver_opts.a']],
  ['an option no more', made({ options: { a: '1' } }), {}, ['driver_opts.a']],
  ['a driver of addresses', MADE, { ipam: { driver: 'dhcp' } }, ['ipam.driver']],
  ['the declared pool', pools(POOL), ipam(DECLARED), []],
  ['a gateway of the engine', pools({ subnet: POOL.subnet, gateway: POOL.gateway }), ipam({ subnet: POOL.subnet }), []],
  ['a gateway with a length', pools({ ...POOL, gateway: '10.0.0.1/24' }), ipam(DECLARED), []],
  ['pools in another order', pools(POOL, { subnet: 'fd::/64' }), ipam({ subnet: 'fd::/64' }, DECLARED), []],
  ['a subnet', MADE, ipam({ subnet: POOL.subnet }), ['ipam.config']],
  ['another subnet', pools(POOL), ipam({ ...DECLARED, subnet: '10.0.0.0/23' }), ['ipam.config']],
  ['another gateway', pools(POOL), ipam({ ...DECLARED, gateway: '10.0.0.9' }), ['ipam.config']],
  ['another range', pools(POOL), ipam({ ...DECLARED, ip_range: '10.0.0.64/26' }), ['ipam.config']],
  ['a range no more', pools(POOL), {}, ['ipam.config']],
  [
    'another reserved address',
    pools(POOL),
    ipam({ ...DECLARED, aux_addresses: { printer: '10.0.0.3' } }),
    ['ipam.config'],
  ],
]

for (const [what, found, declared, paths] of CASES) {
  test(`a network compared: ${what}`, () => {
    assert.equal(differencesOf({ name: 'n', ...declared }, found), paths)
  })
}

test.run()
