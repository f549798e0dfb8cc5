import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseMount, parsePorts } from '../../../src/load/canonical/short-syntax.ts'

const MOUNTS: [text: string, type: string, source: string | undefined, target: string, readOnly?: true][] = [
  ['/data', 'volume', undefined, '/data'],
  ['data:/data', 'volume', 'data', '/data'],
  ['data:/data:ro', 'volume', 'data', '/data', true],
  ['./here:/data', 'bind', '/work/dir/here', '/data'],
  ['../here:/data:ro', 'bind', '/work/here', '/data', true],
  ['~/here:/data', 'bind', '/home/me/here', '/data'],
  ['/abs:/data/', 'bind', '/abs', '/data'],
]

for (const [text, type, source, target, readOnly] of MOUNTS) {
  test(`the mount ${text}`, () => {
    const parsed = parseMount(text, '/work/dir', '/home/me')
    assert.ok(parsed.ok)
    if (!parsed.ok) return
    const { value } = parsed
    assert.equal([value.type, value.source, value.target, value.read_only], [type, source, target, readOnly])
  })
}

test('ports, one and many', () => {
  const one = parsePorts('127.0.0.1:8080:80/udp')
  assert.equal(one.ok && one.value, [
    { mode: 'ingress', host_ip: '127.0.0.1', target: 80, published: '8080', protocol: 'udp' },
  ])
  const several = parsePorts('8000-8002:80-82')
  assert.equal(several.ok && several.value.map(({ target, published }) => [target, published]), [
    [80, '8000'],
    [81, '8001'],
    [82, '8002'],
  ])
})

test('problems outside files have no place', () => {
  for (const parsed of [parseMount('a::b', '/', undefined), parsePorts('x'), parsePorts('1:2:3:4')]) {
    assert.not(parsed.ok)
    if (!parsed.ok) for (const problem of parsed.diagnostics) assert.ok(problem.hint && !('at' in problem))
  }
})

test.run()
