import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Evidence, evidenceIn } from '../../../../src/backend/engine/perform/ready/sockets.ts'

const TCP = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
const LOCAL = 'Num       RefCount Protocol Flags    Type St Inode Path'

const tcp = (address: string, port: number, state = '0A', remote = '00000000:0000') =>
  `   0: ${address}:${port.toString(16).toUpperCase().padStart(4, '0')} ${remote} ${state} 00000000:00000000 00:00000000 00000000   999        0 320679 1`
const udp = (address: string, port: number) => tcp(address, port, '07')

const EVERYWHERE = '00000000'
const EVERYWHERE_6 = '00000000000000000000000000000000'
const OWN = '020012AC'
const LOOPBACK = '0100007F'
const LOOPBACK_OTHER = '0200007F'
const LOOPBACK_6 = '00000000000000000000000001000000'
const LOOPBACK_MAPPED = '0000000000000000FFFF00000100007F'
const DNS = '0B00007F'
const SOCKET = '0000000000000000: 00000002 00000000 00010000 0001 01 321 /run/mysqld/mysqld.sock'
const ABSTRACT = '0000000000000000: 00000002 00000000 00010000 0001 01 321 @control'
const UNNAMED = '0000000000000000: 00000003 00000000 00000000 0001 03 322'

interface Case {
  rows: string[]
  exposed?: string[]
  words?: string
  mode?: string
  is: Evidence
}

const CASES: Record<string, Case> = {
  'a port on every address': { rows: [tcp(EVERYWHERE, 80)], exposed: ['80/tcp'], is: 'reachable' },
  'on every IPv6 address': { rows: [tcp(EVERYWHERE_6, 80)], exposed: ['80/tcp'], is: 'reachable' },
  "on the container's own address": { rows: [tcp(OWN, 80)], exposed: ['80/tcp'], is: 'reachable' },
  'on the loopback address alone': { rows: [tcp(LOOPBACK, 80)], exposed: ['80/tcp'], is: 'private' },
  'on another loopback address': { rows: [tcp(LOOPBACK_OTHER, 80)], exposed: ['80/tcp'], is: 'private' },
  'on the IPv6 loopback address': { rows: [tcp(LOOPBACK_6, 80)], exposed: ['80/tcp'], is: 'private' },
  'on the mapped loopback address': { rows: [tcp(LOOPBACK_MAPPED, 80)], exposed: ['80/tcp'], is: 'private' },
  'on both': { rows: [tcp(LOOPBACK, 80), tcp(EVERYWHERE, 80)], exposed: ['80/tcp'], is: 'reachable' },
  'another port than the exposed one': { rows: [tcp(EVERYWHERE, 81)], exposed: ['80/tcp'], is: 'private' },
  'one of several': { rows: [tcp(EVERYWHERE, 443)], exposed: ['80/tcp', '443/tcp'], is: 'reachable' },
  'another than the tested one': {
    rows: [tcp(EVERYWHERE, 4369), tcp(LOOPBACK, 5672)],
    exposed: ['4369/tcp', '5672/tcp'],
    words: 'nc -z localhost 5672',
    is: 'private',
  },
  'a connection, not a server': { rows: [tcp(OWN, 80, '01', '030012AC:9999')], exposed: ['80/tcp'], is: 'private' },
  'nothing exposed, but a server': { rows: [tcp(EVERYWHERE, 8000)], is: 'reachable' },
  'nothing exposed, a server on the loopback address': { rows: [tcp(LOOPBACK, 8000)], is: 'private' },
  'nothing exposed, the tested one on the loopback address': {
    rows: [tcp(LOOPBACK, 7777), tcp(EVERYWHERE, 9229)],
    words: 'nc -z 127.0.0.1 7777',
    is: 'private',
  },
  'nothing exposed or named, one of two servers on the loopback address': {
    rows: [tcp(LOOPBACK, 7777), tcp(EVERYWHERE, 9229)],
    is: 'private',
  },
  'of two exposed ones, one on the loopback address': {
    rows: [tcp(EVERYWHERE, 4369), tcp(LOOPBACK, 5672)],
    exposed: ['4369/tcp', '5672/tcp'],
    is: 'private',
  },
  'the port that a URL implies, beside one on the loopback address': {
    rows: [tcp(EVERYWHERE, 80), tcp(LOOPBACK, 9229)],
    words: 'curl -f http://localhost/health',
    is: 'reachable',
  },
  'the port that a URL implies, on the loopback address': {
    rows: [tcp(LOOPBACK, 443), tcp(EVERYWHERE, 9229)],
    words: 'curl -fk https://localhost',
    is: 'private',
  },
  'a server that serves once, and has': { rows: [tcp(LOOPBACK, 8000, '06', '0100007F:C000')], is: 'private' },
  'a conversation with others': { rows: [tcp(OWN, 50000, '01', '030012AC:1538')], is: 'none' },
  "the engine's name server": { rows: [tcp(DNS, 36701), udp(DNS, 40287)], is: 'none' },
  'nothing at all': { rows: [], is: 'none' },
  'a local socket': { rows: [LOCAL, SOCKET], is: 'private' },
  'an abstract one': { rows: [LOCAL, ABSTRACT], is: 'private' },
  'local ones without a name': { rows: [LOCAL, UNNAMED], is: 'none' },
  'UDP on every address': { rows: [udp(EVERYWHERE, 53)], exposed: ['53/udp'], is: 'reachable' },
  'UDP on the loopback address': { rows: [udp(LOOPBACK, 53)], exposed: ['53/udp'], is: 'private' },
  'TCP where UDP is exposed': { rows: [tcp(EVERYWHERE, 53)], exposed: ['53/udp'], is: 'private' },
  either: { rows: [udp(EVERYWHERE, 53)], exposed: ['53/tcp', '53/udp'], is: 'reachable' },
  'SCTP, which the tables do not list': { rows: [], exposed: ['3868/sctp'], is: 'unknown' },
  'a server somewhere in the network of the host': { rows: [tcp(EVERYWHERE, 22)], mode: 'host', is: 'private' },
  'the exposed one in the network of the host': {
    rows: [tcp(EVERYWHERE, 80)],
    exposed: ['80/tcp'],
    mode: 'host',
    is: 'reachable',
  },
  "the tested one in another container's network": {
    rows: [tcp(EVERYWHERE, 8000), tcp(EVERYWHERE, 22)],
    words: 'nc -z localhost 8000',
    mode: 'container:abc',
    is: 'reachable',
  },
  "nothing in another container's network": { rows: [], mode: 'container:abc', is: 'unknown' },
}

for (const [name, { rows, exposed = [], words = 'ready', mode = 'bridge', is }] of Object.entries(CASES)) {
  test(`${name}: ${is}`, () => {
    const ports = Object.fromEntries(exposed.map((port) => [port, {}]))
    const spec = { Image: 'x', ExposedPorts: ports, Healthcheck: { Test: ['CMD-SHELL', words] } }
    const tables = `${[TCP, ...rows].join('\n')}\n`
    assert.is(evidenceIn(tables, { ...spec, HostConfig: { NetworkMode: mode } }), is)
  })
}

test('unreadable tables say nothing', () => {
  assert.is(evidenceIn('cat: not found', { Image: 'x', HostConfig: {} }), 'unknown')
})

test.run()
