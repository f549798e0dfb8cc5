import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseRegistryReference, referenceText } from '../../src/registry/reference.ts'

const HEX = 'a'.repeat(64)

test('names are completed as docker pull completes them', () => {
  const full = (text: string) => referenceText(parseRegistryReference(text) ?? { registry: '', name: 'invalid' })
  assert.is(full('alpine'), 'docker.io/library/alpine:latest')
  assert.is(full('me/lab:1'), 'docker.io/me/lab:1')
  assert.is(full('index.docker.io/me/lab'), 'docker.io/me/lab:latest')
  assert.is(full('localhost/lab'), 'localhost/lab:latest')
  assert.is(full('[::1]:5000/lab'), '[::1]:5000/lab:latest')
  assert.is(full(`ghcr.io/me/lab:1@sha256:${HEX}`), `ghcr.io/me/lab:1@sha256:${HEX}`)
})

test('parts that would change the meaning of an address are no names', () => {
  const names = [
    '',
    'host.org/A',
    'host.org/../x',
    'host.org/a?x',
    'host.org/a#x',
    'host.org/a b',
    'u:p@host.org/a',
    'a@sha256:1',
    'h.org/',
    'a:b:c',
  ]
  assert.equal(
    names.filter((name) => parseRegistryReference(name)),
    [],
  )
})

test.run()
