import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { loadText } from '../support.ts'

const MACS: [text: string, valid: boolean][] = [
  ['02:42:ac:11:65:43', true],
  ['02:42:AC:11:65:4F', true],
  ['02-42-ac-11-65-43', true],
  ['0242.ac11.6543', true],
  ['nonsense', false],
  ['02:42:ac:11:65', false],
  ['02:42:ac:11:65:43:00:01', false],
  ['2:42:ac:11:65:43', false],
  ['02:42-ac:11:65:43', false],
  ['02:42:ac:11:65:4G', false],
  ['03:42:ac:11:65:43', false],
  ['00:00:00:00:00:00', false],
]
for (const [text, valid] of MACS)
  test(`${text} is ${valid ? 'a' : 'no'} MAC address, of a service and of one in a network`, () => {
    const own = `services:\n  a:\n    image: x\n    mac_address: "${text}"\n`
    const joined = `services:\n  a: {image: x, networks: {default: {mac_address: "${text}"}}}\n`
    assert.equal([placesOf(own), placesOf(joined)], valid ? [[], []] : [['a 4:18'], ['a 2:51']])
  })

const ADDRESSES: [attribute: string, valid: boolean][] = [
  ['ipv4_address: 10.0.0.5', true],
  ['ipv4_address: 10.0.0.300', false],
  ['ipv4_address: 10.0.0.5/24', false],
  ['ipv4_address: "fd00::1"', false],
  ['ipv4_address: ""', true],
  ['ipv6_address: "fd00::1"', true],
  ['ipv6_address: 10.0.0.5', false],
  ['link_local_ips: [169.254.1.1, "fe80::1"]', true],
  ['link_local_ips: [169.254.1.1, here]', false],
]
for (const [attribute, valid] of ADDRESSES)
  test(`${attribute} ${valid ? 'can' : 'cannot'} be used`, () => {
    const found = placesOf(`services: {a: {image: x, networks: {default: {${attribute}}}}}\n`)
    assert.is(found.length, valid ? 0 : 1)
  })

test('values derived from a secret are not shown', () => {
  const text = 'services: {a: {image: x, mac_address: "${MY_PASSWORD}"}}'
  const [clash] = loadText(text, { environment: { MY_PASSWORD: 'very-secret-word' } }).clashes
  assert.not.match(clash?.problem.message ?? '', 'very-secret')
})

function placesOf(text: string): string[] {
  return loadText(text).clashes.map(({ service, problem: { at } }) => `${service} ${at?.line}:${at?.col}`)
}

test.run()
