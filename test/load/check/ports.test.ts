import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { loadText } from '../support.ts'

/** Ports of service a, of service b, and whether they clash. */
const PAIRS: [a: string, b: string, clash: boolean][] = [
  ['8080:80', '8080:81', true],
  ['8080:80', '8081:80', false],
  ['8080:80', '8080:80/udp', false],
  ['8080:80', '127.0.0.1:8080:80', true],
  ['127.0.0.1:8080:80', '127.0.0.2:8080:80', false],
  ['127.0.0.1:8080:80', '0.0.0.0:8080:80', true],
  ['127.0.0.1:8080:80', '[::]:8080:80', false],
  ['[::1]:8080:80', '[::]:8080:80', true],
  ['[::1]:8080:80', '8080:80', true],
  ['8080-8082:80-82', '8082:80', true],
  ['8080-8082:80', '8082:80', false],
  ['8080-8081:80', '8080-8081:90-91', true],
  ['80', '80', false],
  ['0:80', '0:80', false],
]

for (const [a, b, clash] of PAIRS) {
  test(`${a} and ${b} ${clash ? 'clash' : 'go together'}`, () => {
    const forward = clashes(`services:\n  a: {image: x, ports: ["${a}"]}\n  b: {image: x, ports: ["${b}"]}\n`)
    const backward = clashes(`services:\n  b: {image: x, ports: ["${b}"]}\n  a: {image: x, ports: ["${a}"]}\n`)
    assert.equal([forward.length > 0, backward.length > 0], [clash, clash])
  })
}

test('the later one is reported, with the place of the earlier one, and counts only if both are selected', () => {
  const [clash] = clashes('services:\n  z: {image: x, ports: ["80:80"]}\n  a: {image: x, ports: ["80:81"]}\n')
  assert.equal([clash?.service, clash?.other, clash?.problem.at?.line], ['a', 'z', 3])
  assert.equal(
    clash?.problem.related?.map(({ at }) => at.line),
    [2],
  )
})

test('one service can clash with itself', () => {
  const [clash] = clashes('services: {a: {image: x, ports: ["80:80", "80:81"]}}')
  assert.equal([clash?.service, clash?.other], ['a', undefined])
  assert.is(clashes('services: {a: {image: x, scale: 2, ports: ["80:80"]}}').length, 1)
  assert.is(clashes('services: {a: {image: x, scale: 2, ports: ["80-81:80"]}}').length, 0)
  assert.is(clashes('services: {a: {image: x, deploy: {replicas: 3}, ports: ["80-81:80"]}}').length, 1)
})

test('services that are switched off, and ports on the host network, take nothing', () => {
  assert.equal(
    clashes('services: {a: {image: x, ports: ["80:80"]}, b: {image: x, profiles: [p], ports: ["80:80"]}}'),
    [],
  )
  assert.equal(
    clashes('services: {a: {image: x, ports: ["80:80"]}, b: {image: x, network_mode: host, ports: ["80:80"]}}'),
    [],
  )
})

function clashes(text: string) {
  return loadText(text).clashes.filter(({ problem }) => problem.code === 'port-taken-twice')
}

test.run()
